from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .sms_gateway import Gateway, Killed, gateway_class
from .test_sms_recipients import MOBILE, SmsCase


class GatewayCase(SmsCase):
    def setUp(self):
        super().setUp()
        self.gateway = Gateway()
        self.addCleanup(self.gateway.stop)
        self._use_gateway()
        self.env["ir.config_parameter"].set_param("sms.session.batch.size", 2)

    def _use_gateway(self, url=None, **options):
        api_class = gateway_class(url or self.gateway.url, **options)
        self.patch(type(self.env["res.company"]), "_get_sms_api_class", lambda company: api_class)

    def _start(self, count=5, **options):
        self._make_projects(count)
        sending = self._prepare(**options)
        sending.action_send()
        return sending

    def _run_job(self, expected=()):
        """In a transaction of its own, whose commits are kept and whose rest is lost, as in a worker."""
        with self.enter_registry_test_mode():
            cr = self.registry.cursor()
            try:
                api.Environment(cr, SUPERUSER_ID, {})["crm.sms.sending"]._send_waiting()
                cr.commit()
            except expected:
                cr.rollback()
            finally:
                cr.close()

    def _states(self, sending):
        return [recipient.state for recipient in sending.sudo().recipient_ids.sorted("id")]

    def _assert_each_once(self, numbers):
        self.assertEqual(self.gateway.counts, dict.fromkeys([MOBILE % number for number in numbers], 1))


