"""A webhook that cannot work harms nobody: what is saved is saved, and the other webhooks are told."""

from psycopg2.errors import SerializationFailure

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common import WebhookCase

MIXIN = "odoo.addons.crm_webhook.models.crm_webhook_mixin"


@tagged("post_install", "-at_install")
class TestBroken(WebhookCase):
    def setUp(self):
        super().setUp()
        # the first one is the one that breaks
        self.other = self._make_webhook(name="Warehouse")
        self._end_transaction()

    def _break_filter(self, domain="[('x_gone', '=', 1)]"):
        """As when a field is deleted after it was chosen."""
        self._set(lead_domain=domain)

    def _set(self, **values):
        self.env.flush_all()
        for name, value in values.items():
            statement = "UPDATE crm_webhook SET %s = %s WHERE id = %s"
            self.env.cr.execute(SQL(statement, SQL.identifier(name), value, self.webhook.id))
        self.env.invalidate_all()

    def _note(self):
        """What comes after a commit."""
        with self.enter_registry_test_mode():
            self.env.cr.postcommit.run()
        self.env.invalidate_all()

    @mute_logger(MIXIN)
    def test_a_filter_by_a_field_that_is_gone_keeps_nobody_from_saving(self):
        for domain in ("[('x_gone', '=', 1)]", "nonsense", "[('partner_id.x_gone', '=', 1)]"):
            with self.subTest(domain):
                self._break_filter(domain)
                lead = self._make_lead()
                self.assertEqual(self._told_events(self.other), ["project.created"])
                lead.with_user(self.sales).write({"expected_revenue": 7})
                self.assertEqual((self._told_events(self.other), self._told_events()), (["project.changed"], []))
                self.assertEqual(lead.expected_revenue, 7)
                self.env["res.partner"].create({"name": "Nova"})
                told = self._told_events(), self._told_events(self.other)
                self.assertEqual(told, (["customer.created"],) * 2, "which has to do with no filter")

    @mute_logger(MIXIN)
    def test_administrators_see_that_nothing_is_told_and_why(self):
        self._break_filter()
        self._make_lead()
        self._end_transaction()
        self._note()
        seen = self.webhook.with_user(self.admin)
        self.assertIn("x_gone", seen.problem)
        since = seen.problem_date
        self.assertTrue(since)
        self.assertFalse(self.other.problem)
        arch = seen.get_views([(False, "form")])["views"]["form"]["arch"]
        self.assertIn('name="problem"', arch)
        arch = seen.with_user(self.manager).get_views([(False, "form")])["views"]["form"]["arch"]
        self.assertNotIn('name="problem"', arch)
        seen.lead_domain = "[]"
        self.assertFalse(seen.problem or seen.problem_date)
        self._make_lead()
        self.assertEqual(self._told_events(), ["project.created"])

    @mute_logger(MIXIN)
    def test_a_filter_that_works_again_is_no_problem_any_more(self):
        self._break_filter()
        self._make_lead()
        self._end_transaction()
        self._note()
        self._set(lead_domain="[]")
        self._make_lead()
        self._end_transaction()
        self._note()
        self.assertFalse(self.webhook.problem or self.webhook.problem_date)

    def test_a_language_that_is_no_longer_installed_gives_way_to_one_that_is(self):
        languages = self.env["res.lang"]
        language = languages._activate_lang("nl_NL")
        self.webhook.lang = "nl_NL"
        self._end_transaction()
        language.active = False
        lead = self._make_lead(stage_id=self.prospect.id)
        [(_event, payload)] = self._told()
        self.assertEqual(payload["data"]["status"]["name"], "Prospect")
        lead.stage_id = self.offer
        [(_event, payload)] = self._told()
        self.assertEqual(payload["previous"]["status"]["name"], "Prospect")
        self.env["res.partner"].create({"name": "Nova"})
        self.assertEqual(self._told_events(), ["customer.created"])

    def test_without_the_job_what_is_told_waits(self):
        self.env.ref("crm_webhook.ir_cron_deliver").unlink()
        self._make_lead()
        self._end_transaction()
        rows = self.deliveries.search([("webhook_id", "=", self.webhook.id)])
        self.assertEqual(rows.mapped("state"), ["waiting"])
        rows.write({"state": "parked"})
        self.webhook.with_user(self.admin).action_send_parked()
        self.assertEqual(rows.mapped("state"), ["waiting"])

    def test_a_conflict_with_another_transaction_has_the_whole_one_done_again(self):
        def conflict(webhook, records):
            raise SerializationFailure

        self.patch(type(self.webhook), "_filter_concerned", conflict)
        with self.assertRaises(SerializationFailure):
            self._make_lead()
            self._end_transaction()

    @mute_logger(MIXIN)
    def test_what_the_transaction_told_before_is_still_known(self):
        """A part of it in a savepoint, then the broken one: the other's delivery is one, not two."""
        lead = self._make_lead()
        self._end_transaction()
        self.deliveries.search([]).unlink()
        self._break_filter()
        with self.env.cr.savepoint():
            lead.expected_revenue = 1
        with self.env.cr.savepoint():
            lead.contact_name = "Jane"
        [(_event, payload)] = self._told(self.other)
        self.assertEqual(payload["data"]["contact_name"], "Jane")
