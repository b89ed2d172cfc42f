from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .mail_case import MailCase


@tagged("post_install", "-at_install")
class TestStep(MailCase):
    def setUp(self):
        super().setUp()
        self.people = self._make_people(3)
        self.members = self._make_members(self.people)

    def _reasons(self, step):
        return {dispatch.member_id: dispatch.reason for dispatch in step.dispatch_ids if dispatch.state == "left_out"}

    # ------------------------------------------------------------
    # Who is addressed
    # ------------------------------------------------------------

    def test_who_cannot_be_reached_is_left_out_with_the_reason(self):
        self.people[0].email = False
        self.people[1].email = "at the fair"
        more = self._make_people(3, start=2000)
        more[0].email = f"Twin <{self.people[2].email.upper()}>"
        self.env["mail.blacklist"]._add(more[1].email)
        members = self._make_members(more)
        step = self._make_mail_step()
        self._start(step)
        reasons = self._reasons(step)
        self.assertEqual(reasons.pop(self.members[0]), "no_email")
        self.assertEqual(reasons.pop(self.members[1]), "invalid_email")
        self.assertIn(reasons.pop(members[0]), ("same_address", "double"))
        self.assertEqual(reasons.pop(members[1]), "blacklisted")
        self.assertFalse(reasons)
        self.assertEqual(len(step.dispatch_ids), 6)

    def test_nobody_is_addressed_twice_on_a_channel_but_by_a_reminder(self):
        self._send()
        late = self._make_members(self._make_people(1, start=3000))
        step = self._make_mail_step()
        self._start(step)
        self.assertEqual(self._reasons(step), dict.fromkeys(self.members, "had_one"))
        self.assertEqual(step.dispatch_ids.filtered(lambda dispatch: dispatch.state == "waiting").member_id, late)
        again = self._make_mail_step(is_repeat=True)
        self._start(again)
        self.assertFalse(self._reasons(again))

    def test_an_address_that_had_one_gets_none_by_another_member(self):
        twin = self._make_person(5000, "Twin", email=self.people[0].email)
        member = self._make_members(twin)
        first = self._make_mail_step()
        self._start(first)
        self.assertEqual(self._reasons(first), {member: "same_address"})
        second = self._make_mail_step()
        with self.assertRaisesRegex(UserError, "Same address as another member"):
            self._start(second)

    def test_a_reminder_goes_to_who_has_not_reacted_and_an_offer_to_who_has(self):
        self._send()
        self._answer(self.people[0].email)
        self._click(self.people[1].email)
        reminder = self._make_mail_step(audience="no_reaction", is_repeat=True)
        self._start(reminder)
        self.assertEqual(reminder.dispatch_ids.member_id, self.members[2])
        offer = self._make_mail_step(audience="reacted", is_repeat=True)
        self._start(offer)
        self.assertEqual(offer.dispatch_ids.member_id, self.members[:2])

    def test_with_nobody_to_address_it_does_not_start_and_says_why(self):
        self.people.email = False
        step = self._make_mail_step()
        with self.assertRaisesRegex(UserError, r"No e-mail address \(3\)"):
            self._start(step)
        self.members.unlink()
        with self.assertRaisesRegex(UserError, "nobody in the target group"):
            self._start(step)
        self.assertEqual(step.state, "draft")

    def test_who_was_taken_out_or_archived_while_it_stood_still_is_left_out_when_it_goes_on(self):
        step = self._make_mail_step()
        self._start(step)
        self._as(self.manager, step).action_stop()
        self.assertEqual(step.state, "stopped")
        self.assertIn(self.manager.name, step.stop_reason)
        self.people[0].active = False
        self.people[1].email = False
        self._as(self.manager, step).action_continue()
        self.assertEqual(self._reasons(step), {self.members[0]: "archived", self.members[1]: "no_email"})
        self._make_mails()
        self._send_mails()
        self.assertEqual(set(self.mail_server.counts), {self.people[2].email})

    def test_whose_mail_was_made_and_who_may_not_be_addressed_any_more_gets_none_when_it_goes_on(self):
        people = self.people | self._make_people(2, start=2000)
        members = self.members | self._make_members(people[3:])
        step = self._make_mail_step()
        self._start(step)
        self._make_mails()
        self._as(self.manager, step).action_stop()
        self.env["mail.blacklist"]._add(people[0].email)
        people[1].active = False
        people[2].email = False
        members[3].sudo().write({"state": "left_out", "reason": "removed"})
        self._as(self.manager, step).action_continue()
        self._send_mails()
        self.assertEqual(set(self.mail_server.counts), {people[4].email})
        reasons = ["blacklisted", "archived", "no_email", "removed", False]
        dispatches = step.dispatch_ids.sorted("member_id")
        self.assertEqual(dispatches.mapped("reason"), reasons)
        self.assertEqual(dispatches.mapped("outcome"), ["left_out"] * 4 + ["sent"])
        self.assertEqual(dispatches.trace_id.mapped("trace_status"), ["cancel"] * 4 + ["sent"])

    def test_stopped_nothing_is_sent_again_before_it_is_continued(self):
        self.mail_server.refused.add(self.people[0].email)
        step = self._make_mail_step()
        self._start(step)
        self._make_mails()
        with self.assertLogs("odoo.addons.mail.models.mail_mail", "ERROR"):
            self.env["mail.mail"].sudo().search([("id", ">", self.last_mail)], order="id", limit=1).send()
        self.env.invalidate_all()
        self._as(self.manager, step).action_stop()
        self.mail_server.refused.clear()
        self.assertTrue(step.has_failed)
        with self.assertRaisesRegex(UserError, "Continue it first"):
            self._as(self.manager, step).action_retry_failed()
        self._send_mails()
        self.assertEqual((step.state, self.mail_server.counts), ("stopped", {}))
        self._as(self.manager, step).action_continue()
        self._as(self.manager, step).action_retry_failed()
        self._make_mails()
        self._send_mails()
        self.assertEqual(self.mail_server.counts, dict.fromkeys(self.people.mapped("email"), 1))

    def test_the_list_is_made_in_the_same_queries_for_many(self):
        counts = []
        for number in (5, 50):
            campaign = self._make_campaign(f"Campaign {number}")
            self._make_members(self._make_people(number, start=10000 * number), campaign=campaign)
            step = self._make_mail_step(campaign=campaign)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            step._freeze()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_a_step_is_of_its_campaigns_company_and_goes_to_members_of_that(self):
        self.manager.company_ids = [Command.link(self.away.id)]
        steps = self._as(self.manager, self.env["crm.campaign.step"])
        steps = steps.with_context(allowed_company_ids=[self.home.id, self.away.id])
        values = {"campaign_id": self.campaign.id, "name": "Mine"}
        with self.assertRaisesRegex(ValidationError, "another company's"):
            steps.create({**values, "company_id": self.away.id})
        step = steps.with_context(default_company_id=False).create(values)
        self.assertEqual(step.company_id, self.home)
        with self.assertRaisesRegex(ValidationError, "another company's"):
            self.campaign.company_id = self.away
        # Of no company, the members are of the one in which they were added.
        campaign = self._make_campaign("Everywhere", company_id=False)
        abroad, here = self._make_people(2, start=3000)
        members = self.env["crm.campaign.member"].with_user(self.manager)
        for company, person in ((self.away, abroad), (self.home, here)):
            theirs = members.with_context(allowed_company_ids=company.ids)
            theirs._add(campaign.with_env(theirs.env), person.with_env(theirs.env))
            step = steps.with_context(allowed_company_ids=company.ids).create({**values, "campaign_id": campaign.id})
            with self.subTest(company=company.name):
                self.assertEqual((step.company_id, step._get_audience().partner_id.id), (company, person.id))

    # ------------------------------------------------------------
    # What it says
    # ------------------------------------------------------------

    def test_an_unknown_placeholder_is_named_before_anything_is_sent(self):
        cases = {
            "object.nmae": {"subject": "For {{ object.nmae }}"},
            "object.partner_id.cty": {"preview": "In {{ object.partner_id.cty }}"},
            "object.phnoe": {"body_html": '<p><t t-out="object.phnoe"/></p>'},
            "sender": {"body_html": '<p><t t-out="sender.name"/></p>'},
            "object.lead_id.x_gone": {
                "body_html": '<a t-attf-href="https://x.example/{{object.lead_id.x_gone}}">x</a>'
            },
        }
        for placeholder, texts in cases.items():
            with self.subTest(placeholder):
                step = self._make_mail_step()
                step.mailing_id.sudo().write(texts)
                with self.assertRaisesRegex(UserError, placeholder):
                    self._start(step)
                self.assertEqual((step.state, len(step.dispatch_ids)), ("draft", 0))

    def test_it_is_named_when_the_text_is_saved_and_what_is_the_receivers_own_anybody_may_use(self):
        mailing = self._as(self.marketing, self._make_mail_step().mailing_id)
        with self.assertRaisesRegex(UserError, "object.nmae"):
            mailing.subject = "For {{ object.nmae }}"
        with self.assertRaisesRegex(UserError, "object.partner_id.cty"):
            mailing.body_html = '<p><t t-out="object.partner_id.cty"/></p>'
        mailing.body_html = '<p><t t-out="object.partner_id.city"/></p>'
        mailing.subject = "For {{ object.name }} in {{ object.partner_id.zip }}"
        with self.assertRaises(AccessError):
            mailing.subject = "For {{ object.lead_id.expected_revenue }}"

    def test_what_cannot_be_filled_in_is_told_before_anything_is_sent(self):
        step = self._make_mail_step(text='<p><t t-out="object.name + 1"/></p>')
        with self.assertRaisesRegex(UserError, "cannot be filled in"):
            self._start(step)

    def test_without_subject_or_text_it_does_not_start(self):
        step = self._make_step()
        with self.assertRaisesRegex(UserError, "Write the subject"):
            self._start(step)
        step._make_mailing()
        with self.assertRaisesRegex(UserError, "Write the subject"):
            self._start(step)

    def test_a_test_mail_is_filled_in_for_a_member(self):
        step = self._make_mail_step()
        marketing = self._as(self.marketing, self.env["mailing.mailing.test"])
        wizard = marketing.create({"email_to": "test@campaigns.example", "mass_mailing_id": step.mailing_id.id})
        wizard.send_mail_test()
        self.assertIn("the programme", self._html("test@campaigns.example"))
        self.assertFalse(step.dispatch_ids, "A test is nobody's mail")

    # ------------------------------------------------------------
    # Whom it goes to is the step's
    # ------------------------------------------------------------

    def test_the_mailing_goes_to_nobody_else_whatever_its_domain_says(self):
        self._make_members(self._make_people(1, start=4000), campaign=self._make_campaign("Another"))
        step = self._make_mail_step()
        mailing = self._as(self.marketing, step.mailing_id)
        for name, value in {
            "mailing_domain": "[]",
            "mailing_model_id": self.env["ir.model"]._get_id("res.partner"),
            "campaign_id": False,
            "use_exclusion_list": False,
            "campaign_step_id": False,
        }.items():
            with self.subTest(name), self.assertRaises(UserError):
                mailing.write({name: value})
        with self.assertRaises(UserError):
            mailing.write({"ab_testing_enabled": True})
        mailing.sudo().mailing_domain = "[]"
        self._start(step, self.marketing)
        self._make_mails()
        self._send_mails()
        self.assertEqual(set(self.mail_server.counts), set(self.people.mapped("email")))

    def test_a_copy_of_the_mailing_is_not_sent_to_members(self):
        step = self._make_mail_step()
        copy = self._as(self.marketing, step.mailing_id).copy()
        self.assertFalse(copy.campaign_step_id)
        for method in ("action_launch", "action_put_in_queue", "action_send_mail"):
            with self.subTest(method), self.assertRaises(UserError):
                getattr(copy, method)()
        copy.sudo().state = "in_queue"
        self._make_mails()
        self._send_mails()
        self.assertFalse(self.mail_server.received)

    def test_no_second_mailing_is_made_for_a_step(self):
        step = self._make_mail_step()
        mailings = self._as(self.marketing, self.env["mailing.mailing"])
        values = {"subject": "Mine", "mailing_model_id": step.mailing_id.mailing_model_id.id}
        with self.assertRaises(UserError):
            mailings.create({**values, "campaign_step_id": step.id})
        with self.assertRaises(UserError):
            mailings.with_context(default_campaign_step_id=step.id).create(values)

    def test_a_batch_of_e_mails_costs_hardly_more_queries_than_one_of_odoos_own(self):
        self._make_members(self._make_people(47, start=6000))
        step = self._make_mail_step(text="<p>Dear <t t-out='object.name'/></p>")
        self._start(step)
        own = self.env["mailing.mailing"].create(
            {
                "subject": "The Fair, {{ object.name }}",
                "body_html": "<p>Dear <t t-out='object.name'/></p>",
                "mailing_model_id": self.env["ir.model"]._get_id("res.partner"),
                "mailing_domain": repr([("id", "in", self.env["crm.campaign.member"].search([]).partner_id[:50].ids)]),
                "user_id": self.manager.id,
            }
        )
        counts = []
        for mailing in (own, own.copy(), step.mailing_id):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            mailing._action_send_mail()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(len(step.mailing_id.mailing_trace_ids), 50)
        self.assertLessEqual(counts[2], counts[1] + 25)

    def test_scheduled_in_odoos_screen_the_step_is_planned(self):
        step = self._make_mail_step()
        wizard = self._as(self.marketing, self.env["mailing.mailing.schedule.date"]).create(
            {"mass_mailing_id": step.mailing_id.id, "schedule_date": "2099-01-01 08:00:00"}
        )
        wizard.action_schedule_date()
        self.assertEqual(step.state, "planned")
        self.assertEqual(str(step.planned_on), "2099-01-01 08:00:00")
        self._make_mails()
        self.assertFalse(step.dispatch_ids)
        self._as(self.marketing, step.mailing_id).action_cancel()
        self.assertEqual(step.state, "draft")

    # ------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------

    def test_what_a_step_has_done_is_written_by_nobody(self):
        step = self._as(self.marketing, self._make_mail_step())
        values = {"state": "done", "started_on": "2026-01-01", "mailing_id": False, "stop_reason": "x"}
        for name, value in values.items():
            with self.subTest(name), self.assertRaises(UserError):
                step.write({name: value})
        with self.assertRaises(UserError):
            step.create({"campaign_id": self.campaign.id, "name": "Done", "state": "done"})
        step.name = "Renamed"
        self._start(step)
        for name, value in {"channel": "sms", "audience": "reacted", "campaign_id": self.campaign.id}.items():
            with self.subTest(name), self.assertRaises(UserError):
                step.write({name: value})
        step.name = "Renamed again"
        with self.assertRaises(UserError):
            step.unlink()
        dispatch = self._as(self.marketing, step.dispatch_ids[0])
        for name, value in {"state": "sent", "outcome": "answered", "trace_id": False}.items():
            with self.subTest(name), self.assertRaises(UserError):
                dispatch.write({name: value})
        with self.assertRaises(AccessError):
            dispatch.unlink()
        with self.assertRaises(AccessError):
            dispatch.create({"step_id": step.id, "member_id": self.members[0].id})

    def test_nor_by_a_default_of_the_request(self):
        newsletter = self.env["mailing.mailing"].create(
            {"subject": "Newsletter", "mailing_model_id": self.env["ir.model"]._get_id("res.partner")}
        )
        values = {"state": "done", "started_on": "2026-01-01", "mailing_id": newsletter.id, "stop_reason": "x"}
        steps = self._as(self.marketing, self.env["crm.campaign.step"])
        defaults = {f"default_{name}": value for name, value in values.items()}
        step = steps.with_context(**steps.env.context, **defaults).create(
            {"campaign_id": self.campaign.id, "name": "Mine"}
        )
        self.env.invalidate_all()
        self.assertEqual([bool(step[name]) for name in values], [True, False, False, False])
        self.assertEqual(step.state, "draft")
        step.sudo().mailing_id = newsletter
        with self.assertRaisesRegex(UserError, "made by the step"):
            step.sudo()._launch()
        self.assertEqual(newsletter.state, "draft")

    def test_a_step_keeps_its_campaign_and_the_channel_of_its_message(self):
        step, other = self._as(self.marketing, self._make_mail_step()), self._make_campaign("Autumn")
        for values in ({"campaign_id": other.id}, {"channel": "sms"}):
            with self.subTest(values), self.assertRaises(UserError):
                step.write(values)
        step.write({"campaign_id": self.campaign.id, "channel": "mail"})
        unwritten = self._as(self.marketing, self._make_step())
        unwritten.channel = "sms"
        self.assertEqual(unwritten.channel, "sms")

    def test_whose_message_was_deleted_or_cancelled_by_hand_is_left_out_and_the_step_ends(self):
        step = self._make_mail_step()
        self._start(step)
        self._make_mails()
        first, second, _third = step.dispatch_ids.sorted("member_id").trace_id.mail_mail_id
        first.unlink()
        second.cancel()
        self.env.flush_all()
        self._as(self.manager, step).action_stop()
        step._finish_over()
        self.assertEqual(step.dispatch_ids.mapped("outcome"), ["waiting"] * 3, "Those of a stopped step may go on")
        self._as(self.manager, step).action_continue()
        second.cancel()
        self.env.flush_all()
        self._send_mails()
        step._finish_over()
        self.env.invalidate_all()
        dispatches = step.dispatch_ids.sorted("member_id")
        self.assertEqual(dispatches.mapped("outcome"), ["left_out", "left_out", "sent"])
        self.assertEqual(dispatches.mapped("reason"), ["removed", "removed", False])
        self.assertEqual(step.state, "done")

    def test_a_campaign_that_has_begun_is_not_deleted_and_another_one_is_with_all_that_hangs_on_it(self):
        admin = self._make_user("cast_system", "base.group_system")
        admin.write({"company_ids": [(4, self.home.id)], "company_id": self.home.id})
        step = self._make_mail_step()
        note = self.members[0]._message_log(body="A word") | step.mailing_id._message_log(body="A word")
        self._start(step)
        campaign = self._as(admin, self.campaign)
        with self.assertRaisesRegex(UserError, "Archive it"):
            campaign.unlink()
        step.sudo().state = "draft"
        campaign.unlink()
        for gone in (self.campaign, step, self.members, note):
            self.assertFalse(gone.exists(), gone._name)

    def test_salespeople_start_and_change_nothing(self):
        step = self._as(self.sales, self._make_mail_step())
        self.assertEqual(step.name, "Step by mail")
        for method in ("action_start", "action_plan", "action_stop", "action_continue", "action_retry_failed"):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(step, method)()
        with self.assertRaises(AccessError):
            step.name = "Mine"

    def test_the_e_mail_is_written_by_users_of_mailings(self):
        step = self._make_step()
        with self.assertRaisesRegex(UserError, "Email Marketing"):
            self._as(self.manager, step).action_edit_mailing()
        action = self._as(self.marketing, step).action_edit_mailing()
        mailing = self.env["mailing.mailing"].browse(action["res_id"])
        self.assertEqual((mailing.campaign_id, mailing.campaign_step_id), (self.campaign, step))
        self.assertEqual(self._as(self.marketing, step).action_edit_mailing()["res_id"], mailing.id)

    def test_in_a_campaign_that_was_evaluated_nothing_starts(self):
        step = self._make_mail_step()
        self.campaign.write(
            {"conclusion": "Never again.", "stage_id": self.env.ref("crm_campaign.utm_stage_evaluated").id}
        )
        with self.assertRaisesRegex(UserError, "evaluated"):
            self._start(step)
