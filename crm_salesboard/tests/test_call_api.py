import warnings
from datetime import datetime, timedelta

from odoo import SUPERUSER_ID, api
from odoo.exceptions import ConcurrencyError
from odoo.tests import HttpCase, TransactionCase, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestCallOnce(TransactionCase):
    """With transactions that are committed, as two connections of a telephone system have them."""

    def _log(self, cr, **values):
        calls = api.Environment(cr, SUPERUSER_ID, {})["crm.call"]
        return calls.log_calls([{"call_id": "race", "direction": "in", **values}], source="race")

    def _remove(self):
        with self.registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["crm.call"].search([("source", "=", "race")]).unlink()

    def test_of_two_connections_the_second_finds_the_call_of_the_first(self):
        self.addCleanup(self._remove)
        with self.registry.cursor() as first, self.registry.cursor() as second:
            second.execute("SELECT 1")  # its picture of the database is of before
            self._log(first, number="0612345678")
            first.commit()
            with mute_logger("odoo.sql_db"), self.assertRaises(ConcurrencyError):
                self._log(second, duration=5)
            # Odoo repeats a request that ends like that.
            second.rollback()
            self.assertEqual(self._log(second, duration=5)[0]["status"], "updated")
            second.commit()
        with self.registry.cursor() as cr:
            calls = api.Environment(cr, SUPERUSER_ID, {})["crm.call"].search([("source", "=", "race")])
            self.assertEqual(calls.mapped("duration"), [5])


@tagged("post_install", "-at_install")
class TestCallApi(HttpCase):
    """As a telephone system sends it, over both of Odoo's protocols."""

    def setUp(self):
        super().setUp()
        groups = self.env.ref("base.group_user") | self.env.ref("crm_salesboard.group_telephone_system")
        self.pbx = self.env["res.users"].create({"name": "PBX", "login": "pbx", "group_ids": [(6, 0, groups.ids)]})
        expiry = datetime.now() + timedelta(days=1)
        self.key = self.env["res.users.apikeys"].with_user(self.pbx)._generate("rpc", "PBX", expiry)
        self.entry = {"call_id": "h1", "direction": "in", "number": "+31612345678", "start": "2026-01-01T10:00:00Z"}

    def _post(self, model, method, **arguments):
        headers = {"Authorization": f"Bearer {self.key}", "X-Odoo-Database": self.env.cr.dbname}
        return self.url_open(f"/json/2/{model}/{method}", json=arguments, headers=headers)

    def test_json_2(self):
        response = self._post("crm.call", "log_calls", calls=[self.entry, {"call_id": "h2"}], source="Office")
        self.assertEqual(response.status_code, 200)
        created, refused = response.json()
        self.assertEqual((created["status"], refused["status"]), ("created", "error"))
        call = self.env["crm.call"].browse(created["id"])
        self.assertEqual((call.source, call.call_id, call.start.hour), ("Office", "h1", 10))

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model")
    def test_nothing_else_is_open_to_it(self):
        for model, method, arguments in (
            ("crm.call", "search_read", {"domain": []}),
            ("crm.call", "create", {"vals_list": [{"direction": "in"}]}),
            ("crm.lead", "search_read", {"domain": []}),
            ("crm.lead.contact", "search_count", {"domain": []}),
            ("crm.call", "_log_entries", {"entries": [], "source": "x"}),
        ):
            with self.subTest(f"{model}.{method}"):
                self.assertEqual(self._post(model, method, **arguments).status_code, 403)

    def test_xml_rpc(self):
        with mute_logger("odoo.addons.rpc.controllers"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            answers = self.xmlrpc_object.execute_kw(
                self.env.cr.dbname, self.pbx.id, self.key, "crm.call", "log_calls", [[self.entry]]
            )
        self.assertEqual(answers[0]["status"], "created")
