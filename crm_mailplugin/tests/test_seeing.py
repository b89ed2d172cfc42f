from contextlib import contextmanager
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import AddInCase


@tagged("post_install", "-at_install")
class TestSeeing(AddInCase):
    def _subjects(self, answer):
        return [lead["subject"] for lead in answer["leads"]]

    def test_the_add_ins_own_requests_are_answered_with_all_that_it_reads(self):
        self._make_lead(partner_id=self.anna.id)
        self._make_ticket()
        key = self._connect(self.manager)
        found = self._ask(key, "/mail_plugin/partner/search", search_term=self.anna.email)["partners"]
        self.assertEqual([partner["id"] for partner in found], self.anna.ids)
        self.assertIsInstance(self._ask(key, "/mail_plugin/get_translations", plugin="outlook"), dict)
        answer = self._ask(key, "/mail_plugin/partner/get", partner_id=found[0]["id"])
        partner = answer["partner"]
        self.assertEqual((partner["id"], partner["name"], partner["email"]), (self.anna.id, "Anna", self.anna.email))
        self.assertEqual((partner["is_company"], partner["can_write_on_partner"]), (False, True))
        self.assertEqual(partner["company"]["id"], self.customer.id)
        self.assertIsInstance(answer["user_companies"], list)
        self.assertIs(answer["can_create_partner"], True)
        [lead], [ticket] = answer["leads"], answer["tickets"]
        types = {"lead_id": int, "name": str, "expected_revenue": str, "probability": float}
        self.assertEqual({name: type(lead[name]) for name in types}, types)
        types = {"ticket_id": int, "name": str, "is_closed": bool}
        self.assertEqual({name: type(ticket[name]) for name in types}, types)
        self.assertEqual(self._ask(key, "/mail_plugin/partner/get", email=self.anna.email, name="Anna"), answer)

    def test_the_sales_status_stands_beside_the_name(self):
        status = self.env["crm.note.status"].search([("is_sales_status", "=", True)], limit=1)
        self.env["crm.note"].create({"partner_id": self.customer.id, "text": "Met her", "status_id": status.id})
        self.anna.function = "Buyer"
        answer = self._open(self.sales, self.anna)
        self.assertEqual(answer["sales_status"]["name"], status.name)
        self.assertEqual(answer["sales_status"]["background_color"], status.background_color)
        self.assertEqual(answer["partner"]["title"], f"Buyer · {status.name}")

    def test_a_project_is_told_in_the_terms_of_the_board(self):
        lead = self._make_lead(partner_id=self.customer.id, date_deadline="2040-05-01", probability=40)
        [told] = self._open(self.sales, self.customer)["leads"]
        self.assertEqual(told["lead_id"], lead.id)
        self.assertEqual(told["name"], f"GTX Pro fleet · {self.prospect.name}")
        self.assertIn("1,000.00", told["expected_revenue"])
        expected = {
            "process": self.process.name,
            "status": self.prospect.name,
            "won_status": "pending",
            "projected": 1000,
            "weighted": 400,
            "probability": 40,
            "currency": self.env.company.currency_id.name,
            "closing_date": "2040-05-01",
            "is_late": False,
            "customer": self.customer.name,
            "owner": self.sales.name,
        }
        self.assertEqual({name: told[name] for name in expected}, expected)

    def test_open_projects_come_first_soonest_on_top_and_closed_ones_below(self):
        later, sooner = (
            self._make_lead(name=name, partner_id=self.customer.id, date_deadline=day)
            for name, day in (("Later", "2040-05-01"), ("Sooner", "2040-04-01"))
        )
        lost = self._close(self._make_lead(name="Lost", partner_id=self.customer.id), "lost")
        self.assertEqual(self._subjects(self._open(self.sales, self.customer)), [sooner.name, later.name, lost.name])

    def test_a_company_shows_its_contacts_by_name_and_a_contact_what_the_company_has(self):
        self._make_lead(partner_id=self.anna.id)
        self._make_ticket(contact_id=self.bart.id, team_id=self.service_team.id)
        key = self._connect(self.manager)
        for partner in (self.customer, self.anna, self.bart):
            with self.subTest(partner.name):
                answer = self._open(key, partner)
                self.assertTrue(answer["leads"][0]["name"].endswith(" · Anna"))
                self.assertTrue(answer["tickets"][0]["name"].endswith(" · Bart"))
        self.assertEqual(self._open(key, self.stranger)["leads"], [])

    def test_a_ticket_is_told_with_number_status_and_deadline(self):
        ticket = self._make_ticket(contact_id=False)
        ticket.date_deadline = fields.Datetime.now() - timedelta(hours=2)
        closed = self._close_ticket(self._make_ticket(name="Bent fork", contact_id=False))
        answer = self._open(self.service, self.customer)
        first, second = answer["tickets"]
        self.assertEqual((first["ticket_id"], first["is_closed"], first["is_overdue"]), (ticket.id, False, True))
        self.assertIn(f"{ticket.number} Wheel broke off · {self.new.name} · overdue since", first["name"])
        self.assertEqual((second["ticket_id"], second["is_closed"]), (closed.id, True))
        self.assertEqual(second["name"], f"{closed.number} Bent fork · {self.closed.name}")
        self.assertEqual(answer["ticket_count"], 2)

    def test_without_open_tickets_those_that_were_closed_last_are_shown(self):
        for number in range(1, 8):
            ticket = self._close_ticket(self._make_ticket(name=f"Closed {number}"))
            ticket.write({"date_deadline": f"2020-01-1{number} 10:00:00", "closed_on": f"2020-02-0{number} 10:00:00"})
        answer = self._open(self.service, self.customer)
        subjects = [ticket["subject"] for ticket in answer["tickets"]]
        self.assertEqual((subjects, answer["ticket_count"]), ([f"Closed {number}" for number in (7, 6, 5, 4, 3)], 7))

    def test_of_the_customers_page_nothing_is_counted_that_is_not_shown(self):
        self._make_lead(partner_id=self.customer.id)
        self._make_ticket()
        plugin = self.env(user=self.manager)["crm.mail.plugin"]
        answer = {"partner": {"title": False, "enrichment_info": None}, "leads": []}
        queries = []
        with contextmanager(self._patchExecute)(queries):
            plugin._add_sales(self.customer.with_user(self.manager), answer)
        counting = [query for query in queries if "COUNT(*)" in query and "crm_ticket" in query]
        self.assertEqual([query.count("COUNT(*)") for query in counting], [3])
        for name in ("mail_message", "ir_attachment", "mail_activity", "calendar_event", "crm_note", "crm_call"):
            with self.subTest(name):
                self.assertFalse([query for query in queries if "COUNT(*)" in query and f'"{name}"' in query])

    def test_what_accounting_and_service_warn_of_is_the_message_above(self):
        self.env["crm.customer.block"].create({"partner_id": self.customer.id, "reason": "Does not pay"})
        ticket = self._make_ticket()
        ticket.date_deadline = fields.Datetime.now() - timedelta(hours=2)
        answer = self._open(self.manager, self.anna)
        info = answer["partner"]["enrichment_info"]
        self.assertEqual(info["type"], "odoo_custom_error")
        self.assertEqual(info["info"].split("\n"), ["Blocked by accounting: Does not pay", "A ticket is overdue."])
        self.assertEqual(answer["warnings"], info["info"].split("\n"))
        self.assertIsNone(self._open(self.manager, self.stranger)["partner"]["enrichment_info"])

    def test_of_an_unknown_address_the_sections_are_there_and_empty(self):
        # an address of a provider, of which Odoo looks up no company
        params = {"email": "nobody.known@gmail.com", "name": "Nobody"}
        answer = self._ask(self._connect(self.manager), "/mail_plugin/partner/get", **params)
        self.assertEqual((answer["partner"]["id"], answer["leads"], answer["tickets"]), (-1, [], []))
        answer = self._ask(self._connect(self.outsider), "/mail_plugin/partner/get", **params)
        self.assertFalse({"leads", "tickets"} & answer.keys())

    def test_thousands_are_counted_and_the_first_shown_in_the_queries_of_few(self):
        plugin = self.env(user=self.manager)["crm.mail.plugin"]
        answer = {"partner": {"title": False, "enrichment_info": None}, "leads": []}

        def ask():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = plugin._add_sales(self.customer.with_user(self.manager), answer)
            return found, self.env.cr.sql_log_count - before

        def make(count):
            values = {"partner_id": self.customer.id, "team_id": self.team.id, "user_id": self.sales.id}
            self.env["crm.lead"].create([{"name": f"P{n}", "type": "opportunity", **values} for n in range(count)])
            ticket = {"partner_id": self.customer.id, "team_id": self.service_team.id, "company_id": self.home.id}
            self.env["crm.ticket"].create([{"name": f"T{n}", **ticket} for n in range(count)])

        make(6)
        ask()
        _found, few = ask()
        make(1000)
        found, many = ask()
        self.assertEqual((found["lead_count"], found["ticket_count"]), (1006, 1006))
        self.assertEqual((len(found["leads"]), len(found["tickets"])), (5, 5))
        self.assertLessEqual(many, few)
        self.assertLess(many, 60)

    def test_the_add_ins_words_are_those_of_the_board(self):
        key = self._connect(self.sales)
        for params in ({"plugin": "outlook"}, {"plugin": "gmail"}, {}):
            with self.subTest(**params):
                terms = self._ask(key, "/mail_plugin/get_translations", **params)
                self.assertEqual(terms["Opportunities (%(count)s)"], "Projects (%(count)s)")
                self.assertEqual(terms["Opportunities (%s)"], "Projects (%s)")
        terms = self._ask(self._connect(self.outsider), "/mail_plugin/get_translations", plugin="outlook")
        self.assertNotIn("Opportunities (%(count)s)", terms)
