from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, MissingError
from odoo.tests import tagged

from .customer_page_case import CustomerPageCase

# The most queries that the page may cost, whatever the customer has.
BUDGET = 40


@tagged("post_install", "-at_install")
class TestCustomerPage(CustomerPageCase):
    def test_every_heading_leads_to_exactly_what_it_counts_for_each_role(self):
        self._fill(self.partner | self.contact, 16)
        self._invoice(self.partner, 100)
        self._make_lead(user_id=self.other.id)
        self._make_lead(user_id=self.manager.id, is_restricted=True)
        counts = {}
        for user in (self.sales, self.other, self.all_leads, self.manager, self.accountant, self.outsider):
            for name, block in self._blocks(user).items():
                action = block["action"]
                records = self.env[action["res_model"]].with_user(user).with_context(**action["context"])
                with self.subTest(user=user.login, block=name):
                    self.assertEqual(records.search_count(action["domain"]), block["count"])
                    self.assertEqual(bool(block["lines"]), bool(block["count"]))
                counts[user, name] = block["count"]
        self.assertEqual(counts[self.sales, "open_projects"], 8)
        self.assertEqual(counts[self.other, "open_projects"], 1)
        self.assertEqual(counts[self.manager, "open_projects"], 10)
        self.assertEqual(counts[self.all_leads, "open_projects"], 9)

    def test_each_group_sees_its_parts(self):
        self._fill(self.partner, 8)
        everybody = {"notes", "upcoming_events", "past_events", "history", "documents", "contacts"}
        selling = {"open_projects", "closed_projects", "orders", "calls"}
        for user, seen, unseen in (
            (self.sales, everybody | selling, {"invoices"}),
            (self.manager, everybody | selling, {"invoices"}),
            (self.accountant, everybody | selling | {"invoices"}, set()),
            (self.outsider, everybody, selling | {"invoices"}),
        ):
            with self.subTest(user.login):
                blocks = self._blocks(user)
                self.assertLessEqual(seen, set(blocks))
                self.assertFalse(unseen & set(blocks))

    def test_only_who_may_add_something_is_offered_to(self):
        for user, may_add in ((self.sales, True), (self.manager, True), (self.accountant, False)):
            with self.subTest(user.login):
                blocks = self._blocks(user)
                for name in ("open_projects", "calls", "notes", "orders", "open_activities"):
                    self.assertEqual(bool(blocks[name]["add"]), may_add, name)

    def test_a_company_shows_what_belongs_to_its_contact_persons_with_their_name(self):
        self._fill(self.contact, 8)
        company, person = self._blocks(self.sales), self._blocks(self.sales, self.contact)
        for name in ("open_projects", "closed_projects", "calls", "notes", "orders"):
            with self.subTest(name):
                self.assertEqual({line.get("who") for line in company[name]["lines"]}, {"Ann"})
                self.assertEqual(company[name]["count"], person[name]["count"])
                self.assertEqual({line.get("who") for line in person[name]["lines"]}, {None})
        for name in ("upcoming_events", "past_events", "open_activities", "done_activities", "documents", "history"):
            with self.subTest(name):
                self.assertEqual(company[name]["count"], person[name]["count"])
                self.assertTrue(company[name]["count"])
        self.assertEqual([line["title"] for line in company["contacts"]["lines"]], ["Ann"])

    def test_projects_have_the_sums_of_the_board(self):
        self._make_lead(expected_revenue=1000, probability=50)
        self._make_lead(partner_id=self.contact.id, expected_revenue=500, probability=10)
        self._close(self._make_lead(expected_revenue=700), "order", actual_revenue=650)
        self._close(self._make_lead(expected_revenue=300), "lost")
        blocks = self._blocks(self.sales)
        self.assertEqual(self._figures(blocks["open_projects"]), {"Projected": 1500, "Weighted": 550})
        self.assertEqual(self._figures(blocks["closed_projects"]), {"Actual": 650, "Won": 1, "Lost": 1})

    def test_sums_of_a_company_with_another_currency_are_converted(self):
        currency = self.env["res.currency"].create({"name": "XTS", "symbol": "X"})
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "rate": 2, "name": "2020-01-01", "company_id": False}
        )
        other = self.env["res.company"].create({"name": "Abroad", "currency_id": currency.id})
        self.manager.company_ids |= other
        self._make_lead(expected_revenue=1000, user_id=self.manager.id)
        self._make_lead(expected_revenue=1000, user_id=self.manager.id, team_id=False, company_id=other.id)
        self.env.flush_all()
        companies = [self.env.company.id, other.id]
        page = self.page.with_user(self.manager).with_context(allowed_company_ids=companies).get_page(self.partner.id)
        figure = page["blocks"][0]["figures"][0]
        self.assertEqual((figure["label"], figure["value"]), ("Projected", 1500))
        self.assertIn([currency.id, 1000], figure["parts"])
        alone = self.page.with_user(self.manager).with_context(allowed_company_ids=companies[:1])
        self.assertEqual(alone.get_page(self.partner.id)["blocks"][0]["figures"][0]["value"], 1000)

    def test_of_restricted_projects_nothing_is_told(self):
        lead = self._make_lead(name="Secret merger", user_id=self.manager.id)
        lead.message_post(body="Secret word", message_type="comment")
        self.env["crm.call"].create({"lead_id": lead.id, "partner_id": self.partner.id, "number": "+31600000000"})
        self.env["crm.note"].create({"lead_id": lead.id, "text": "Secret note"})
        on_lead = {"res_model": "crm.lead", "res_id": lead.id}
        self.env["ir.attachment"].create({"name": "Secret.txt", "raw": b"x", **on_lead})
        lead.activity_schedule("mail.mail_activity_data_call", summary="Secret call", user_id=self.manager.id)
        lead.is_restricted = True
        self.assertIn("Secret", str(self._page(self.manager)))
        for user in (self.sales, self.all_leads, self.accountant, self.outsider):
            with self.subTest(user.login):
                page = self._page(user)
                self.assertNotIn("Secret", str(page))
                counts = {block["name"]: block["count"] for block in page["blocks"]}
                for name in ("open_projects", "calls", "notes", "documents", "open_activities", "history"):
                    self.assertFalse(counts.get(name), name)

    def test_nobody_opens_the_page_of_a_customer_they_may_not_see(self):
        self.env["ir.rule"].search([("name", "=", "Private Customers"), ("active", "=", False)]).active = True
        self.partner.user_id = self.other
        with self.assertRaises(AccessError):
            self._page(self.sales)
        self.assertEqual(self._page(self.other)["customer"]["name"], "Konex")
        portal = self.env["res.users"].create(
            {
                "name": "Portal",
                "login": "cast_portal",
                "partner_id": self.contact.id,
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        # Not by the first thing that a portal user may not read, but before anything is read.
        with self.assertRaisesRegex(AccessError, "You may not see this customer"):
            self._page(portal, self.contact)

    def test_what_is_no_customer_is_told_apart(self):
        gone = self.env["res.partner"].create({"name": "Gone"})
        gone_id = gone.id
        gone.unlink()
        for bad in (gone_id, 0, -1, False, None, "1", [self.partner.id], True):
            with self.subTest(bad), self.assertRaises(MissingError):
                self.page.with_user(self.sales).get_page(bad)

    def test_accounting_warns_and_tells_amounts_to_those_alone_who_see_the_accounts(self):
        self._invoice(self.partner, 400, days=-30)
        self._invoice(self.contact, 100, days=30)
        self.env["crm.customer.block"].with_user(self.accountant).create(
            {"partner_id": self.partner.id, "reason": "Does not pay"}
        )
        for user, tells in ((self.sales, False), (self.accountant, True)):
            for partner in (self.partner, self.contact):
                with self.subTest(user=user.login, partner=partner.name):
                    blocked, overdue = self._page(user, partner)["warnings"]
                    self.assertEqual((blocked["level"], overdue["level"]), ("danger", "warning"))
                    self.assertIn("Does not pay", blocked["text"])
                    self.assertEqual("400" in overdue["text"], tells)
        self.assertFalse(self._page(self.outsider)["warnings"])
        figures = self._figures(self._blocks(self.accountant)["invoices"])
        self.assertEqual(figures, {"Invoiced": 500, "Due": 500, "Overdue": 400})
        self.assertEqual(figures["Invoiced"], self.partner.with_user(self.accountant).total_invoiced)

    def test_what_is_overdue_is_told_in_the_users_currency(self):
        self._invoice(self.partner, 400, days=-30)
        currency = self.env["res.currency"].create({"name": "XTS", "symbol": "X"})
        rate = {"currency_id": currency.id, "rate": 2, "name": "2020-01-01", "company_id": False}
        self.env["res.currency.rate"].create(rate)
        abroad = self.env["res.company"].create({"name": "Abroad", "currency_id": currency.id})
        self.accountant.company_ids |= abroad
        self.partner.company_id = abroad
        self.env.flush_all()
        self.env.invalidate_all()
        companies = [self.env.company.id, abroad.id]
        page = (
            self.page.with_user(self.accountant).with_context(allowed_company_ids=companies).get_page(self.partner.id)
        )
        [warning] = page["warnings"]
        self.assertIn("400", warning["text"])
        self.assertNotIn("X", warning["text"])
        [invoices] = [block for block in page["blocks"] if block["name"] == "invoices"]
        self.assertEqual(self._figures(invoices)["Overdue"], 400)

    def test_only_what_the_customer_owes_is_late(self):
        self._invoice(self.partner, 400, days=-30)
        self._invoice(self.partner, 100, days=-30, move_type="out_refund")
        lines = self._blocks(self.accountant)["invoices"]["lines"]
        self.assertEqual(
            sorted((line["amount"], line.get("late", False)) for line in lines), [(-100, False), (400, True)]
        )

    def test_a_project_was_closed_on_the_day_that_it_was_for_who_looks(self):
        lead = self._close(self._make_lead(), "order")
        lead._write_native({"date_closed": "2026-03-01 23:30:00"})
        for zone, day in (("UTC", "2026-03-01"), ("Europe/Amsterdam", "2026-03-02")):
            self.sales.tz = zone
            page = self.page.with_user(self.sales).with_context(tz=zone).get_page(self.partner.id)
            [block] = [block for block in page["blocks"] if block["name"] == "closed_projects"]
            self.assertEqual([line["date"] for line in block["lines"]], [day])

    def test_the_head_shows_the_latest_sales_status_and_the_companys_own_fields(self):
        field = self.env["crm.custom.field"].create({"name": "Fleet", "model": "res.partner", "ttype": "float"})
        self.addCleanup(self.registry.reset_changes)
        status = self.env["crm.note.status"].create({"name": "Nearly ours", "is_sales_status": True})
        self.env["crm.note"].create({"partner_id": self.contact.id, "text": "Yes!", "status_id": status.id})
        self.partner[field.field_name] = 42
        head = self._page(self.sales)["customer"]
        self.assertEqual(head["status"]["name"], "Nearly ours")
        self.assertTrue(head["status"]["background_color"])
        self.assertIn({"label": "Fleet", "value": "42"}, head["profile"])
        person = self._page(self.sales, self.contact)["customer"]
        self.assertEqual(person["status"]["name"], "Nearly ours")
        self.assertEqual(person["company"], {"id": self.partner.id, "name": "Konex"})

    def test_history_holds_what_was_written_on_customer_and_projects_and_is_the_same_from_both(self):
        lead = self._make_lead(name="Fleet", partner_id=self.contact.id)
        lead.with_user(self.sales).message_post(body="On the project", message_type="comment")
        self.partner.with_user(self.sales).message_post(body="On the company", message_type="comment")
        lines = self._blocks(self.sales)["history"]["lines"]
        self.assertEqual(
            [(line["title"], line.get("who"), line["user"]) for line in lines],
            [("On the company", None, "cast_sales"), ("On the project", "Fleet", "cast_sales")],
        )
        of_ann = self._blocks(self.sales, self.contact)["history"]["lines"]
        self.assertEqual([line["title"] for line in of_ann], ["On the project"])

    def test_activities_are_those_of_odoos_own_list(self):
        lead = self._make_lead()

        def plan(summary, days):
            day = self.today + timedelta(days=days)
            call = "mail.mail_activity_data_call"
            return lead.activity_schedule(call, day, summary, user_id=self.sales.id)

        plan("Late", -2)
        plan("Later", 2)
        plan("Done", 0).action_feedback("OK")
        blocks = self._blocks(self.sales)
        self.assertEqual([line["title"] for line in blocks["open_activities"]["lines"]], ["Late", "Later"])
        self.assertEqual([line.get("late", False) for line in blocks["open_activities"]["lines"]], [True, False])
        self.assertEqual([line["title"] for line in blocks["done_activities"]["lines"]], ["Done"])
        self.assertEqual(self._figures(blocks["open_activities"]), {"Overdue": 1})
        # Who only reads the project sees on it but what is to be done by them.
        self.assertEqual(self._blocks(self.accountant)["open_activities"]["count"], 0)

    def test_a_colleagues_private_appointment_is_told_as_busy(self):
        self.env["calendar.event"].with_user(self.manager).create(
            {
                "name": "Surgery",
                "privacy": "private",
                "start": fields.Datetime.now() + timedelta(days=1),
                "stop": fields.Datetime.now() + timedelta(days=1, hours=1),
                "partner_ids": [Command.set((self.partner | self.manager.partner_id).ids)],
            }
        )
        self.assertIn("Surgery", str(self._page(self.manager)))
        self.assertNotIn("Surgery", str(self._page(self.sales)))

    def test_what_is_folded_is_remembered_per_user(self):
        settings = self.env["res.users.settings"]._find_or_create_for_user(self.sales)
        settings.with_user(self.sales).set_res_users_settings({"customer_page_folded": "calls,history"})
        self.assertEqual(self._page(self.sales)["folded"], ["calls", "history"])
        self.assertEqual(self._page(self.manager)["folded"], [])

    def test_another_addon_adds_a_block(self):
        page = type(self.page)
        self.patch(page, "_get_blocks", lambda page: [("tickets", "_block_tickets")])
        page._block_tickets = lambda page, customer: page._block("Tickets", "fa-ticket", 3, 0, [], "No tickets.")
        self.addCleanup(delattr, page, "_block_tickets")
        self.assertEqual([block["title"] for block in self._page(self.sales)["blocks"]], ["Tickets"])


@tagged("post_install", "-at_install")
class TestCustomerPageBudget(CustomerPageCase):
    def test_a_customer_with_a_thousand_records_costs_at_most_40_queries_for_each_role(self):
        contacts = self.env["res.partner"].create(
            [{"name": f"Contact {number}", "parent_id": self.partner.id} for number in range(49)]
        )
        self._fill(self.partner | contacts, 120)
        for _number in range(20):
            self._invoice(self.partner, 10, days=-5)
        for user in (self.sales, self.manager, self.accountant):
            with self.subTest(user.login):
                self._page(user)  # rules, views and names of models are kept from now on
                self.env.flush_all()
                self.env.invalidate_all()
                with self.assertQueryCount(BUDGET):
                    page = self.page.with_user(user).get_page(self.partner.id)
                self.assertGreater(sum(block["count"] for block in page["blocks"]), 500)
