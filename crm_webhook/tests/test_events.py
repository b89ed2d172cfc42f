"""What is told, to whom, in which words; written in the same transaction as the change."""

import json

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import WebhookCase


@tagged("post_install", "-at_install")
class TestEvents(WebhookCase):
    def test_a_project_that_is_made_and_changed_at_once_is_told_once(self):
        lead = self._make_lead(name="Fleet")
        lead.write({"expected_revenue": 2500})
        [(event, payload)] = self._told()
        self.assertEqual(event, "project.created")
        self.assertEqual((payload["data"]["name"], payload["data"]["projected_value"]), ("Fleet", 2500))
        self.assertEqual(payload["changed"], [])

    def test_the_parts_of_one_transaction_are_one_thing(self):
        """A savepoint, as of an import, ends a part."""
        lead = self._make_lead()
        self._end_transaction()
        self.deliveries.search([]).unlink()
        with self.env.cr.savepoint():
            lead.expected_revenue = 1
        with self.env.cr.savepoint():
            lead.contact_name = "Jane"
        [(event, payload)] = self._told()
        self.assertEqual(event, "project.changed")
        self.assertEqual(payload["changed"], ["contact_name", "projected_value", "weighted_value"])
        self.assertEqual((payload["data"]["projected_value"], payload["data"]["contact_name"]), (1, "Jane"))

    def test_each_step_of_a_sale_is_its_own_event(self):
        lead = self._make_lead()
        self._told()
        steps = [
            ("project.changed", lambda: lead.write({"expected_revenue": 5})),
            ("project.status_changed", lambda: lead.write({"stage_id": self.offer.id})),
            ("project.won", lambda: self._close(lead, "order")),
            ("project.reopened", lambda: lead.write({"board_column_id": self._column("status", self.offer).id})),
            ("project.lost", lambda: self._close(lead, "lost")),
            ("project.cancelled", lambda: self._close(lead, "cancelled")),
            ("project.reopened", lambda: lead.write({"board_column_id": self._column("status", self.offer).id})),
        ]
        for event, step in steps:
            with self.subTest(event=event):
                step()
                self.assertEqual(self._told_events(), [event])

    def test_an_event_says_how_it_was_and_how_it_is(self):
        lead = self._make_lead(stage_id=self.prospect.id)
        self._told()
        self._close(lead, "lost")
        [(_event, payload)] = self._told()
        self.assertEqual(payload["previous"]["outcome"], "open")
        self.assertEqual(payload["previous"]["status"], {"id": self.prospect.id, "name": "Prospect"})
        self.assertEqual((payload["data"]["outcome"], payload["data"]["reason"]["name"]), ("lost", "Too slow"))
        self.assertIn("outcome", payload["changed"])

    def test_a_change_is_told_as_a_change_to_who_does_not_want_the_particular(self):
        plain = self._make_webhook("project.changed")
        lead = self._make_lead()
        self._told(), self._told(plain)
        self._close(lead, "order")
        self.assertEqual((self._told_events(), self._told_events(plain)), (["project.won"], ["project.changed"]))

    def test_a_project_that_is_made_as_won_is_told_as_both(self):
        self._make_lead(board_column_id=self._column("order").id)
        self.assertEqual(self._told_events(), ["project.created", "project.won"])

    def test_nothing_is_told_that_is_not_so(self):
        lead = self._make_lead()
        self._told()

        def to_and_fro():
            lead.write({"name": "Other"})
            lead.flush_recordset()
            lead.write({"name": "GTX Pro fleet"})

        cases = [
            ("the same again", lambda: lead.write({"expected_revenue": lead.expected_revenue})),
            ("to and fro", to_and_fro),
            ("what is not sent", lambda: lead.write({"notepad": "<p>secret</p>"})),
        ]
        for name, change in cases:
            with self.subTest(name):
                change()
                self.assertEqual(self._told_events(), [])

    def test_what_is_rolled_back_is_not_told(self):
        lead = self._make_lead()
        self._told()
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            lead.expected_revenue = 77
            lead.flush_recordset()
            self._make_lead(name="Never")
            raise ValidationError("no")
        self.assertEqual(self._told_events(), [])

    def test_a_value_that_follows_an_order_is_told(self):
        """Nobody writes the project: the ORM computes it."""
        lead = self._make_lead()
        self._close(lead, "order")
        self._told()
        product = self.env["product.product"].create({"name": "Truck"})
        line = {"product_id": product.id, "price_unit": 4321, "tax_ids": False}
        order = self.env["sale.order"].create(
            {"partner_id": self.partner.id, "opportunity_id": lead.id, "order_line": [(0, 0, line)]}
        )
        order.action_confirm()
        told = dict(self._told())
        self.assertEqual(told["project.changed"]["data"]["actual_value"], lead.actual_revenue)
        self.assertIn("actual_value", told["project.changed"]["changed"])

    def test_customers_are_told_colleagues_and_further_addresses_are_not(self):
        partners = self.env["res.partner"]
        customer = partners.create({"name": "Nova", "is_company": True, "country_id": self.env.ref("base.nl").id})
        partners.create({"name": "Hall 2", "type": "delivery", "parent_id": customer.id})
        self._make_user("cast_new", "base.group_user")
        [(event, payload)] = self._told()
        self.assertEqual((event, payload["data"]["name"]), ("customer.created", "Nova"))
        self.assertEqual(payload["data"]["address"]["country"], "NL")
        customer.write({"city": "Delft", "comment": "not sent"})
        [(event, payload)] = self._told()
        self.assertEqual((event, payload["changed"]), ("customer.changed", ["address"]))
        self.sales.partner_id.city = "Delft"
        self.assertEqual(self._told_events(), [])

    def test_times_are_utc_amounts_have_their_currency_and_nothing_is_false(self):
        lead = self._make_lead(date_deadline="2026-12-24")
        self._close(lead, "order", date_closed="2026-12-01 13:14:15")
        payload = self._told()[0][1]
        data = payload["data"]
        self.assertEqual((data["expected_closing"], data["closed_at"]), ("2026-12-24", "2026-12-01T13:14:15Z"))
        self.assertEqual(data["currency"], lead.company_currency.name)
        self.assertRegex(payload["created_at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        booleans = {name for name, value in data.items() if isinstance(value, bool)}
        self.assertEqual(booleans, {"active", "restricted"})
        for name in ("contact_name", "phone", "reason"):
            self.assertIsNone(data[name], name)

    def test_names_are_in_the_language_of_the_webhook(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        self.offer.with_context(lang="nl_NL").name = "Offerte"
        self.webhook.lang = "nl_NL"
        self._make_lead(stage_id=self.offer.id)
        self.assertEqual(self._told()[0][1]["data"]["status"]["name"], "Offerte")


@tagged("post_install", "-at_install")
class TestWhichProjects(WebhookCase):
    def test_team_process_filter_and_company_choose(self):
        company = self.env["res.company"].create({"name": "Other"})
        cases = [
            ({"team_ids": self.team.ids}, True),
            ({"team_ids": self.native_team.ids}, False),
            ({"process_ids": self.process.ids}, True),
            ({"process_ids": self.standard.ids}, False),
            ({"lead_domain": "[('expected_revenue', '>', 500)]"}, True),
            ({"lead_domain": "[('expected_revenue', '>', 5000)]"}, False),
            ({"company_id": self.env.company.id}, True),
            ({"company_id": company.id}, False),
        ]
        for values, is_told in cases:
            with self.subTest(values):
                webhook = self._make_webhook("project.won", **values)
                self._close(self._make_lead(company_id=self.env.company.id), "order")
                self.assertEqual(bool(self._told_events(webhook)), is_told)

    def test_it_never_widens_because_what_it_is_narrowed_to_is_deleted_or_archived(self):
        team, second = (self.team.copy({"name": name}) for name in ("North", "South"))
        process = self.process.copy({"name": "Rental"})
        for name, record in (("team_ids", team), ("process_ids", process)):
            for active in (True, False):
                with self.subTest(name, active=active):
                    webhook = self._make_webhook(name="Narrow", active=active, **{name: record.ids})
                    with self.assertRaisesRegex(UserError, "Narrow"):
                        record.unlink()
                    self._told(webhook)
                    record.active = False
                    self._make_lead()
                    self.assertEqual(self._told(webhook), [])
                    record.active = True
                    webhook.unlink()
        self._make_webhook(team_ids=(team | second).ids)
        second.unlink()
        self.assertTrue(team.exists(), "one is left that it is narrowed to")
        with self.assertRaises(UserError):
            (team | self.native_team).unlink()

    def test_who_belongs_to_no_company_is_told_to_all(self):
        webhook = self._make_webhook(company_id=self.env.company.id)
        self.env["res.partner"].create({"name": "Nova", "company_id": False})
        self.assertEqual(self._told_events(webhook), ["customer.created"])

    def test_nothing_is_told_of_a_restricted_project_unless_so_ticked(self):
        ticked = self._make_webhook(with_restricted=True)
        lead = self._make_lead(name="Merger", is_restricted=True)
        self._close(lead, "order")
        self.assertEqual(self._told(), [])
        told = self._told(ticked)
        self.assertTrue(told[0][1]["data"]["restricted"])
        lead.is_restricted = False
        self.assertEqual(self._told_events(), ["project.changed"])
        lead.write({"is_restricted": True, "name": "Takeover"})
        self.assertEqual(self._told(), [])

    def test_a_filter_that_cannot_be_searched_by_is_refused(self):
        for domain in ("[('no_such_field', '=', 1)]", "nonsense", "[(1)]", "__import__('os')"):
            with self.subTest(domain), self.assertRaisesRegex(ValidationError, "filter"):
                self._make_webhook(lead_domain=domain)

    def test_a_webhook_without_an_event_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "at least one event"):
            self.env["crm.webhook"].create({"name": "ERP", "url": "http://127.0.0.1/"})

    def test_an_archived_webhook_is_told_nothing(self):
        self.webhook.active = False
        self._make_lead()
        self.assertEqual(self._told(), [])


@tagged("post_install", "-at_install")
class TestMany(WebhookCase):
    def _count_queries(self, number):
        leads = self._make_lead().concat(*(self._make_lead(name=f"Fleet {n}") for n in range(number - 1)))
        self._told()
        leads.write({"expected_revenue": 4})
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.env.cr.flush()
        count = self.env.cr.sql_log_count - before
        self.assertEqual(len(self._told()), number)
        return count

    def test_what_is_told_of_a_thousand_takes_the_queries_of_what_is_told_of_ten(self):
        few, many = self._count_queries(10), self._count_queries(1000)
        # Odoo inserts a hundred rows at a time
        self.assertLessEqual(many, few + 12)

    def test_without_a_webhook_a_change_costs_no_query_more(self):
        self.webhook.active = False
        lead = self._make_lead()
        self._end_transaction()
        self.env["crm.webhook"]._subscribed_events()
        lead.expected_revenue = 9
        with self.assertQueryCount(1):
            lead.flush_recordset(["expected_revenue"])
            self.env.cr.precommit.run()

    def test_the_content_is_frozen(self):
        lead = self._make_lead(name="Fleet")
        self._end_transaction()
        lead.name = "Later"
        self._end_transaction()
        rows = self.deliveries.search([], order="id")
        self.assertEqual([json.loads(row.payload)["data"]["name"] for row in rows], ["Fleet", "Later"])
