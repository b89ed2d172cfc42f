from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import SalesBoardCase

MOBILE = "+3161234%04d"


class SmsCase(SalesBoardCase):
    """A process that allows SMS, and customers with mobile numbers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.process.allow_sms = True
        cls.domain = [("team_id", "=", cls.team.id)]

    @classmethod
    def _make_customer(cls, name, phone, **values):
        country = cls.env.ref("base.nl").id
        return cls.env["res.partner"].create({"name": name, "phone": phone, "country_id": country, **values})

    @classmethod
    def _make_projects(cls, count, start=0, **values):
        """One customer with a mobile number and one project each."""
        country = cls.env.ref("base.nl").id
        partners = cls.env["res.partner"].create(
            [
                {"name": f"Customer {number}", "phone": MOBILE % number, "country_id": country}
                for number in range(start, start + count)
            ]
        )
        return cls.env["crm.lead"].create(
            [
                {
                    "name": f"Project {partner.name}",
                    "type": "opportunity",
                    "partner_id": partner.id,
                    "team_id": cls.team.id,
                    "user_id": cls.sales.id,
                    **values,
                }
                for partner in partners
            ]
        )

    def _set_company(self, partner, company):
        """As an import by SQL leaves it: Odoo itself refuses to mix the companies of project and customer."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_partner SET company_id = %s WHERE id = %s", [company.id, partner.id])
        self.env.invalidate_all()

    def _prepare(self, user=None, domain=None, body="Open day on Friday"):
        action = self.env["crm.lead"].with_user(user or self.sales).action_salesboard_sms(domain or self.domain)
        sending = self.env["crm.sms.sending"].with_user(user or self.sales).browse(action["res_id"])
        sending.body = body
        return sending

    def _reasons(self, sending):
        """``{customer: reason or state}``"""
        return {
            recipient.partner_id.name or recipient.lead_id.name: recipient.reason or recipient.state
            for recipient in sending.sudo().recipient_ids
        }


