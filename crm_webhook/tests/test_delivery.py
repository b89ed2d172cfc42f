"""What is told arrives: signed, in order, at least once, and without harm to anybody when a receiver fails."""

import time
from datetime import timedelta

from odoo import fields
from odoo.tests import BaseCase, tagged

from ..models.crm_webhook_delivery_job import PORTION, Turn
from ..tools import backoff, sender
from .common import ReceiverCase
from .receiver import is_genuine


@tagged("post_install", "-at_install")
class TestDelivery(ReceiverCase):
    def test_it_arrives_signed_with_its_id_and_event(self):
        self._make_leads("Fleet für München")
        self._run_job()
        [(path, headers, body)] = self.receiver.requests
        self.assertEqual(path, "/hooks/crm?from=odoo")
        secret = self.webhook.sudo().secret
        self.assertTrue(is_genuine(headers, body, secret, time.time()))
        self.assertFalse(is_genuine(headers, body, "whsec_other", time.time()))
        self.assertFalse(is_genuine(headers, body + b" ", secret, time.time()))
        self.assertFalse(is_genuine(headers, body, secret, time.time() + 301), "an old one that somebody kept")
        [payload] = self.receiver.bodies
        self.assertEqual(payload["data"]["name"], "Fleet für München")
        self.assertEqual(headers["X-CRM-Webhook-Id"], payload["id"])
        self.assertEqual((headers["X-CRM-Webhook-Event"], headers["X-CRM-Webhook-Attempt"]), ("project.created", "1"))
        self.assertEqual(headers["Content-Type"], "application/json")
        self.assertEqual(self._states(), ["delivered"])
        row = self.deliveries.search([])
        self.assertEqual((row.status_code, row.attempts, row.error), (204, 1, ""))
        self.assertEqual((self.webhook.delivered_count, self.webhook.failures), (1, 0))
        self.assertTrue(self.webhook.last_success)

    def test_the_order_of_the_changes_is_kept(self):
        names = [f"Fleet {number:02}" for number in range(PORTION + 5)]
        self._make_leads(*names)
        self._run_job()
        self.assertEqual([name for _event, name in self.receiver.events], names)

    def test_while_a_secret_is_replaced_both_hold_for_a_day(self):
        former = self.webhook.with_user(self.admin).action_new_secret()["params"]["secret"]
        secret = self.webhook.with_user(self.admin).action_new_secret()["params"]["secret"]
        self._make_leads("One")
        self._run_job()
        self.webhook.sudo().former_secret_until = fields.Datetime.now() - timedelta(seconds=1)
        self._make_leads("Two")
        self._run_job()
        held = [
            [is_genuine(headers, body, key, time.time()) for key in (former, secret)]
            for _path, headers, body in self.receiver.requests
        ]
        self.assertEqual(held, [[True, True], [False, True]])

    def test_what_does_not_arrive_is_tried_again_and_what_comes_after_it_waits(self):
        cases = ["break_down", "be_slow", "drip", "hang_up", "redirect", "forbid", "talk_nonsense"]
        for failure in cases:
            with self.subTest(failure):
                self.receiver.requests.clear()
                self.receiver.script = [failure]
                self._make_leads("First", "Second")
                if failure in ("be_slow", "drip"):
                    self._be_impatient()
                self._run_job()
                self.timeouts.clear()
                self.assertEqual(len(self.receiver.requests), 1)
                self.assertEqual(self._states(), ["waiting", "waiting"])
                row = self.deliveries.search([], order="id", limit=1)
                self.assertTrue(row.error or row.status_code)
                self.assertGreater(row.next_attempt, row.last_attempt_on + timedelta(seconds=20))
                self.assertEqual(self.webhook.failures, 1)
                self._let_pass(hours=-1)
                self._run_job()
                self.assertEqual(len(self.receiver.requests), 1, "it is left alone for a while")
                self._let_pass(minutes=61)
                self._run_job()
                self.assertEqual([name for _event, name in self.receiver.events], ["First", "First", "Second"])
                ids = self.receiver.ids
                self.assertTrue(ids[0] == ids[1] != ids[2], "known by its id")
                self.deliveries.search([]).unlink()

    def test_a_receiver_that_is_down_is_tried_for_a_day_then_it_is_parked(self):
        self.receiver.stop()
        self._make_leads("First", "Second")
        waits = []
        for _attempt in range(60):
            self._run_job()
            row = self.deliveries.search([], order="id", limit=1)
            if row.state == "parked":
                break
            waits.append((row.next_attempt - row.last_attempt_on).total_seconds())
            self._let_pass(seconds=int(waits[-1]) + 1)
        self.assertEqual(self._states(), ["parked", "parked"])
        self.assertLess(waits[0], 40)
        self.assertTrue(all(2800 < wait < 4400 for wait in waits[9:]), waits)
        self.assertTrue(86_000 < sum(waits) < 92_000, sum(waits))
        self.assertIn("day", self.deliveries.search([], limit=1).error_text)
        self.assertEqual((self.webhook.parked_count, self.webhook.failures), (2, 0))

    def test_what_was_parked_is_sent_again_by_a_button_in_its_order(self):
        self._make_leads("First", "Second", "Third")
        self._end_transaction()
        rows = self.deliveries.search([])
        rows.write({"state": "parked"})
        rows[1:].with_user(self.admin).action_send_again()
        self._run_job()
        self.assertEqual([name for _event, name in self.receiver.events], ["First", "Second"])
        self.webhook.with_user(self.admin).action_send_parked()
        self._run_job()
        self.assertEqual(self._states(), ["delivered"] * 3)
        rows.with_user(self.admin).action_send_again()
        self._run_job()
        self.assertEqual(len(self.receiver.requests), 3, "what has arrived is not sent again")

    def test_what_a_receiver_does_not_want_steps_aside_with_what_follows_of_the_same_record(self):
        lead = self._make_leads("First")
        lead.expected_revenue = 3
        self._end_transaction()
        self._make_leads("Second")
        self.receiver.script = ["refuse"]
        self._run_job()
        self.assertEqual([name for _event, name in self.receiver.events], ["First", "Second"])
        self.assertEqual(self._states(), ["waiting", "waiting", "delivered"])
        self.assertEqual(self.webhook.failures, 0, "the receiver works")
        self._let_pass(minutes=1)
        self._run_job()
        self.assertEqual(self.receiver.events[2:], [("project.created", "First"), ("project.changed", "First")])

    def test_no_receiver_waits_for_another_one(self):
        """One is down, one does not answer before the third one has got all, which is more than one portion."""
        slow, down = self._start_receiver(), self._start_receiver()
        down.stop()
        slow_webhook, _down_webhook = self._make_webhook(url=slow.url), self._make_webhook(url=down.url)
        number = PORTION + 5
        self._make_leads(*(f"Fleet {n}" for n in range(number)))
        slow.script = ["wait"]

        def take(handler):
            handler.reply(204)
            if len(self.receiver.requests) == number:
                slow.hold.set()

        self.receiver.take = take
        self._run_job()
        self.assertEqual(self._states(), ["delivered"] * number)
        self.assertEqual(self._states(slow_webhook), ["delivered"] * number, "it was not waited for in vain")
        for receiver in (self.receiver, slow):
            self.assertEqual([name for _event, name in receiver.events], [f"Fleet {n}" for n in range(number)])

    def test_slow_receivers_never_have_all_threads(self):
        due = [(1, True), (2, True), (3, True), (4, True), (5, True), (6, False), (7, False)]
        busy = [Turn(number, None, True, None, []) for number in (8, 9)]
        self.assertEqual(list(self.deliveries._choose(due, busy, 6)), [1, 2, 6, 7])
        self.assertEqual(list(self.deliveries._choose(due, busy, 1)), [1])
        self.assertEqual(list(self.deliveries._choose([(8, True), (7, False)], busy, 6)), [7])

    def test_nothing_is_begun_when_time_is_over(self):
        receiver = self.webhook._get_receiver()
        message = sender.Message(1, "id", "test", 1, b'{"event": "test", "data": {}}')
        self.assertEqual(sender.send_in_order(receiver, [message], time.monotonic()), [])
        self.assertEqual(self.receiver.requests, [])
        [outcome] = sender.send_in_order(receiver, [message], time.monotonic() + 100)
        self.assertTrue(outcome.is_delivered)

    def test_a_user_never_waits_for_a_receiver(self):
        self.receiver.usual = "be_slow"
        lead = self._make_leads("Fleet")
        lead.with_user(self.sales).write({"expected_revenue": 3})
        self._end_transaction()
        self.assertEqual(self.receiver.requests, [], "sent by the job alone")
        self.assertEqual(self._states(), ["waiting", "waiting"])

    def test_the_job_is_woken_by_a_change_and_for_the_next_attempt(self):
        job = self.env.ref("crm_webhook.ir_cron_deliver")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", job.id)])
        self._make_leads("Fleet")
        woken = self.env["ir.cron.trigger"].search([("cron_id", "=", job.id)]) - triggers
        self.assertTrue(woken)
        self.receiver.script = ["break_down"]
        self._run_job()
        row = self.deliveries.search([])
        later = self.env["ir.cron.trigger"].search([("cron_id", "=", job.id)]) - triggers - woken
        self.assertEqual(later.mapped("call_at"), [row.next_attempt])

    def test_no_proxy_of_the_environment_gets_it(self):
        proxy = self._start_receiver()
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            self.patch_environment(name, f"http://127.0.0.1:{proxy.port}")
        self._make_leads("Fleet")
        self._run_job()
        self.assertEqual((len(proxy.requests), len(self.receiver.requests)), (0, 1))

    def patch_environment(self, name, value):
        from unittest.mock import patch

        patcher = patch.dict("os.environ", {name: value})
        patcher.start()
        self.addCleanup(patcher.stop)

    def test_https_wants_a_certificate(self):
        self.webhook.url = self.receiver.url.replace("http:", "https:")
        self._be_impatient()  # it waits for a request in plain words
        self._make_leads("Fleet")
        self._run_job()
        self.assertEqual((self.receiver.requests, self._states()), ([], ["waiting"]))

    def test_a_test_is_sent_at_once_and_stands_in_the_log(self):
        webhook = self.webhook.with_user(self.admin)
        self.assertEqual(webhook.action_send_test()["params"]["type"], "success")
        self.receiver.script = ["break_down", "be_slow"]
        self.assertIn("500", webhook.action_send_test()["params"]["message"])
        self._be_impatient()
        self.assertIn("in time", webhook.action_send_test()["params"]["message"])
        self.assertEqual(self._states(), ["delivered", "parked", "parked"])
        self.assertEqual([event for event, _name in self.receiver.events], ["test"] * 3)
        self.assertEqual(self.webhook.parked_count, 0, "no figure of the webhook")
        webhook.action_send_parked()
        self.assertEqual(self._states(), ["delivered", "parked", "parked"], "a test is not sent again")
        _path, headers, body = self.receiver.requests[0]
        self.assertTrue(is_genuine(headers, body, self.webhook.sudo().secret, time.time()))

    def test_an_archived_webhook_keeps_what_waits_until_it_is_back(self):
        self._make_leads("Fleet")
        self.webhook.active = False
        self._run_job()
        self.assertEqual(self.receiver.requests, [])
        self.webhook.active = True
        self._run_job()
        self.assertEqual(len(self.receiver.requests), 1)

    def test_the_log_is_kept_for_the_days_that_the_webhook_says(self):
        other = self._make_webhook(url=self.receiver.url, retention_days=90)
        self._make_leads("Old")
        self._run_job()
        self._let_pass(days=31)
        self._make_leads("New")
        self.deliveries._gc_deliveries()
        self.assertEqual((len(self._states()), len(self._states(other))), (1, 2))

    def test_what_waits_or_was_parked_just_now_is_not_cleaned_up(self):
        self._make_leads("Waits", "Parked long ago", "Parked now", "Never tried and parked now", "Delivered")
        self._let_pass(days=40)
        _waits, old, tried, silent, delivered = self.deliveries.search([], order="id")
        now = fields.Datetime.now()
        (old | tried | silent).state = "parked"
        tried.last_attempt_on = delivered.last_attempt_on = now
        delivered.state = "delivered"
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_webhook_delivery SET write_date = %s WHERE id = ANY(%s)",
            [now - timedelta(days=8), (old | tried).ids],
        )
        self.deliveries._gc_deliveries()
        self.assertEqual(self._states(), ["waiting", "parked", "parked"])
        self._let_pass(days=8)
        self.deliveries._gc_deliveries()
        self.assertEqual(self._states(), ["waiting"])
        self.webhook.active = False
        self.deliveries._gc_deliveries()
        self.assertEqual(self._states(), [], "of a webhook that nobody uses")


@tagged("post_install", "-at_install")
class TestBackoff(BaseCase):
    def test_it_doubles_up_to_an_hour_with_chance_in_it(self):
        waits = [backoff.delay(attempt, chance=lambda: 0.5).total_seconds() for attempt in (1, 2, 3, 7, 8, 9, 1000)]
        self.assertEqual(waits, [30, 60, 120, 1920, 3600, 3600, 3600])
        self.assertEqual(backoff.delay(1, chance=lambda: 0).total_seconds(), 24)
        self.assertEqual(backoff.delay(1, chance=lambda: 1).total_seconds(), 36)
