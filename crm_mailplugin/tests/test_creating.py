from odoo.tests import tagged

from .common import AddInCase

BODY = '<p>We need <b>ten</b> wheels.</p><script>alert(1)</script><img src="x" onerror="alert(2)">'


@tagged("post_install", "-at_install")
class TestCreating(AddInCase):
    def _make(self, user, kind, partner, subject="Wheels", body=BODY):
        params = {"partner_id": partner.id, "email_body": body, "email_subject": subject}
        answer = self._ask(self._connect(user), f"/mail_plugin/{kind}/create", **params)
        model = {"lead": "crm.lead", "ticket": "crm.ticket"}[kind]
        return self.env[model].browse(answer[f"{kind}_id"])

    # ------------------------------------------------------------
    # Projects
    # ------------------------------------------------------------

    def test_a_project_begins_in_the_first_status_with_customer_owner_team_and_text(self):
        lead = self._make(self.sales, "lead", self.anna)
        self.assertEqual((lead.name, lead.partner_id), ("Wheels", self.anna))
        self.assertEqual((lead.user_id, lead.team_id), (self.sales, self.team))
        self.assertEqual((lead.type, lead.board_column_id), ("opportunity", self._column("status", self.prospect)))
        self.assertIn("<b>ten</b>", lead.description)
        self.assertNotIn("alert", lead.description)
        self.assertIn(lead.id, [told["lead_id"] for told in self._open(self.sales, self.anna)["leads"]])

    def test_a_team_that_qualifies_leads_first_gets_a_lead(self):
        self.env.ref("base.group_user").implied_ids |= self.env.ref("crm.group_use_lead")
        self.team.use_leads = False
        self.assertEqual(self._make(self.sales, "lead", self.anna).type, "opportunity")
        self.team.use_leads = True
        lead = self._make(self.sales, "lead", self.anna)
        self.assertEqual((lead.type, lead.team_id), ("lead", self.team))
        self.assertEqual(lead.board_column_id, self._column("unprocessed"))

    def test_any_subject_will_do_where_the_process_has_fixed_ones_and_none_too(self):
        subjects = self.env["crm.choice.list"].create({"name": "Subjects", "usage": "subject"})
        self.env["crm.choice"].create({"name": "Fleet", "list_id": subjects.id})
        self.process.subject_list_id = subjects
        self.assertEqual(self._make(self.sales, "lead", self.anna).name, "Wheels")
        for subject in ("", " ", None):
            with self.subTest(subject):
                self.assertIn("Anna", self._make(self.sales, "lead", self.anna, subject=subject).name)

    # ------------------------------------------------------------
    # Tickets
    # ------------------------------------------------------------

    def test_a_ticket_has_number_customer_contact_team_and_complaint(self):
        self.env["crm.team"].search([("uses_tickets", "=", True), ("id", "!=", self.service_team.id)]).active = False
        self.service_team.user_id = self.ticket_manager
        ticket = self._make(self.sales, "ticket", self.anna)
        self.assertEqual((ticket.name, ticket.partner_id, ticket.contact_id), ("Wheels", self.customer, self.anna))
        self.assertEqual((ticket.team_id, ticket.user_id), (self.service_team, self.ticket_manager))
        self.assertNotIn(ticket.number, (False, "/"))
        self.assertEqual(ticket.status_id, self.new)
        self.assertIn("<b>ten</b>", ticket.description)
        self.assertNotIn("alert", ticket.description)
        self.service_team.member_ids = self.service
        self.assertEqual(self._make(self.service, "ticket", self.anna).user_id, self.service)

    def test_a_company_complains_without_a_contact_and_without_a_subject_too(self):
        ticket = self._make(self.service, "ticket", self.customer, subject=" ", body=None)
        self.assertEqual((ticket.partner_id, ticket.contact_id), (self.customer, self.env["res.partner"]))
        self.assertEqual((ticket.name, ticket.description), ("No subject", False))

    # ------------------------------------------------------------
    # Both
    # ------------------------------------------------------------

    def test_nothing_is_made_for_a_customer_that_is_not_there_or_not_in_sight(self):
        hidden = self.env["res.partner"].create(
            {"name": "Hidden", "company_id": self.env["res.company"].create({"name": "Elsewhere"}).id}
        )
        key = self._connect(self.manager)
        counts = [self.env[model].search_count([]) for model in ("crm.lead", "crm.ticket")]
        for kind in ("lead", "ticket"):
            for partner_id in (-1, 0, 2**31 - 1, 2**40, "x", None, True, [], {}, hidden.id):
                with self.subTest(kind, partner_id=partner_id):
                    params = {"partner_id": partner_id, "email_body": "x", "email_subject": "x"}
                    answer = self._ask(key, f"/mail_plugin/{kind}/create", **params)
                    self.assertEqual(answer, {"error": "partner_not_found"})
        self.assertEqual([self.env[model].search_count([]) for model in ("crm.lead", "crm.ticket")], counts)

    def test_who_makes_none_in_odoo_makes_none_here(self):
        params = {"partner_id": self.anna.id, "email_body": "x", "email_subject": "x"}
        counts = [self.env[model].search_count([]) for model in ("crm.lead", "crm.ticket")]
        table = [(self.service, "lead"), (self.accountant, "lead"), (self.outsider, "lead")]
        table += [(self.accountant, "ticket"), (self.outsider, "ticket")]
        for user, kind in table:
            with self.subTest(user.login, kind=kind):
                self._refused(self._connect(user), f"/mail_plugin/{kind}/create", **params)
        self.assertEqual([self.env[model].search_count([]) for model in ("crm.lead", "crm.ticket")], counts)

    def test_a_contact_is_added_and_then_has_a_project(self):
        key = self._connect(self.sales)
        params = {"name": "Chris", "email": "chris@bakker.example", "company": self.customer.id}
        partner = self.env["res.partner"].browse(self._ask(key, "/mail_plugin/partner/create", **params)["id"])
        self.assertEqual((partner.name, partner.parent_id), ("Chris", self.customer))
        params = {"partner_id": partner.id, "email_body": "x", "email_subject": "Forks"}
        lead = self.env["crm.lead"].browse(self._ask(key, "/mail_plugin/lead/create", **params)["lead_id"])
        self.assertEqual(lead.partner_id, partner)
