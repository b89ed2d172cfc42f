"""Who may do what: administrators set webhooks up, sales managers see how they are, and nobody reads a secret."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import WebhookCase


@tagged("post_install", "-at_install")
class TestRights(WebhookCase):
    def test_only_an_administrator_sees_the_address_and_what_was_sent(self):
        self._make_lead()
        self._end_transaction()
        row = self.deliveries.search([])
        for user, may in ((self.admin, True), (self.manager, False)):
            for record, name in ((self.webhook, "url"), (row, "payload"), (row, "payload_text")):
                with self.subTest(user=user.login, field=name):
                    record = record.with_user(user)
                    if may:
                        self.assertTrue(record.read([name]))
                    else:
                        with self.assertRaises(AccessError):
                            record.read([name])
        self.assertTrue(row.with_user(self.manager).read(["event", "state", "record_name", "error_text"]))
        self.assertTrue(self.webhook.with_user(self.manager).read(["name", "waiting_count", "last_success"]))

    def test_nobody_reads_searches_groups_exports_or_copies_a_secret(self):
        webhook = self.webhook.with_user(self.env.ref("base.user_admin"))
        self.assertNotIn("secret", webhook.fields_get())
        for name in ("secret", "former_secret"):
            tries = [
                lambda name=name: webhook.read([name]),
                lambda name=name: webhook.web_read({name: {}}),
                lambda name=name: webhook.search([(name, "like", "whsec")]),
                lambda name=name: webhook.search([], order=name),
                lambda name=name: webhook.formatted_read_group([], [name], ["__count"]),
                lambda name=name: webhook.export_data([name]),
                lambda name=name: webhook.write({name: "whsec_mine"}),
                lambda name=name: webhook.create({"name": "x", "url": "http://127.0.0.1", name: "whsec_mine"}),
            ]
            for number, attempt in enumerate(tries):
                with self.subTest(name, number=number):
                    self.assertTrue(self._is_refused(attempt))
        self.assertFalse({"secret", "former_secret"} & webhook.read()[0].keys())
        copy = webhook.copy()
        self.assertNotEqual(copy.sudo().secret, self.webhook.sudo().secret)
        self.assertFalse(copy.active)

    @staticmethod
    def _is_refused(attempt):
        try:
            attempt()
        except (AccessError, ValueError):
            return True
        return False

    def test_a_secret_is_shown_when_it_is_made_to_an_administrator_alone(self):
        for user in (self.manager, self.sales, self.outsider):
            with self.subTest(user.login):
                for action in ("action_new_secret", "action_send_test", "action_send_parked"):
                    with self.assertRaises(AccessError):
                        getattr(self.webhook.with_user(user), action)()
        shown = self.webhook.with_user(self.admin).action_new_secret()
        self.assertEqual(shown["params"]["secret"], self.webhook.sudo().secret)
        self.assertRegex(shown["params"]["secret"], r"^whsec_[\w-]{43}$")
        self.assertEqual(len(self.webhook._get_keys()), 1, "the one before was shown to nobody")

    def test_a_manager_has_nothing_sent_again(self):
        self._make_lead()
        self._end_transaction()
        rows = self.deliveries.search([])
        rows.write({"state": "parked"})
        with self.assertRaises(AccessError):
            rows.with_user(self.manager).action_send_again()

    def test_what_a_salesperson_changes_is_told(self):
        lead = self._make_lead()
        self._told()
        lead.with_user(self.sales).write({"expected_revenue": 12})
        self.assertEqual(self._told_events(), ["project.changed"])

    def test_the_log_of_a_restricted_project_is_as_hidden_as_the_project(self):
        self.webhook.with_restricted = True
        self._make_lead(name="Merger", is_restricted=True, user_id=self.manager.id)
        self._end_transaction()
        rows = self.deliveries.search([])
        self.assertEqual(rows.with_user(self.manager).search([]), rows)
        self.assertFalse(rows.with_user(self.admin).search([]))
        with self.assertRaises(AccessError):
            rows.with_user(self.admin).read(["payload"])
        rows.write({"state": "parked"})
        self.assertIn("1", self.webhook.with_user(self.admin).action_send_parked()["params"]["message"])

    def test_webhooks_of_another_company_are_not_seen(self):
        company = self.env["res.company"].create({"name": "Other"})
        other = self._make_webhook(company_id=company.id)
        self.env["res.partner"].create({"name": "Nova", "company_id": company.id})
        self._end_transaction()
        self.assertNotIn(other, self.env["crm.webhook"].with_user(self.admin).search([]))
        self.assertNotIn(other, self.deliveries.with_user(self.admin).search([]).webhook_id)

    def test_what_a_webhook_of_all_companies_was_told_is_seen_in_the_company_that_it_is_about(self):
        company = self.env["res.company"].create({"name": "Other"})
        self._told()
        partner = self.env["res.partner"].create({"name": "Nova", "company_id": company.id})
        self._make_lead(company_id=company.id, name="Theirs", user_id=False, team_id=False, partner_id=partner.id)
        self._end_transaction()
        rows = self.deliveries.search([])
        self.assertEqual(len(rows), 2)
        for user in (self.admin, self.manager):
            self.assertFalse(rows.with_user(user).search([]))
            self.assertFalse(self.webhook.with_user(user).recent_delivery_ids)
            with self.assertRaises(AccessError):
                rows.with_user(user).read(["event"])
        self.admin.company_ids |= company
        self.assertEqual(rows.with_user(self.admin).with_context(allowed_company_ids=company.ids).search([]), rows)

    def test_what_moves_to_another_company_before_it_is_committed_is_seen_there(self):
        company = self.env["res.company"].create({"name": "Other"})
        self._told()
        with self.env.cr.savepoint():
            partner = self.env["res.partner"].create({"name": "Nova", "company_id": self.env.company.id})
        with self.env.cr.savepoint():
            partner.company_id = company
        self._end_transaction()
        self.assertEqual(self.deliveries.search([]).company_id, company)
