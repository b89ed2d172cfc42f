from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.crm_salesboard.tests.customer_page_case import CustomerPageCase
from odoo.addons.crm_salesboard.tests.test_customer_page import BUDGET

from .common import TicketCase


@tagged("post_install", "-at_install")
class TestLinks(TicketCase):
    def _open(self, record, method="action_open_tickets"):
        action = getattr(record, method)()
        tickets = record.env["crm.ticket"].with_context(**action["context"])
        return tickets.browse(action["res_id"]) if action.get("res_id") else tickets.search(action["domain"])

    def test_customer_project_order_and_invoice_count_and_open_their_tickets(self):
        order, invoice = self._make_order(user_id=self.sales.id), self._make_invoice(invoice_user_id=self.sales.id)
        lead = self._make_lead(partner_id=self.customer.id)
        values = {"sale_order_id": order.id, "invoice_id": invoice.id, "lead_id": lead.id, "user_id": self.sales.id}
        tickets = self._make_ticket(**values) | self._make_ticket(**values, contact_id=self.bart.id)
        closed = self._close_ticket(self._make_ticket(user_id=self.sales.id, name="Old"))
        table = [
            (self.customer, "ticket_count", "action_open_tickets", tickets | closed),
            (self.anna, "ticket_count", "action_open_tickets", tickets | closed),
            (lead, "ticket_count", "action_open_tickets", tickets),
            (order, "crm_ticket_count", "action_open_crm_tickets", tickets),
            (invoice, "crm_ticket_count", "action_open_crm_tickets", tickets),
        ]
        for record, field, method, expected in table:
            with self.subTest(record):
                theirs = self._as(self.sales, record)
                self.assertEqual(theirs[field], len(expected))
                self.assertEqual(self._open(theirs, method), expected)

    def test_only_those_that_the_user_may_see_count(self):
        order = self._make_order(user_id=False)
        mine = self._make_ticket(sale_order_id=order.id, user_id=self.sales.id)
        lead = self._make_lead(partner_id=self.customer.id, is_restricted=True)
        hidden = self._make_ticket(sale_order_id=order.id, lead_id=lead.id, user_id=self.sales.id)
        table = {self.sales: 2, self.other: 0, self.all_leads: 1, self.service: 1, self.accountant: 1}
        for user, count in table.items():
            with self.subTest(user.login):
                self.assertEqual(self._as(user, self.customer).ticket_count, count)
                if user != self.service:
                    self.assertEqual(self._as(user, order).crm_ticket_count, count)
        self.assertTrue(mine | hidden)
        order.ticket_id = hidden
        self.assertEqual(self._as(self.all_leads, order).crm_ticket_count, 1, "Nor the one it was prepared for")

    def test_of_another_company_none_count(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self._make_ticket(company_id=elsewhere.id, team_id=False)
        self.assertEqual(self._as(self.all_leads, self.customer).ticket_count, 0)

    def test_without_the_group_there_is_nothing_to_count(self):
        self._make_ticket()
        with self.assertRaises(AccessError):
            self._as(self.outsider, self.customer).read(["ticket_count"])
        arch = self._as(self.outsider, self.customer).get_view(view_type="form")["arch"]
        self.assertNotIn("action_open_tickets", arch)
        self.assertIn("action_open_tickets", self._as(self.service, self.customer).get_view(view_type="form")["arch"])

    def test_eighty_cost_as_many_queries_as_one(self):
        product = self._make_product()
        orders = self.env["sale.order"].create([{"partner_id": self.customer.id} for _number in range(80)])
        for order in orders:
            self._make_ticket(sale_order_id=order.id, product_id=product.id)
        costs = []
        for some in (orders[:1], orders):
            theirs = self._as(self.all_leads, some)
            theirs.mapped("crm_ticket_count")
            theirs = self._as(self.all_leads, some)
            start = self.env.cr.sql_log_count
            theirs.mapped("crm_ticket_count")
            costs.append(self.env.cr.sql_log_count - start)
        self.assertEqual(costs[0], costs[1])

    def test_tickets_follow_customers_that_become_one_also_in_the_portal(self):
        double = self.env["res.partner"].create({"name": "Bakker B.V.", "is_company": True})
        carla = self.env["res.partner"].create(
            {"name": "Carla", "parent_id": double.id, "email": "carla@bakker.example"}
        )
        ticket = self._make_ticket(partner_id=double.id, contact_id=carla.id)
        user = self._make_portal_user(self.anna)
        self.assertFalse(self._as(user, ticket).has_access("read"))
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((double | self.customer).ids, self.customer)
        self.env.invalidate_all()
        self.assertEqual((ticket.partner_id, ticket.commercial_partner_id), (self.customer, self.customer))
        self.assertEqual(ticket.contact_id, carla)
        self.assertTrue(self._as(user, ticket).has_access("read"))
        person = self.env["res.partner"].create({"name": "Anna B", "email": "anna@bakker.example"})
        alone = self._make_ticket(partner_id=person.id, contact_id=False)
        wizard._merge((person | self.anna).ids, self.anna)
        self.env.invalidate_all()
        self.assertEqual((alone.partner_id, alone.commercial_partner_id), (self.anna, self.customer))

    def test_tickets_go_with_projects_that_are_merged(self):
        first, second = self._make_lead(partner_id=self.customer.id), self._make_lead(partner_id=self.customer.id)
        ticket = self._make_ticket(lead_id=second.id)
        merged = (first | second).merge_opportunity()
        self.assertEqual(ticket.lead_id, merged)

    def test_an_order_that_was_prepared_stays_when_the_ticket_is_deleted(self):
        ticket = self._make_ticket(measure_id=self.exchange.id, product_id=self._make_product().id)
        order = ticket._prepare_order([{"product_id": ticket.product_id.id, "product_uom_qty": 1}])
        ticket.unlink()
        self.assertTrue(order.exists())
        order.order_line.product_uom_qty = 3
        self.assertEqual(order.amount_total, 0)


@tagged("post_install", "-at_install")
class TestCustomerPage(TicketCase):
    def _page(self, user, partner=None):
        self._as(user, partner or self.customer)
        page = self.env["crm.customer.page"].with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        return page.get_page((partner or self.customer).id)

    def _block(self, page):
        return next((block for block in page["blocks"] if block["name"] == "tickets"), None)

    def test_open_tickets_come_first_and_closed_ones_fill_up_last_closed_first(self):
        for number in range(1, 8):
            ticket = self._close_ticket(self._make_ticket(user_id=self.sales.id, name=f"Closed {number}"))
            ticket.write({"date_deadline": f"2020-01-1{number} 10:00:00", "closed_on": f"2020-02-0{number} 10:00:00"})
        for name, day in (("Later", "02"), ("Sooner", "01")):
            self._make_ticket(user_id=self.sales.id, name=name).date_deadline = f"2099-01-{day} 10:00:00"
        block = self._block(self._page(self.sales))
        expected = ["Sooner", "Later", "Closed 7", "Closed 6", "Closed 5"]
        self.assertEqual(([line["title"] for line in block["lines"]], block["count"]), (expected, 9))
        for _number in range(5):
            self._make_ticket(user_id=self.sales.id, name="Open").date_deadline = "2099-02-01 10:00:00"
        block = self._block(self._page(self.sales))
        self.assertEqual([line["title"] for line in block["lines"]], ["Sooner", "Later", "Open", "Open", "Open"])

    def test_the_page_shows_tickets_and_warns_of_overdue_ones(self):
        late = self._make_ticket(user_id=self.sales.id, name="Late")
        late.date_deadline = "2020-01-01 10:00:00"
        self._make_ticket(user_id=self.sales.id, name="In time").date_deadline = "2099-01-01 10:00:00"
        closed = self._make_ticket(user_id=self.sales.id, name="Closed")
        closed.date_deadline = "2020-01-01 10:00:00"
        self._close_ticket(closed)
        page = self._page(self.sales)
        block = self._block(page)
        self.assertEqual(block["count"], 3)
        self.assertEqual([line["title"] for line in block["lines"]], ["Late", "In time", "Closed"])
        self.assertEqual([line.get("late", False) for line in block["lines"]], [True, False, False])
        self.assertEqual([line["who"] for line in block["lines"]], ["Anna"] * 3)
        self.assertEqual([figure["value"] for figure in block["figures"]], [2, 1])
        self.assertIn("A ticket is overdue.", [warning["text"] for warning in page["warnings"]])
        action = block["action"]
        self.assertEqual(self.env["crm.ticket"].with_user(self.sales).search_count(action["domain"]), 3)
        self.assertEqual(self._block(self._page(self.sales, self.anna))["count"], 3)
        self.assertEqual(self._block(self._page(self.sales, self.bart))["count"], 0)

    def test_each_role_sees_its_own(self):
        self._make_ticket(user_id=self.sales.id).date_deadline = "2020-01-01 10:00:00"
        for user, count in ((self.sales, 1), (self.other, 0), (self.service, 1), (self.accountant, 1)):
            with self.subTest(user.login):
                page = self._page(user)
                self.assertEqual(self._block(page)["count"], count)
                self.assertEqual(any("overdue" in warning["text"] for warning in page["warnings"]), bool(count))
                self.assertEqual(bool(self._block(page)["add"]), user != self.accountant)
        self.assertIsNone(self._block(self._page(self.outsider)))


@tagged("post_install", "-at_install")
class TestCustomerPageBudget(CustomerPageCase):
    def test_with_tickets_as_well_the_page_costs_at_most_40_queries(self):
        self._fill(self.partner | self.contact, 60)
        leads = self.env["crm.lead"].search([("partner_id", "=", self.partner.id)])
        for number in range(60):
            self.env["crm.ticket"].create(
                {
                    "name": f"Ticket {number}",
                    "partner_id": self.partner.id,
                    "contact_id": self.contact.id,
                    "lead_id": leads[number % len(leads)].id,
                    "user_id": self.sales.id,
                    "date_deadline": "2020-01-01 10:00:00",
                }
            )
        for user in (self.sales, self.manager, self.accountant):
            with self.subTest(user.login):
                self._page(user)
                self.env.flush_all()
                self.env.invalidate_all()
                with self.assertQueryCount(BUDGET):
                    page = self.page.with_user(user).get_page(self.partner.id)
                [block] = [block for block in page["blocks"] if block["name"] == "tickets"]
                self.assertEqual(block["count"], 60)