@tagged("post_install", "-at_install")
class TestSmsRecipients(SmsCase):
    def test_before_sending_everybody_is_listed_with_the_reason(self):
        blacklisted = self._make_customer("Blacklisted", MOBILE % 9001)
        self.env["phone.blacklist"].add(blacklisted.phone_sanitized)
        company = self.env["res.company"].create({"name": "Elsewhere"})
        customers = {
            "Mobile": self._make_customer("Mobile", "06 1234 9000"),
            "No number": self._make_customer("No number", False),
            "Nonsense": self._make_customer("Nonsense", "ask Joe"),
            "Fixed": self._make_customer("Fixed", "+31 20 555 0100"),
            "Blacklisted": blacklisted,
            "Twin": self._make_customer("Twin", MOBILE % 9000),
            "Archived": self._make_customer("Archived", MOBILE % 9002),
            "Elsewhere": self._make_customer("Elsewhere", MOBILE % 9003),
        }
        for partner in customers.values():
            self._make_lead(partner_id=partner.id, company_id=False)
        customers["Archived"].active = False
        self._set_company(customers["Elsewhere"], company)
        sending = self._prepare()
        self.assertEqual(
            self._reasons(sending),
            {
                "Mobile": "waiting",
                "No number": "number_missing",
                "Nonsense": "number_invalid",
                "Fixed": "not_mobile",
                "Blacklisted": "blacklisted",
                "Twin": "double",
                "Archived": "archived",
                "Elsewhere": "company",
            },
        )
        self.assertEqual((sending.recipient_count, sending.left_out_count), (1, 7))
        self.assertEqual(sending.state, "draft")
        self.assertFalse(self.env["sms.sms"].search([("number", "=", MOBILE % 9000)]), "Nothing is sent by looking")

    def test_a_customer_of_another_company_than_the_project_is_left_out(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.sales.company_ids = self.env.company | other
        partner = self._make_customer("Theirs", MOBILE % 1)
        lead = self._make_lead(partner_id=partner.id, company_id=self.env.company.id)
        self._set_company(partner, other)
        sales = self.sales.with_context(allowed_company_ids=[self.env.company.id, other.id])
        action = lead.with_env(sales.with_user(self.sales).env).action_salesboard_sms([("id", "=", lead.id)])
        sending = self.env["crm.sms.sending"].browse(action["res_id"])
        self.assertEqual(self._reasons(sending), {"Theirs": "company"})

    def test_a_customer_with_several_projects_gets_one_message(self):
        closed, newest = self._make_projects(1), None
        self._close(closed, "lost")
        for _time in range(2):
            newest = self._make_lead(partner_id=closed.partner_id.id)
        self._close(self._make_lead(partner_id=closed.partner_id.id), "order")
        sending = self._prepare()
        self.assertEqual(sending.recipient_ids.lead_id, newest, "The newest open project is where it is logged")
        self.assertEqual(len(sending.recipient_ids), 1)

    def test_a_lead_without_customer_is_reached_at_its_own_number(self):
        self._make_lead(partner_id=False, name="Web form", phone=MOBILE % 7, type="lead")
        sending = self._prepare()
        self.assertEqual(sending.recipient_ids.number, MOBILE % 7)
        self.assertFalse(sending.recipient_ids.partner_id)

    def test_a_process_that_does_not_allow_it_sends_none(self):
        quiet = self.standard.copy({"name": "Quiet", "allow_sms": False})
        team = self.env["crm.team"].create({"name": "Quiet", "process_id": quiet.id, "member_ids": self.sales.ids})
        self._make_projects(1)
        self._make_projects(2, start=10, team_id=team.id)
        domain = [("team_id", "in", (self.team | team).ids)]
        sending = self._prepare(domain=domain)
        self.assertEqual(sorted(self._reasons(sending).values()), ["process", "process", "waiting"])
        lead = self.env["crm.lead"].with_user(self.sales)
        self.assertTrue(lead.has_salesboard_sms(domain))
        self.assertFalse(lead.has_salesboard_sms([("team_id", "=", team.id)]))
        info = lead.get_salesboard(domain)["info"]
        self.assertEqual({info[column.id]["allow_sms"] for column in quiet.column_ids}, {False})
        self.assertEqual({info[column.id]["allow_sms"] for column in self.process.column_ids}, {True})
        with self.assertRaisesRegex(UserError, "does not allow SMS"):
            self._prepare(domain=[("team_id", "=", team.id)])

    def test_an_addon_can_name_another_reason(self):
        leads = self._make_projects(2)
        anonymised = leads[0].partner_id
        model = type(self.env["crm.sms.sending"])
        original = model._get_reasons_by_partner

        def reasons(sending, partners):
            return original(sending, partners) | {anonymised.id: "archived"}

        self.patch(model, "_get_reasons_by_partner", reasons)
        self.assertEqual(self._reasons(self._prepare()), {"Customer 0": "archived", "Customer 1": "waiting"})

    def test_the_view_is_searched_with_the_users_own_rights(self):
        leads = self._make_projects(4)
        leads[0].user_id = self.other
        leads[1].user_id = self.manager
        leads[2].write({"user_id": self.manager.id, "is_restricted": True})
        self.assertEqual(self._prepare().recipient_ids.lead_id, leads[3])
        self.assertEqual(self._prepare(self.all_leads).recipient_ids.sudo().lead_id, leads - leads[2])

    def test_numbers_behind_a_number_of_the_sending_are_a_list(self):
        self._make_projects(3)
        self._make_lead(partner_id=self._make_customer("Fixed", "+31 20 555 0100").id)
        sending = self._prepare()
        for state, reason, count in (("waiting", False, 3), ("left_out", False, 1), ("left_out", "not_mobile", 1)):
            action = sending.action_open_recipients(state, reason)
            found = self.env[action["res_model"]].with_user(self.sales).search(action["domain"])
            self.assertEqual(len(found), count)
            self.assertTrue(action["name"])
        self.assertEqual(
            [(line["state"], line["reason"], line["count"]) for line in sending.figures],
            [("waiting", False, 3), ("left_out", "not_mobile", 1)],
        )

    def test_who_is_no_salesperson_is_refused(self):
        lead = self._make_projects(1)
        accountant = self._make_user("cast_accountant", "base.group_partner_manager")
        portal = self.env["res.users"].create(
            {"name": "P", "login": "cast_p", "group_ids": [Command.set(self.env.ref("base.group_portal").ids)]}
        )
        sending = self._prepare()
        for user in (self.outsider, accountant, portal):
            with self.subTest(user=user.login):
                leads = self.env["crm.lead"].with_user(user)
                self.assertFalse(leads.has_salesboard_sms([("id", "=", lead.id)]))
                for call in (
                    lambda leads=leads: leads.action_salesboard_sms([("id", "=", lead.id)]),
                    sending.with_user(user).action_send,
                    lambda user=user: sending.recipient_ids.with_user(user).read(["number"]),
                ):
                    with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
                        call()
        self.assertEqual(sending.state, "draft")

    def test_own_sendings_for_salespeople_and_all_for_managers(self):
        self._make_projects(2)
        sending = self._prepare()
        self.env.invalidate_all()
        for call in ("action_send", "action_stop", "action_continue", "action_retry_failed"):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
                getattr(sending.with_user(self.other), call)()
        self.assertFalse(self.env["crm.sms.recipient"].with_user(self.other).search([("sending_id", "=", sending.id)]))
        theirs = sending.with_user(self.manager)
        self.assertEqual(theirs.recipient_count, 2)
        theirs.action_send()
        theirs.action_stop()
        theirs.unlink()

    def test_nothing_but_the_text_is_changed_from_outside_and_only_before(self):
        lead = self._make_projects(1)
        sending = self._prepare()
        for vals in ({"state": "running"}, {"user_id": self.other.id}, {"recipient_ids": [Command.clear()]}):
            with self.assertRaises(UserError):
                sending.write(vals)
        recipient = sending.recipient_ids
        for call in (
            lambda: recipient.write({"state": "sent"}),
            lambda: recipient.copy(),
            lambda: self.env["crm.sms.sending"].with_user(self.sales).create({"body": "x"}),
            lambda: (
                self.env["crm.sms.recipient"]
                .with_user(self.manager)
                .create({"sending_id": sending.id, "lead_id": lead.id, "company_id": self.env.company.id})
            ),
        ):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
                call()
        sending.action_send()
        with self.assertRaises(UserError):
            sending.body = "Changed my mind"
        with self.assertRaises(AccessError):
            self.env["sms.composer"].with_user(self.manager).create({"body": "x", "crm_sending_id": sending.id})

    def test_what_cannot_be_sent_is_told_at_once(self):
        self._make_projects(1)
        with self.assertRaisesRegex(UserError, "Write the message"):
            self._prepare(body="  ").action_send()
        with self.assertRaises(Exception):  # noqa: B017 Odoo names the placeholder in an error of its own
            self._prepare(body="Hello {{ object.no_such_field }}").action_send()
        with self.assertRaisesRegex(UserError, "no customer"):
            self._prepare(domain=[("id", "=", 0)])
        for domain in ("x", [("name",)], 5, [("id", "any!", [])]):
            with self.subTest(domain=domain), self.assertRaises(UserError):
                self._prepare(domain=domain)
        self._make_lead(team_id=self.team.id, partner_id=False, phone=False, name="Silent")
        with self.assertRaisesRegex(UserError, "Nobody on the list"):
            self._prepare(domain=[("name", "=", "Silent")]).action_send()

    def test_a_template_fills_the_text(self):
        self._make_projects(1)
        template = self.env["sms.template"].create(
            {"name": "T", "model_id": self.env["ir.model"]._get_id("crm.lead"), "body": "About {{ object.name }}"}
        )
        with Form(self._prepare(body=False)) as form:
            form.template_id = template
            self.assertEqual(form.body, "About {{ object.name }}")
            form.body = "About {{ object.name }}, on Friday"
        self.assertEqual(form.record.body, "About {{ object.name }}, on Friday")

    def test_a_draft_is_forgotten_after_two_days(self):
        self._make_projects(1)
        old, new = self._prepare(), self._prepare()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_sms_sending SET create_date = now() - interval '3 days' WHERE id = %s", [old.id]
        )
        self.env.invalidate_all()
        self.env["crm.sms.sending"]._gc_drafts()
        self.assertEqual((old | new).exists(), new)

    def test_thousands_are_prepared_in_few_queries(self):
        self._make_projects(1100)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(40):
            sending = self._prepare(self.all_leads)
            self.env.flush_all()
        self.assertEqual(sending.recipient_count, 1100)
