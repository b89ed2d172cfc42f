from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.crm_salesboard.tests.sms_gateway import Gateway, gateway_class

from .committed_case import CommittedCase
from .test_step_committed import Killed

TEXT = "Dear {{ object.name }}, come to https://fair.example/programme"


@tagged("post_install", "-at_install")
class TestStepSms(CommittedCase):
    def setUp(self):
        super().setUp()
        self.gateway = Gateway()
        self.addCleanup(self.gateway.stop)
        self._use_gateway()

    def _use_gateway(self, **options):
        api_class = gateway_class(self.gateway.url, **options)
        self.patch(self.registry["res.company"], "_get_sms_api_class", lambda company: api_class)

    def _make_sms_step(self, text=TEXT, **values):
        return self._make_step("sms", text=text, **values)

    def _send_sms(self):
        """Odoo's job for mailings, and its queue for text messages."""
        self._make_mails()
        self._run("sms.sms", "_process_queue")
        self._finish()

    def _assert_each_got_one(self, numbers):
        self.assertEqual(self.gateway.counts, dict.fromkeys([f"+4915123{number:06d}" for number in numbers], 1))

    def test_members_get_the_text_filled_in_for_them_through_the_companys_gateway(self):
        self._make_members(3)
        step = self._make_sms_step()
        self._call(step, "action_start")
        self._send_sms()
        self._assert_each_got_one(range(3))
        text = dict(self.gateway.received)["+4915123000002"]
        self.assertIn("Dear Customer 2, come to ", text)
        self.assertIn("/r/", text, "Odoo's short link, by which clicks are counted")
        self.assertEqual(self._states(step, "outcome"), ["sent"] * 3)
        self.assertEqual(self._state(step), "done")

    def test_whose_number_takes_none_is_left_out_with_the_reason(self):
        self._make_members(1)
        self._make_members(1, start=1, phone="+4915123000000")
        self._make_members(1, start=2, phone=False)
        self._make_members(1, start=3, phone="by post")
        self._make_members(1, start=4, phone="+49 30 901820")
        self._make_members(1, start=5)
        self._in_transaction(lambda env: env["phone.blacklist"]._add(["+4915123000005"]).ids)
        self.addCleanup(self._in_transaction, lambda env: env["phone.blacklist"].search([]).unlink())
        step = self._make_sms_step()
        self._call(step, "action_start")
        reasons = self._states(step, "reason")
        self.assertEqual(reasons[:1] + reasons[2:], [None, "no_number", "invalid_number", "not_mobile", "blacklisted"])
        self.assertIn(reasons[1], ("same_address", "double"))
        self._send_sms()
        self._assert_each_got_one([0])

    def test_in_chunks_and_killed_in_between_each_gets_one(self):
        self._make_members(7)
        step = self._make_sms_step()
        self.patch(__import__("odoo.addons.crm_campaign.models.mailing_mailing", fromlist=["x"]), "SMS_CHUNK", 3)
        self._call(step, "action_start")
        chunks, mailing = [], self.registry["mailing.mailing"]
        native = mailing._commit_chunk

        def die(records):
            chunks.append(records)
            if len(chunks) == 2:
                raise Killed
            native(records)

        self.patch(mailing, "_commit_chunk", die)
        with self.assertRaises(Killed):
            self._make_mails()
        self.assertEqual(self._states(step).count("sent"), 3)
        self.patch(mailing, "_commit_chunk", native)
        self._send_sms()
        self._assert_each_got_one(range(7))
        self.assertEqual(self._state(step), "done")

    def test_killed_when_the_gateway_has_taken_them_they_are_not_sent_again_by_themselves(self):
        self._make_members(3)
        step = self._make_sms_step()
        self._call(step, "action_start")

        def die():
            raise Killed

        self._use_gateway(after=die)
        with self.assertRaises(Killed):
            self._send_sms()
        self._use_gateway()
        self._send_sms()
        self._assert_each_got_one(range(3))
        self.assertEqual(self._states(step, "outcome"), ["failed"] * 3)
        self._call(step, "action_retry_failed")
        self._send_sms()
        self.assertEqual(set(self.gateway.counts.values()), {2}, "A user decides that a second one is better than none")
        self.assertEqual(self._states(step, "outcome"), ["sent"] * 3)

    def test_stopped_nothing_is_sent_and_continued_the_rest(self):
        self._make_members(3)
        step = self._make_sms_step()
        self._call(step, "action_start")
        self._make_mails()
        self._call(step, "action_stop")
        self._send_sms()
        self.assertFalse(self.gateway.received)
        self._call(step, "action_continue")
        self._send_sms()
        self._assert_each_got_one(range(3))

    def test_whose_text_was_made_and_who_wants_none_since_gets_none_when_it_goes_on(self):
        self._make_members(2)
        step = self._make_sms_step()
        self._call(step, "action_start")
        self._make_mails()
        self._call(step, "action_stop")
        self._in_transaction(lambda env: env["phone.blacklist"]._add(["+4915123000000"]).ids)
        self.addCleanup(self._in_transaction, lambda env: env["phone.blacklist"].search([]).unlink())
        self._call(step, "action_continue")
        self._send_sms()
        self._assert_each_got_one([1])
        self.assertEqual(self._states(step, "reason"), ["blacklisted", None])
        self.assertEqual(self._states(step, "outcome"), ["left_out", "sent"])

    def test_what_was_made_while_it_was_stopped_is_kept_until_it_goes_on(self):
        self._make_members(3)
        step = self._make_sms_step()
        self._call(step, "action_start")
        self._make_mails()
        # Not seen by whoever stops: of a chunk that is not committed then.
        self.patch(self.registry["crm.campaign.step"], "_halt_sms", lambda step: None)
        self._call(step, "action_stop")
        self._send_sms()
        self.assertFalse(self.gateway.received)
        self._call(step, "action_continue")
        self._send_sms()
        self._assert_each_got_one(range(3))

    def test_whose_message_was_deleted_by_hand_is_left_out_and_the_step_ends(self):
        self._make_members(2)
        step = self._make_sms_step()
        self._call(step, "action_start")
        self._make_mails()
        domain = [("mailing_id.campaign_step_id", "=", step)]
        self._in_transaction(lambda env: env["sms.sms"].search(domain, order="id", limit=1).unlink())
        self._send_sms()
        self._assert_each_got_one([1])
        self.assertEqual(self._states(step, "outcome"), ["left_out", "sent"])
        self.assertEqual(self._state(step), "done")

    def test_whom_the_gateway_refuses_failed(self):
        self._make_members(2)
        step = self._make_sms_step()
        self.gateway.refused["+4915123000001"] = "wrong_number_format"
        self._call(step, "action_start")
        self._send_sms()
        self.assertEqual(self._states(step, "outcome"), ["sent", "failed"])

    def test_whom_it_failed_for_gets_it_also_when_the_message_itself_is_tried_again(self):
        self._make_members(1)
        step = self._make_sms_step()
        self.gateway.refused["+4915123000000"] = "wrong_number_format"
        self._call(step, "action_start")
        self._send_sms()
        self.gateway.refused.clear()
        domain = [("mailing_id.campaign_step_id", "=", step), ("state", "=", "error")]
        self._in_transaction(lambda env: env["sms.sms"].search(domain).action_set_outgoing())
        self._send_sms()
        self.assertEqual(self._states(step, "outcome"), ["sent"])

    def test_an_unknown_placeholder_is_named_before_anything_is_sent(self):
        self._make_members(1)
        step = self._make_sms_step(text="Dear {{ object.nmae }}")
        with self.assertRaisesRegex(UserError, "object.nmae"):
            self._call(step, "action_start")
        self.assertFalse(self._states(step))
        empty = self._make_sms_step(text="")
        with self.assertRaisesRegex(UserError, "Write the text"):
            self._call(empty, "action_start")

    def test_who_clicks_the_link_in_it_clicked(self):
        self._make_members(1)
        step = self._make_sms_step()
        self._call(step, "action_start")
        self._send_sms()
        text = self.gateway.received[0][1]
        code, _s, sms = text.split("/r/")[1].split()[0].split("/")

        def click(env):
            # What Odoo's controller of this address does.
            trace = env["mailing.trace"].search([("sms_id_int", "=", int(sms))])
            env["link.tracker.click"].add_click(code, ip="192.0.2.1", country_code=False, mailing_trace_id=trace.id)

        self._in_transaction(click)
        self.assertEqual(self._states(step, "outcome"), ["clicked"])
