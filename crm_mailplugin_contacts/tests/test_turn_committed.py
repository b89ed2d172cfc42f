from contextlib import closing
from unittest.mock import patch

from odoo import SUPERUSER_ID, Command, api, modules, sql_db
from odoo.tests import TransactionCase, tagged

from odoo.addons.microsoft_account.models import microsoft_service

from .graph_server import Microsoft

STATE = "SELECT state FROM pg_stat_activity WHERE pid = %s"


@tagged("post_install", "-at_install")
class TestNoTransaction(TransactionCase):
    """A turn that is committed as on a server, looked at from outside while Microsoft works."""

    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(modules.module, "current_test", None))  # what commits there, commits here
        self.microsoft = Microsoft()
        self.addCleanup(self.microsoft.stop)
        self.patch(microsoft_service, "DEFAULT_MICROSOFT_GRAPH_ENDPOINT", self.microsoft.url)
        endpoint = f"{self.microsoft.url}/common/oauth2/v2.0/token"
        self.patch(self.registry["microsoft.service"], "_get_token_endpoint", lambda service: endpoint)
        self.addCleanup(self._remove)
        with self.registry.cursor() as cr:
            self._make(api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True, "no_reset_password": True}))

    def _make(self, env):
        user = env["res.users"].create(
            {
                "name": "Committed Salesperson",
                "login": "committed_outlook",
                "group_ids": [Command.set(env.ref("sales_team.group_sale_salesman").ids)],
            }
        )
        partners = env["res.partner"].create([{"name": f"Committed {n}", "user_id": user.id} for n in range(25)])
        self.user_id, self.partner_ids = user.id, partners.ids
        env["crm.outlook.connection"]._connect(user, "token-0", "refresh-0", 3600)

    def _remove(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            user = env["res.users"].search([("login", "=", "committed_outlook")])
            env["crm.outlook.connection"].search([("user_id", "=", user.id)])._forget()
            job = env.ref("crm_mailplugin_contacts.ir_cron_sync")
            env["ir.cron.trigger"].search([("cron_id", "=", job.id)]).unlink()
            env["res.partner"].browse(self.partner_ids).exists().unlink()
            partner = user.partner_id
            user.unlink()
            partner.unlink()

    def _take_turn(self):
        """Take it, and return ``(path, state of its connection to PostgreSQL)`` of each request to Microsoft."""
        seen = []
        with self.registry.cursor() as cr, closing(sql_db.db_connect(cr.dbname).cursor()) as other:
            cr.execute("SELECT pg_backend_pid()")
            [pid] = cr.fetchone()

            def look(path):
                # each time in a transaction of its own: what is told there stays the same in one
                other.execute(STATE, [pid])
                seen.append((path.rpartition("/")[2], other.fetchone()[0]))
                other.rollback()

            self.microsoft.on_request = look
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["crm.outlook.connection"].search([("user_id", "=", self.user_id)])._take_turn()
            self.microsoft.on_request = None
        return seen

    def test_no_transaction_is_open_while_microsoft_works(self):
        folders, batch = ("contactFolders", "idle"), ("$batch", "idle")
        self.assertEqual(self._take_turn(), [folders, folders, batch, batch])  # looked for and made, then 25 contacts
        self.assertEqual(len(self.microsoft.contacts), 25)
        self.microsoft.tokens.clear()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["res.partner"].browse(self.partner_ids[:3]).write({"active": False})
            env["crm.outlook.connection"].search([("user_id", "=", self.user_id)])._hurry()
        self.assertEqual(self._take_turn(), [folders, ("token", "idle"), folders, batch])
        self.assertEqual(len(self.microsoft.contacts), 22)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["crm.outlook.connection"].search([("user_id", "=", self.user_id)])._switch_off(True)
        self.assertEqual(self._take_turn(), [folders, ("permanentDelete", "idle")])
        self.assertFalse(self.microsoft.folders)
