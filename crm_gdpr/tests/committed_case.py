"""Requests in transactions that are committed, as servers have them, and a look at them from outside."""

from contextlib import closing
from unittest.mock import patch

from odoo import SUPERUSER_ID, Command, api, modules, sql_db
from odoo.tests import TransactionCase
from odoo.tools import SQL

NAME = "Ulrika Commitment"


class CommittedCase(TransactionCase):
    """Persons who are in the database for everybody, and are taken out of it at the end; the log keeps its entries."""

    def setUp(self):
        super().setUp()
        # as on a server: what commits there, commits here
        self.startPatcher(patch.object(modules.module, "current_test", None))
        with self.registry.cursor() as cr:
            env = self._env(cr)
            officer = (
                env["res.users"]
                .with_context(no_reset_password=True)
                .create(
                    {
                        "name": "Committed Officer",
                        "login": f"committed_officer_{self.id()}",
                        "group_ids": [Command.set(env.ref("crm_gdpr.group_privacy_officer").ids)],
                    }
                )
            )
            self.officer_id, self.people_ids = officer.id, []
        self.addCleanup(self._remove)

    def _env(self, cr, user_id=SUPERUSER_ID):
        return api.Environment(cr, user_id, {"tracking_disable": True})

    def _make_request(self, number):
        """A request of the officer for so many persons."""
        with self.registry.cursor() as cr:
            people = self._env(cr)["res.partner"].create(
                [{"name": f"{NAME} {n}", "email": f"ulrika{n}@commitment.example"} for n in range(number)]
            )
            self.people_ids += people.ids
            return self._env(cr, self.officer_id)["crm.gdpr.request"]._make(people.sudo(False)).id

    def _request(self, cr, request_id):
        return self._env(cr, self.officer_id)["crm.gdpr.request"].browse(request_id)

    def _look(self, query, *params):
        """What is committed at this moment."""
        with closing(sql_db.db_connect(self.env.cr.dbname).cursor()) as cr:
            cr.execute(SQL(query, *params))
            return cr.fetchall()

    def _append_at_once(self):
        """Another officer does something that is noted: fails where the log is locked for longer than a moment."""
        with self.registry.cursor() as cr:
            cr.execute("SET LOCAL lock_timeout = '2s'")
            self._env(cr, self.officer_id)["crm.gdpr.log"]._append("touched")

    def _entries(self, request_id, event):
        with self.registry.cursor() as cr:
            entries = self._env(cr)["crm.gdpr.log"].search([("event", "=", event)])
            return [entry.details for entry in entries if entry.details.get("request") == request_id]

    def _remove(self):
        with self.registry.cursor() as cr:
            env = self._env(cr)
            requests = "SELECT id FROM crm_gdpr_request WHERE user_id = %s"
            cr.execute(SQL("UPDATE crm_gdpr_request SET state = 'draft' WHERE user_id = %s", self.officer_id))
            cr.execute(SQL(f"DELETE FROM crm_gdpr_request_line WHERE request_id IN ({requests})", self.officer_id))
            env["crm.gdpr.request"].search([("user_id", "=", self.officer_id)]).unlink()
            people = env["res.partner"].with_context(active_test=False).browse(self.people_ids).exists()
            cr.execute(SQL("UPDATE res_partner SET gdpr_state = NULL WHERE id = ANY(%s)", people.ids))
            env.invalidate_all()
            people.unlink()
            cr.execute(SQL("DELETE FROM crm_gdpr_suppression WHERE date >= current_date - 1"))
            officer = env["res.users"].browse(self.officer_id)
            partner = officer.partner_id
            officer.unlink()
            partner.unlink()
