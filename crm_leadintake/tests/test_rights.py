from datetime import datetime, timedelta

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..tools import desk
from .inbox_case import ByHand, InboxCase


@tagged("post_install", "-at_install")
class TestRights(InboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson = new_test_user(cls.env, "intake_salesperson", "sales_team.group_sale_salesman_all_leads")
        cls.sales_manager = new_test_user(cls.env, "intake_sales_manager", "sales_team.group_sale_manager")
        cls.nobody = [
            new_test_user(cls.env, "intake_outsider", "base.group_user"),
            new_test_user(cls.env, "intake_portal", "base.group_portal"),
            new_test_user(cls.env, "intake_program", "crm_leadintake.group_intake_program"),
            cls.env.ref("base.public_user"),
        ]
        if cls.env.ref("account.group_account_manager", raise_if_not_found=False):
            cls.nobody.append(new_test_user(cls.env, "intake_accountant", "account.group_account_manager"))

    def test_who_may_read_a_record_may_read_it_without_naming_its_fields(self):
        users = [
            self.officer,
            self.manager,
            self.salesperson,
            self.sales_manager,
            new_test_user(self.env, "intake_officer_alone", "crm_leadintake.group_intake_officer"),
            new_test_user(self.env, "intake_manager_alone", "crm_leadintake.group_intake_manager"),
            new_test_user(self.env, "intake_system", "base.group_system"),
            *self.nobody,
        ]
        records = self._make_one_of_each()
        wrong = self._send({"company": "Acme", "country": "Atlantis"})
        for user in users:
            for record in [*records, wrong, *self._open_wizards(user, wrong), user]:
                self.env.invalidate_all()
                self.env.registry.clear_cache()
                seen = record.with_user(user)
                if seen.has_access("read"):
                    with self.subTest(user=user.login, model=record._name):
                        self.assertTrue(seen.read(self._get_names(seen)))

    def _get_names(self, records):
        """None for all fields; of customers and users, of which Odoo's own cannot be read so, those of this addon."""
        if records._name not in ("res.partner", "res.users"):
            return None
        return ["id", *(name for name in records.fields_get() if "crm_leadintake" in records._fields[name]._modules)]

    def _make_one_of_each(self):
        self.source.write(
            {
                "form_enabled": True,
                "pattern_sample": "Name: Jane",
                "pattern_ids": [Command.create({"field": "contact_name", "expression": "Name"})],
                "rule_ids": [
                    Command.create(
                        {
                            "name": "Gent",
                            "field_id": self.env["ir.model.fields"]._get("crm.lead", "city").id,
                            "value": "Gent",
                            "user_ids": [Command.link(self.salesperson.id)],
                        }
                    )
                ],
            }
        )
        self._map("Town", "city", {"Gand": "Gent"})
        self.source.action_new_key()
        row = self._send({"company": "Acme", "email": "jane@acme.example"})
        row.lead_id.partner_id = self.env["res.partner"].create({"name": "Acme"})
        mapping, of_source = self.source.mapping_ids, {"source_id": self.source.id}
        technical = {
            "crm.intake.usage": {**of_source, "bucket": "x", "minute": datetime.now(), "count": 1},
            "crm.intake.request": {**of_source, "key_digest": "x", "content_hash": "x"},
            "crm.intake.lock": {"key": "x"},
        }
        return [
            *(self.source, self.source.key_ids, mapping, mapping.value_ids, self.source.rule_ids, row, row.lead_id),
            *(self.source.form_field_ids, self.source.pattern_ids, row.lead_id.partner_id),
            *(self.env[model].create(values) for model, values in technical.items()),
        ]

    def _open_wizards(self, user, row):
        """Those that the user may open: they are seen by whoever did."""
        wizards = []
        if user.has_group("crm_leadintake.group_intake_officer"):
            wizard = self._open_correction(row, user)
            wizards += [wizard, wizard.line_ids]
        if user.has_group("crm_leadintake.group_intake_manager"):
            wizards.append(self.env["crm.intake.key.renew"].with_user(user).create({"source_id": self.source.id}))
        return wizards

    def test_a_user_sends_leads_of_one_source_of_whatever_company(self):
        program = self.nobody[2]
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.env["crm.intake.source"].create(
            {"name": "Theirs", "company_id": elsewhere.id, "api_user_ids": [Command.link(program.id)]}
        )
        with self.assertRaisesRegex(ValidationError, "another source"):
            self.source.with_user(self.manager).api_user_ids = program

    def test_a_sales_manager_is_an_officer_and_no_administrator(self):
        self.assertTrue(self.sales_manager.has_group("crm_leadintake.group_intake_officer"))
        self.assertFalse(self.sales_manager.has_group("crm_leadintake.group_intake_manager"))

    def test_the_hash_of_a_key_is_read_by_nobody(self):
        self.source.action_new_key()
        key = self.source.key_ids.with_user(self.manager)
        self.assertTrue(key.prefix)
        with self.assertRaises(AccessError):
            key.read(["digest"])

    def test_a_salesperson_sees_where_a_lead_came_in_and_not_what(self):
        row = self._send({"external_id": "A", "company": "Acme"})
        lead = row.lead_id
        lead.user_id = self.salesperson
        self.assertEqual(lead.with_user(self.salesperson).intake_source_id.name, "Partner")
        for call in (
            lambda: lead.with_user(self.salesperson).intake_inbox_ids.mapped("payload"),
            lambda: lead.with_user(self.salesperson).read(["intake_inbox_count"]),
            lambda: lead.with_user(self.salesperson).action_view_intake(),
            lambda: lead.intake_source_id.with_user(self.salesperson).read(["waiting_count"]),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_a_salesperson_opens_the_form_of_a_lead_that_came_in(self):
        row = self._send({"external_id": "A", "company": "Acme"})
        view = self.env["crm.lead"].with_user(self.salesperson).get_view(view_type="form")
        self.assertNotIn("action_view_intake", view["arch"])
        view = self.env["crm.lead"].with_user(self.officer).get_view(view_type="form")
        self.assertIn("action_view_intake", view["arch"])
        self.assertEqual(row.lead_id.with_user(self.officer).intake_inbox_count, 1)

    def test_another_company_s_sources_and_rows_are_not_seen(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        other = self.env["crm.intake.source"].create({"name": "Theirs", "company_id": company.id})
        row = self._send({"external_id": "A", "company": "Acme", "country": "Atlantis"}, source=other)
        other.action_new_key()
        for model in ("crm.intake.source", "crm.lead.inbox", "crm.intake.key"):
            found = self.env[model].with_user(self.manager).search([])
            self.assertNotIn(other, found if model == "crm.intake.source" else found.mapped("source_id"))
        for call in (
            lambda: other.with_user(self.manager).action_new_key(),
            lambda: other.with_user(self.manager).action_send_test(),
            lambda: other.key_ids.with_user(self.manager).action_withdraw(),
            lambda: row.with_user(self.manager).action_reject(),
            lambda: row.with_user(self.manager).action_correct(),
            lambda: (
                self._open_correction(row, self.env.user)
                .copy({"row_ids": [Command.set(row.ids)]})
                .with_user(self.manager)
                .action_apply()
            ),
        ):
            with self.assertRaises(AccessError):
                call()
        self.assertEqual(row.state, "failed")


@tagged("post_install", "-at_install")
class TestProgram(HttpCase):
    """A user in the group Lead Intake Program alone, over the wire."""

    def setUp(self):
        super().setUp()
        self.program = new_test_user(self.env, "intake_program", "crm_leadintake.group_intake_program")
        self.source = self.env["crm.intake.source"].create(
            {"name": "Partner", "api_user_ids": [Command.link(self.program.id)]}
        )
        expiry = datetime.now() + timedelta(days=1)
        self.key = self.env["res.users.apikeys"].with_user(self.program)._generate("rpc", "Program", expiry)
        self.lead = self.env["crm.lead"].create({"name": "Somebody's"})
        self.env.flush_all()

    def _call(self, model, method, **arguments):
        return self.url_open(
            f"/json/2/{model}/{method}", json=arguments, headers={"Authorization": f"Bearer {self.key}"}
        )

    def test_it_hands_in_leads_and_asks_what_became_of_them(self):
        answer = self._call("crm.lead.inbox", "submit", leads=[{"external_id": "A", "company": "Acme"}])
        self.assertEqual((answer.status_code, answer.json()[0]["status"]), (200, "created"), answer.text)
        status = self._call("crm.lead.inbox", "status", external_ids=["A"])
        self.assertEqual(status.json()[0]["external_id"], "A")

    @mute_logger("odoo.http", "odoo.addons.rpc.controllers.json2")
    def test_it_can_do_nothing_else(self):
        row = desk.submit(self.env.registry, ByHand(self.source), [{"external_id": "A", "company": "Acme"}], "json")
        self.assertTrue(row)
        read = {"domain": [], "fields": ["id"]}
        calls = [
            ("crm.lead", "search_read", read),
            ("crm.lead", "create", {"vals_list": [{"name": "Mine"}]}),
            ("crm.lead", "write", {"ids": self.lead.ids, "vals": {"name": "Mine"}}),
            ("crm.lead", "web_search_read", {"domain": [], "specification": {"name": {}}}),
            ("res.partner", "search_read", read),
            ("res.partner", "create", {"vals_list": [{"name": "Mine"}]}),
            ("crm.lead.inbox", "search_read", read),
            ("crm.lead.inbox", "action_process_again", {"ids": [1]}),
            ("crm.intake.source", "search_read", read),
            ("crm.intake.source", "action_new_key", {"ids": self.source.ids}),
            ("crm.intake.key", "search_read", read),
            ("mail.message", "search_read", {"domain": [["model", "=", "crm.lead"]], "fields": ["body"]}),
            ("ir.attachment", "create", {"vals_list": [{"name": "x", "raw": "x"}]}),
            ("ir.config_parameter", "search_read", read),
            ("crm.team", "search_read", read),
        ]
        for model, method, arguments in calls:
            with self.subTest(model=model, method=method):
                answer = self._call(model, method, **arguments)
                if answer.status_code == 200:
                    self.assertEqual(answer.json(), [], answer.text)
                else:
                    self.assertIn(answer.status_code, (403, 404, 422), answer.text)
        self.assertEqual(self.lead.name, "Somebody's")

    @mute_logger("odoo.http", "odoo.addons.rpc.controllers.json2")
    def test_it_reads_no_user_but_itself(self):
        answer = self._call("res.users", "search_read", domain=[], fields=["login", "email"])
        if answer.status_code == 200:
            self.assertLessEqual({user["login"] for user in answer.json()}, {"intake_program"}, answer.text)
        else:
            self.assertEqual(answer.status_code, 403, answer.text)

    @mute_logger("odoo.http", "odoo.addons.rpc.controllers.json2")
    def test_who_is_not_in_the_group_hands_in_nothing(self):
        self.program.group_ids = self.env.ref("base.group_user")
        self.env.flush_all()
        answer = self._call("crm.lead.inbox", "submit", leads=[{"external_id": "A", "company": "Acme"}])
        self.assertEqual(answer.status_code, 403)

    @mute_logger("odoo.http", "odoo.addons.rpc.controllers.json2")
    def test_without_a_source_it_hands_in_nothing(self):
        self.source.api_user_ids = False
        self.env.flush_all()
        answer = self._call("crm.lead.inbox", "submit", leads=[{"external_id": "A", "company": "Acme"}])
        self.assertEqual(answer.status_code, 403)
