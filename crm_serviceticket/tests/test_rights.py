from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import TicketCase


@tagged("post_install", "-at_install")
class TestRights(TicketCase):
    def _finds(self, user, ticket):
        theirs = self._as(user, self.env["crm.ticket"])
        by_search = bool(theirs.search([("id", "=", ticket.id)]))
        counted = bool(theirs.search_count([("number", "=", ticket.number)]))
        grouped = bool(theirs._read_group([("number", "=", ticket.number)], ["team_id"]))
        reads = self._as(user, ticket).has_access("read")
        self.assertEqual({by_search, counted, grouped}, {reads}, f"{user.login} finds what they read")
        return reads

    def test_salespeople_see_their_own_and_those_of_their_customers(self):
        ticket = self._make_ticket()
        self.assertFalse(self._finds(self.sales, ticket))
        for values in ({"user_id": self.sales.id}, {"partner_id": self.customer.copy({"user_id": self.sales.id}).id}):
            mine = self._make_ticket(contact_id=False, **values)
            self.assertTrue(self._finds(self.sales, mine))
            self.assertTrue(self._as(self.sales, mine).has_access("write"))
            self.assertFalse(self._finds(self.other, mine))
        created = self._as(self.sales, self.env["crm.ticket"]).create({"name": "x", "user_id": self.service.id})
        self.assertTrue(self._finds(self.sales, created))
        self.customer.user_id = self.sales
        of_a_person = self._make_ticket(partner_id=self.anna.id)
        self.assertTrue(self._finds(self.sales, of_a_person), "A person of a customer of theirs")

    def test_who_works_on_tickets_sees_all(self):
        ticket = self._make_ticket()
        for user in (self.service, self.ticket_manager, self.all_leads, self.manager):
            self.assertTrue(self._finds(user, ticket), user.login)
            self.assertTrue(self._as(user, ticket).has_access("write"), user.login)

    def test_accountants_read_all_and_change_none(self):
        ticket = self._make_ticket()
        self.assertTrue(self._finds(self.accountant, ticket))
        with self.assertRaises(AccessError):
            self._as(self.accountant, ticket).name = "Other"

    def test_a_salesperson_who_is_an_accountant_changes_their_own_alone(self):
        self.sales.group_ids += self.env.ref("account.group_account_invoice")
        ticket = self._make_ticket()
        self.assertTrue(self._finds(self.sales, ticket))
        with self.assertRaises(AccessError):
            self._as(self.sales, ticket).name = "Other"

    def test_of_another_company_nothing_is_seen(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        ticket = self._make_ticket(company_id=elsewhere.id)
        for user in (self.service, self.manager, self.accountant):
            self.assertFalse(self._finds(user, ticket), user.login)
        self.service.company_ids += elsewhere
        self.assertTrue(self._finds(self.service, ticket))

    def test_a_ticket_is_hidden_with_its_restricted_project(self):
        lead = self._make_lead(partner_id=self.customer.id)
        ticket = self._make_ticket(lead_id=lead.id, user_id=self.sales.id)
        # those who were told, or had something to do, before it was restricted
        message = ticket.message_post(
            body="Secret",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.service.partner_id.ids,
        )
        activity = ticket.activity_schedule("mail.mail_activity_data_todo", user_id=self.service.id)
        lead.is_restricted = True
        vals = {"name": "secret.txt", "raw": b"x", "res_model": "crm.ticket", "res_id": ticket.id}
        attachment = self.env["ir.attachment"].create(vals)
        self.assertTrue(self._finds(self.sales, ticket))
        for user in (self.service, self.ticket_manager, self.manager, self.all_leads, self.accountant, self.other):
            with self.subTest(user=user.login):
                self.assertFalse(self._finds(user, ticket))
                for record in (message, activity, attachment):
                    theirs = self._as(user, record)
                    self.assertFalse(theirs.search([("id", "=", record.id)]), record._name)
                    self.assertFalse(theirs.has_access("read"), record._name)
        lead.is_restricted = False
        for user in (self.service, self.accountant, self.manager):
            self.assertTrue(self._finds(user, ticket), "Of an open project service sees it, with CRM or without")
        self.assertTrue(self._as(self.service, ticket).has_access("write"))

    def test_nobody_puts_a_ticket_on_a_project_or_customer_that_they_may_not_see(self):
        lead = self._make_lead(partner_id=self.customer.id, is_restricted=True)
        ticket = self._make_ticket()
        with self.assertRaises(AccessError):
            self._as(self.all_leads, ticket).lead_id = lead
        with self.assertRaises(AccessError):
            self._as(self.all_leads, self.env["crm.ticket"]).create({"name": "x", "lead_id": lead.id})
        self.env.ref("crm_salesboard.res_partner_rule_private").active = True
        private = self.env["res.partner"].create({"name": "Private", "user_id": self.other.id})
        for change in (
            lambda: self._as(self.sales, self.env["crm.ticket"]).create({"name": "x", "partner_id": private.id}),
            lambda: self._as(self.sales, self._make_ticket(user_id=self.sales.id)).write({"partner_id": private.id}),
            lambda: self._as(self.sales, self.env["crm.ticket"]).create({"name": "x", "contact_id": private.id}),
            lambda: self._as(
                self.sales, self._make_ticket(partner_id=False, contact_id=False, user_id=self.sales.id)
            ).write({"contact_id": private.id}),
        ):
            with self.assertRaises(AccessError):
                change()

    def test_of_a_private_customer_the_owner_alone_sees_it(self):
        self.customer.user_id = self.other
        ticket = self._make_ticket(user_id=self.sales.id)
        self.assertTrue(self._finds(self.sales, ticket))
        self.env.ref("crm_salesboard.res_partner_rule_private").active = True
        self.assertFalse(self._finds(self.sales, ticket))
        self.assertTrue(self._finds(self.other, ticket))

    def test_a_manager_of_tickets_maintains_measures_and_no_other_choices(self):
        choices = self._as(self.ticket_manager, self.env["crm.choice"])
        made = choices.create({"name": "Repair", "list_id": self.advice.list_id.id})
        made.name = "Repair on site"
        made.unlink()
        kind = self.env["crm.choice"].search([("usage", "=", "kind")], limit=1)
        self.assertTrue(self._as(self.ticket_manager, kind).name)
        with self.assertRaises(AccessError):
            self._as(self.ticket_manager, kind).name = "Other"
        with self.assertRaises(AccessError):
            choices.create({"name": "Other", "list_id": kind.list_id.id})
        self._as(self.manager, kind).name = "Other"

    def test_tickets_of_archived_customers_and_lost_projects_are_found(self):
        lead = self._make_lead(partner_id=self.customer.id)
        ticket = self._make_ticket(lead_id=lead.id)
        self._close(lead, "lost")
        self.customer.active = False
        for user in (self.service, self.manager):
            self.assertTrue(self._finds(user, ticket), user.login)

    def test_portal_users_change_nothing(self):
        portal = self._make_portal_user(self.anna)
        ticket = self._make_ticket()
        for values in ({"name": "Other"}, {"status_id": self.closed.id, "result": "x"}):
            with self.assertRaises(AccessError):
                self._as(portal, ticket).write(values)
        with self.assertRaises(AccessError):
            self._as(portal, ticket).unlink()
        stranger = self._make_portal_user(self.stranger)
        self.assertFalse(self._as(stranger, ticket).has_access("read"))

    def test_the_portal_shows_orders_and_invoices_without_their_tickets(self):
        portal = self._make_portal_user(self.anna)
        for document in (self._make_order(), self._make_invoice()):
            theirs = self._as(portal, document)
            self.assertTrue(theirs.name)
            with self.assertRaises(AccessError):
                theirs.crm_ticket_count  # noqa: B018 to read it is the test
            self.assertNotIn("crm_ticket_count", theirs.fields_get())

    def test_what_somebody_writes_to_close_a_ticket_is_their_own(self):
        ticket = self._make_ticket()
        closing = self._as(self.service, self.env["crm.ticket.close"]).create(
            {"ticket_ids": ticket.ids, "result": "Between us"}
        )
        self.assertEqual(closing.result, "Between us")
        with self.assertRaises(AccessError):
            self._as(self.sales, closing).read(["result"])
        self.assertFalse(self._as(self.ticket_manager, closing).search([("id", "=", closing.id)]))

    def test_the_company_of_a_ticket_is_one_s_own(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        with self.assertRaises(AccessError):
            self._as(self.service, self._make_ticket()).company_id = elsewhere
        self.service.company_ids = [Command.link(elsewhere.id)]
        self._as(self.service, self._make_ticket(team_id=False)).company_id = elsewhere