@tagged("post_install", "-at_install")
class TestSmsSending(GatewayCase):
    def test_all_get_it_once_through_the_companys_gateway_and_it_is_logged(self):
        sending = self._start(5, body="Hello {{ object.partner_id.name }}")
        self._run_job()
        self._assert_each_once(range(5))
        self.assertEqual(self.gateway.requests, 3, "As many at once as the gateway takes")
        self.assertIn((MOBILE % 3, "Hello Customer 3"), self.gateway.received)
        self.assertEqual((sending.state, sending.progress, sending.sent_count), ("done", 100, 5))
        for recipient in sending.recipient_ids:
            message = recipient.sudo().mail_message_id
            self.assertEqual((message.model, message.res_id), ("crm.lead", recipient.lead_id.id))
            self.assertEqual((message.message_type, message.author_id), ("sms", self.sales.partner_id))
            self.assertIn(recipient.partner_id.name, message.body)
        # Nothing is left for Odoo's queue, nor for its buttons.
        self._run_native_queue(sending)
        self._assert_each_once(range(5))

    def _run_native_queue(self, sending):
        messages = self.env["sms.sms"].search([("uuid", "in", sending.sudo().recipient_ids.mapped("uuid"))])
        messages.action_set_outgoing()
        messages.send()
        messages.state = "error"
        messages.resend_failed()
        messages.state = "outgoing"
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["sms.sms"]._process_queue()

    def test_a_gateway_that_breaks_down_is_not_asked_for_the_rest_and_can_be_asked_again(self):
        sending = self._start(5)
        self.gateway.script = ["work", "break_down"]
        self._run_job()
        self.assertEqual(self._states(sending), ["sent", "sent", "failed", "failed", "waiting"])
        self.assertEqual(sending.state, "stopped")
        self.assertIn("500", sending.stop_reason)
        self.assertIn("500", sending.recipient_ids[2].failure)
        self._run_job()
        self.assertEqual(self._states(sending)[4], "waiting", "What was stopped waits for a user")
        sending.action_retry_failed()
        self._run_job()
        self.assertEqual(sending.state, "done")
        self._assert_each_once(range(5))
        logged = self.env["mail.message"].search(
            [
                ("message_type", "=", "sms"),
                ("res_id", "in", sending.recipient_ids.lead_id.ids),
                ("model", "=", "crm.lead"),
            ]
        )
        self.assertEqual(len(logged), 5, "A second attempt is not logged again")

    def test_a_gateway_that_is_away_got_nothing(self):
        sending = self._start(3)
        url = self.gateway.url
        self._use_gateway(url.replace("/send", "").rsplit(":", 1)[0] + ":9/send")
        self._run_job()
        self.assertEqual(self._states(sending), ["failed", "failed", "waiting"])
        self._use_gateway()
        sending.action_retry_failed()
        self._run_job()
        self._assert_each_once(range(3))

    def test_who_may_have_got_it_is_uncertain_and_gets_no_second_one_by_itself(self):
        for step in ("be_slow", "hang_up", "talk_nonsense"):
            with self.subTest(step):
                self.gateway.received.clear()
                leads = self._make_projects(3, start=100)
                sending = self._prepare(domain=[("id", "in", leads.ids)])
                sending.action_send()
                self.gateway.script = [step]
                self._run_job()
                self.assertEqual(self._states(sending), ["uncertain", "uncertain", "waiting"])
                self.assertEqual(sending.state, "stopped")
                self.assertTrue(sending.recipient_ids[0].failure)
                sending.action_continue()
                self._run_job()
                self._run_native_queue(sending)
                with self.assertRaises(UserError):
                    sending.action_retry_failed()
                self._run_job()
                self.assertEqual(self._states(sending), ["uncertain", "uncertain", "sent"])
                self._assert_each_once(range(100, 103))
                leads.unlink()

    def test_a_user_can_choose_to_send_again_to_who_is_uncertain(self):
        sending = self._start(2)
        self.gateway.script = ["hang_up"]
        self._run_job()
        uuids = sending.recipient_ids.mapped("uuid")
        sending.recipient_ids[0].action_send_again()
        self._run_job()
        self.assertEqual(self._states(sending), ["sent", "uncertain"])
        sending.action_repeat_uncertain()
        self._run_job()
        self.assertEqual(self.gateway.counts, {MOBILE % 0: 2, MOBILE % 1: 2})
        self.assertEqual(sending.recipient_ids.mapped("uuid"), uuids, "A gateway that keeps ids sees it is the same")

    def test_a_server_that_dies_after_the_gateway_accepted_sends_no_second_message(self):
        sending = self._start(5)

        def die():
            if self.gateway.requests == 2:
                raise Killed

        self._use_gateway(after=die)
        self._run_job(expected=Killed)
        self.assertEqual(self._states(sending), ["sent", "sent", "sending", "sending", "waiting"])
        self.assertEqual(sending.state, "running")
        self._run_job()
        self.assertEqual(self._states(sending), ["sent", "sent", "uncertain", "uncertain", "sent"])
        self._assert_each_once(range(5))

    def test_a_commit_that_fails_after_the_gateway_accepted_sends_no_second_message(self):
        sending = self._start(3)
        cron = type(self.env["ir.cron"])
        original = cron._commit_progress
        failed = []

        def commit(*args, **kwargs):
            if self.gateway.requests and not failed:
                failed.append(True)
                raise IntegrityError("the connection is gone")
            return original(*args, **kwargs)

        with patch.object(cron, "_commit_progress", commit):
            self._run_job()
        self.assertEqual(self._states(sending), ["uncertain", "uncertain", "waiting"])
        sending.action_continue()
        self._run_job()
        self._assert_each_once(range(3))

    def test_an_answer_that_comes_twice_does_no_harm(self):
        sending = self._start(2)
        self.gateway.script = ["answer_twice"]
        self._run_job()
        self.assertEqual(self._states(sending), ["sent", "sent"])
        self._assert_each_once(range(2))

    def test_who_the_gateway_says_nothing_of_is_uncertain(self):
        sending = self._start(2)
        self.gateway.script = ["answer_for_some"]
        self._run_job()
        self.assertEqual(self._states(sending), ["sent", "uncertain"])

    def test_delivery_reports_settle_what_was_uncertain_and_may_come_twice(self):
        sending = self._start(2)
        self.gateway.script = ["hang_up"]
        self._run_job()
        uuids = sending.recipient_ids.mapped("uuid")
        trackers = [self.env["sms.tracker"].search([("sms_uuid", "=", uuid)]) for uuid in uuids]
        for _time in range(2):
            trackers[0]._action_update_from_sms_state("sent")
            trackers[1]._action_update_from_provider_error("not_delivered")
        trackers[0]._action_update_from_sms_state("pending")
        self.assertEqual(self._states(sending), ["delivered", "failed"])
        sending.action_retry_failed()
        trackers[1]._action_update_from_sms_state("pending")
        self._run_job()
        self.assertEqual(self._states(sending), ["delivered", "sent"])
        self._assert_each_once(range(2))

    def test_what_the_gateway_refuses_is_told_and_others_are_sent(self):
        self.gateway.refused = {
            MOBILE % 1: "insufficient_credit",
            MOBILE % 2: "wrong_number_format",
            MOBILE % 3: "server_error",
        }
        sending = self._start(5)
        self._run_job()
        self.assertEqual(self._states(sending), ["sent", "failed", "failed", "uncertain", "sent"])
        self.assertEqual(sending.state, "done")
        self.assertTrue(all(sending.recipient_ids[1:4].mapped("failure")))
        self.gateway.refused = {}
        sending.action_retry_failed()
        self._run_job()
        self._assert_each_once([0, 1, 2, 4])

    def test_a_project_is_sent_through_the_gateway_of_its_company(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.sales.company_ids = self.env.company | other
        theirs = Gateway()
        self.addCleanup(theirs.stop)
        classes = {self.env.company.id: gateway_class(self.gateway.url), other.id: gateway_class(theirs.url)}
        self.patch(type(self.env["res.company"]), "_get_sms_api_class", lambda company: classes[company.id])
        leads = self._make_projects(3)
        leads[1].company_id = other
        lead = leads.with_user(self.sales).with_context(allowed_company_ids=[self.env.company.id, other.id])
        sending = lead.env["crm.sms.sending"].browse(lead.action_salesboard_sms(self.domain)["res_id"])
        sending.body = "Hello"
        sending.action_send()
        self._run_job()
        self._assert_each_once([0, 2])
        self.assertEqual(theirs.counts, {MOBILE % 1: 1})

    def test_of_a_gateway_with_a_request_per_message_no_breakdown_is_certain(self):
        self._use_gateway(one_request=False)
        sending = self._start(2)
        self.gateway.script = ["break_down"]
        self._run_job()
        self.assertEqual(self._states(sending), ["uncertain", "uncertain"])

    def test_it_can_be_stopped_and_continued(self):
        sending = self._start(5)

        def stop():
            if self.gateway.requests == 1:
                sending.action_stop()
                self.env.flush_all()

        self._use_gateway(after=stop)
        self._run_job()
        self.assertEqual(self._states(sending), ["sent", "sent", "waiting", "waiting", "waiting"])
        self.assertEqual((sending.state, sending.progress), ("stopped", 40))
        self.assertIn(self.sales.name, sending.stop_reason)
        sending.action_continue()
        self._run_job()
        self._assert_each_once(range(5))

    def test_the_job_ends_with_its_time_and_the_next_run_goes_on(self):
        sending = self._start(5)
        cron = type(self.env["ir.cron"])
        original = cron._commit_progress

        def commit(*args, **kwargs):
            original(*args, **kwargs)
            return 0

        with patch.object(cron, "_commit_progress", commit):
            for count in (2, 4, 5):
                self._run_job()
                self.assertEqual(len(self.gateway.received), count)
        self._assert_each_once(range(5))
        self.assertEqual(sending.sent_count, 5)

    def test_odoos_cron_is_woken_and_runs_the_job_to_its_end(self):
        cron = self.env.ref("crm_salesboard.ir_cron_crm_sms_send")
        triggers = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        sending = self._start(5)
        self.assertEqual(self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]), triggers + 1)
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self._assert_each_once(range(5))
        progress = self.env["ir.cron.progress"].search([("cron_id", "=", cron.id)], order="id desc", limit=1)
        self.assertEqual((progress.done, progress.remaining), (5, 0))
        self.assertEqual(sending.state, "done")

    def test_pressing_send_again_sends_nothing_again(self):
        sending = self._start(3)
        sending.action_send()
        self._run_job()
        for action in ("action_send", "action_continue"):
            getattr(sending, action)()
            self._run_job()
        self._assert_each_once(range(3))

    def test_the_database_keeps_a_number_from_standing_twice(self):
        sending = self._start(2)
        vals = sending.sudo().recipient_ids[0].copy_data()[0]
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.env["crm.sms.recipient"].create({**vals, "uuid": "other", "state": "failed"})

    def test_who_may_not_get_it_any_more_when_it_is_sent_does_not(self):
        sending = self._start(5)
        leads = sending.recipient_ids.lead_id.sorted("id")
        self.env["phone.blacklist"].add(MOBILE % 0)
        leads[1].partner_id.active = False
        leads[2].with_user(self.manager).write({"user_id": self.manager.id, "is_restricted": True})
        leads[3].sudo().unlink()
        self._run_job()
        self._assert_each_once([4])
        reasons = sending.sudo().recipient_ids.sorted("id").mapped("reason")
        self.assertEqual(reasons, ["blacklisted", "archived", "out_of_reach", False])

    def test_a_salesperson_who_left_sends_nothing(self):
        sending = self._start(2)
        self.sales.active = False
        self._run_job()
        self.assertFalse(self.gateway.received)
        self.assertEqual(sending.sudo().state, "stopped")

    def test_what_cannot_be_filled_in_stops_before_anything_is_sent(self):
        sending = self._start(2)
        sending.sudo().body = "{{ object.no_such_field }}"
        with mute_logger("odoo.addons.mail.models.mail_render_mixin"):
            self._run_job()
        self.assertEqual((sending.state, self._states(sending)), ("stopped", ["waiting", "waiting"]))
        self.assertFalse(self.gateway.received)

    def test_merged_projects_keep_every_customer_and_each_gets_it_once(self):
        sending = self._start(3)
        sending.sudo().recipient_ids.lead_id.merge_opportunity(auto_unlink=True)
        self.assertEqual(len(sending.sudo().recipient_ids.lead_id), 1)
        self._run_job()
        self._assert_each_once(range(3))

    def test_a_chunk_takes_as_many_queries_as_one_of_a_tenth(self):
        def cost(count, start):
            leads = self._make_projects(count, start)
            sending = self._prepare(domain=[("id", "in", leads.ids)])
            sending.action_send()
            self.env["ir.config_parameter"].set_param("sms.session.batch.size", count)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._run_job()
            self.assertEqual(sending.sent_count, count)
            return self.cr.sql_log_count - before

        cost(3, 10)
        few, many = cost(20, 200), cost(200, 1000)
        self.assertLess(many - few, 40)
