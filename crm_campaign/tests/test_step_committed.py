from odoo import SUPERUSER_ID, Command, api
from odoo.tests import tagged
from odoo.tools import mute_logger

from .committed_case import CommittedCase


class Killed(BaseException):
    """The server's process ends here: nothing in Odoo catches it."""


@tagged("post_install", "-at_install")
class TestStepCommitted(CommittedCase):
    def test_members_get_the_e_mail_filled_in_for_them_and_it_is_told_that_it_was_sent(self):
        self._make_members(3)
        step = self._make_step()
        self._call(step, "action_start")
        self.assertEqual((self._state(step), self._states(step)), ("running", ["waiting"] * 3))
        self._make_mails()
        self.assertEqual(self._states(step), ["sent"] * 3)
        self.assertEqual(self._states(step, "outcome"), ["waiting"] * 3, "With Odoo's queue, and not sent yet")
        self._finish()
        self.assertEqual(self._state(step), "running")
        self._send_mails()
        self._finish()
        self._assert_each_once(range(3))
        self.assertEqual(self._states(step, "outcome"), ["sent"] * 3)
        self.assertEqual(self._state(step), "done")
        mail = self.mail_server.last_to("customer2@customers.example")
        self.assertEqual(mail["Subject"], "Fair, Customer 2")
        self.assertIn("Dear Customer 2, come to the fair.", mail.get_body(("html",)).get_content())

    def test_two_who_start_it_at_once_start_it_once(self):
        self._make_members(40)
        step = self._make_step()
        self._at_once(*[lambda: self._call(step, "action_start")] * 4)
        self.assertEqual((self._state(step), self._states(step)), ("running", ["waiting"] * 40))
        self._send_all()
        self._assert_each_once(range(40))

    def test_two_steps_that_start_at_once_on_a_channel_address_nobody_twice(self):
        self._make_members(30)
        steps = [self._make_step(), self._make_step()]
        refused = []

        def start(step):
            try:
                self._call(step, "action_start")
            except Exception as error:  # noqa: BLE001  it is looked at
                refused.append(str(error))

        self._at_once(*[lambda step=step: start(step) for step in steps])
        # Whichever comes second finds nobody whom it could address, and says so.
        self.assertEqual(len(refused), 1)
        self.assertIn("Was addressed on this channel already (30)", refused[0])
        self._send_all()
        self._assert_each_once(range(30))

    def test_two_workers_who_send_at_once_send_to_each_once(self):
        self._make_members(120)
        step = self._make_step()
        self._call(step, "action_start")

        def work():
            # Odoo's job is one, by a lock; here two get past it.
            with self.registry.cursor() as cr:
                mailing = api.Environment(cr, SUPERUSER_ID, {})["crm.campaign.step"].browse(step).mailing_id
                try:
                    mailing._action_send_mail()
                except Exception:  # noqa: BLE001  in the other's way: that one goes on
                    cr.rollback()

        with mute_logger("odoo.sql_db"):
            self._at_once(work, work)
        self._send_all()
        self._assert_each_once(range(120))
        self.assertEqual(set(self._states(step)), {"sent"})

    def test_killed_before_a_batch_is_committed_it_goes_on_and_sends_to_each_once(self):
        self._make_members(120)
        step = self._make_step()
        self._call(step, "action_start")
        self._kill_in(2)
        self.assertEqual(self._states(step).count("sent"), 50, "The first batch is there, the second never was")
        self.assertEqual(self._state(step), "running")
        self._send_all()
        self._assert_each_once(range(120))
        self.assertEqual(self._state(step), "done")

    def _kill_in(self, batch):
        """The server dies after the mails of this batch were made, before they are committed."""
        composer = self.registry["mail.compose.message"]
        native = composer._generate_mail_notification_values
        batches = []

        def die(records, mails):
            batches.append(mails)
            if len(batches) == batch:
                raise Killed
            return native(records, mails)

        self.patch(composer, "_generate_mail_notification_values", die)
        with self.assertRaises(Killed), self.registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["mailing.mailing"]._process_mass_mailing_queue()
        self.patch(composer, "_generate_mail_notification_values", native)

    def test_killed_when_the_mail_server_has_taken_a_mail_it_is_not_sent_again_by_itself(self):
        self._make_members(3)
        step = self._make_step()
        self._call(step, "action_start")
        self._make_mails()
        mail = self.registry["mail.mail"]
        native = mail._postprocess_sent_message

        def die(records, *args, **kwargs):
            raise Killed

        self.patch(mail, "_postprocess_sent_message", die)
        with self.assertRaises(Killed):
            self._send_mails()
        self.patch(mail, "_postprocess_sent_message", native)
        self.assertEqual(sum(self.mail_server.counts.values()), 1)
        self._send_mails()
        self._finish()
        self._assert_each_once(range(3))
        self.assertEqual(sorted(self._states(step, "outcome")), ["failed", "sent", "sent"])
        self.assertEqual(self._state(step), "done")
        self._call(step, "action_retry_failed")
        self._send_all()
        self.assertEqual(
            sum(self.mail_server.counts.values()), 4, "A user decides that a second one is better than none"
        )
        self.assertEqual(self._states(step, "outcome"), ["sent"] * 3)

    def test_stopped_it_sends_to_nobody_and_continued_to_the_others(self):
        self._make_members(4)
        step = self._make_step()
        self._call(step, "action_start")
        self._make_mails()
        self._call(step, "action_stop")
        self._send_all()
        self.assertFalse(self.mail_server.received, "Also what was in Odoo's queue is kept there")
        self.assertEqual((self._state(step), self._states(step, "outcome")), ("stopped", ["waiting"] * 4))
        self._call(step, "action_continue")
        self._send_all()
        self._assert_each_once(range(4))
        self.assertEqual(self._state(step), "done")

    def test_what_was_made_while_it_was_stopped_is_kept_until_it_goes_on(self):
        self._make_members(3)
        step = self._make_step()
        self._call(step, "action_start")
        self._make_mails()
        # Not seen by whoever stops: of a batch that is not committed then.
        self.patch(self.registry["crm.campaign.step"], "_halt_mail", lambda step: None)
        self._call(step, "action_stop")
        self._send_all()
        self.assertFalse(self.mail_server.received)
        self._call(step, "action_continue")
        self._send_all()
        self._assert_each_once(range(3))
        self.assertEqual(self._state(step), "done")

    def test_stopped_before_a_mail_is_made_none_is(self):
        self._make_members(4)
        step = self._make_step()
        self._call(step, "action_start")
        self._call(step, "action_stop")
        self._send_all()
        self.assertEqual(self._states(step), ["waiting"] * 4)
        self._call(step, "action_continue")
        self._send_all()
        self._assert_each_once(range(4))

    def test_sending_from_odoos_own_screen_is_starting_the_step(self):
        self._make_members(3)
        step = self._make_step()

        def send(env):
            mailing = env["crm.campaign.step"].browse(step).mailing_id
            mailing.action_launch()
            mailing.action_put_in_queue()
            mailing.action_send_mail(res_ids=[1, 2, 3])

        self._at_once(lambda: self._as_request(send), lambda: self._call(step, "action_start"))
        self._send_all()
        self._assert_each_once(range(3))
        self._as_request(send)
        self._send_all()
        self._assert_each_once(range(3))

    def test_whom_the_mail_server_refuses_failed_and_gets_it_when_it_is_tried_again(self):
        self._make_members(3)
        step = self._make_step()
        self.mail_server.refused.add("customer1@customers.example")
        self._call(step, "action_start")
        with self.assertLogs("odoo.addons.mail.models.mail_mail", "ERROR"):
            self._send_all()
        self.assertEqual(self._states(step, "outcome"), ["sent", "failed", "sent"])
        self.assertEqual(self._state(step), "done")
        self.mail_server.refused.clear()
        self._call(step, "action_retry_failed")
        self.assertEqual(self._state(step), "running")
        self._send_all()
        self._assert_each_once(range(3))
        self.assertEqual(self._states(step, "outcome"), ["sent"] * 3)

    def test_whom_it_failed_for_gets_it_also_when_the_mail_itself_is_tried_again(self):
        self._make_members(2)
        step = self._make_step()
        self.mail_server.refused.add("customer1@customers.example")
        self._call(step, "action_start")
        with self.assertLogs("odoo.addons.mail.models.mail_mail", "ERROR"):
            self._send_all()
        self.mail_server.refused.clear()
        domain = [("mailing_id.campaign_step_id", "=", step), ("state", "=", "exception")]
        self._in_transaction(lambda env: env["mail.mail"].search(domain).action_retry())
        self._send_all()
        self._assert_each_once(range(2))
        self.assertEqual(self._states(step, "outcome"), ["sent"] * 2)

    def test_planned_it_starts_by_itself_and_says_what_was_in_the_way(self):
        self._make_members(2)
        step = self._make_step(planned_on="2020-01-01 08:00:00")
        self._call(step, "action_plan")
        self.assertEqual(self._state(step), "planned")
        self._run("crm.campaign.step", "_run_steps")
        self.assertEqual(self._state(step), "running")
        late = self._make_step(planned_on="2020-01-01 08:00:00", is_repeat=True)
        self._call(late, "action_plan")

        def spoil(env):
            mailing = env["crm.campaign.step"].browse(late).mailing_id
            mailing.body_html = '<p><t t-out="object.nmae"/></p>'

        self._in_transaction(spoil)
        self._run("crm.campaign.step", "_run_steps")
        self.assertEqual(self._state(late), "draft")
        reason = self._rows("SELECT stop_reason FROM crm_campaign_step WHERE id = %s", late)[0][0]
        self.assertIn("object.nmae", reason)
        self.assertFalse(self._states(late))

    def test_planned_it_starts_with_the_rights_of_who_planned_it(self):
        self._make_members(2)
        step = self._make_step(planned_on="2020-01-01 08:00:00")
        self._call(step, "action_plan")

        def give_away_and_leave(env):
            # Whoever is responsible has any right; who planned it has none any more.
            env["crm.campaign.step"].browse(step).with_user(self.manager).user_id = env.ref("base.user_admin")
            env["res.users"].browse(self.manager).group_ids = [Command.set(env.ref("base.group_user").ids)]

        self._in_transaction(give_away_and_leave)
        self._run("crm.campaign.step", "_run_steps")
        self.assertEqual((self._state(step), self._states(step)), ("draft", []))
        rows = self._rows("SELECT planned_by_id FROM crm_campaign_step WHERE id = %s", step)
        self.assertEqual(rows, [(None,)], "Planned again, it is by whoever does that")
