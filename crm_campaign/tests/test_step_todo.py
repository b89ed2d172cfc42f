from datetime import date, datetime, time, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import SerializationFailure

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .todo_case import TodoCase

# A Monday morning.
NOW = "2031-05-05 07:00:00"


class Killed(BaseException):
    """The server dies."""


@tagged("post_install", "-at_install")
class TestBefore(TodoCase):
    def test_who_has_no_number_or_wants_no_calls_is_left_out(self):
        silent, unwilling, fine = self._make_person(1, phone=False), self._make_person(2), self._make_person(3)
        contact, unreadable = self._make_contact(4), self._make_person(5, phone="ask for extension 5")
        self.env["phone.blacklist"].create({"number": unwilling.phone_sanitized})
        self._make_members(contact)
        step = self._make_calls(silent | unwilling | fine | unreadable)
        found = {dispatch.member_id.name: dispatch.reason for dispatch in step.dispatch_ids}
        expected = {
            silent.name: "no_number",
            unwilling.name: "blacklisted",
            fine.name: False,
            unreadable.name: False,
            contact.contact_name: False,
        }
        self.assertEqual(found, expected)

    def test_a_to_do_needs_no_number(self):
        step = self._make_calls(self._make_person(1, phone=False), channel="todo")
        self.assertEqual(step.dispatch_ids.activity_id.activity_type_id.name, "To-Do")

    def test_what_is_missing_is_said_before_anything_is_shared_out(self):
        gone = self._make_user("cast_gone", "sales_team.group_sale_salesman")
        gone.write({"company_ids": [Command.set(self.away.ids)], "company_id": self.away.id})
        limited = self.env["mail.activity.type"].create({"name": "Lead check", "res_model": "crm.lead"})
        cases = [
            ({"user_ids": []}, "Say who does it"),
            ({"user_ids": [Command.create({"user_id": gone.id})]}, "cast_gone does not work"),
            ({"user_ids": [Command.create({"user_id": self.marketing.id})]}, "no salesperson"),
            ({"activity_type_id": limited.id}, "Lead check"),
        ]
        self._make_members(self._make_person(1))
        for values, said in cases:
            step = self._make_step("phone", **values)
            with self.subTest(said=said), self.assertRaisesRegex(UserError, said):
                self._as(self.manager, step).action_start()
            self.assertEqual((step.state, len(step.dispatch_ids)), ("draft", 0))

    def test_without_an_activity_it_is_odoos_own(self):
        step = self._make_calls(self._make_person(1), activity_type_id=False)
        self.assertEqual(step.dispatch_ids.activity_id.activity_type_id, self.env.ref("mail.mail_activity_data_call"))


@tagged("post_install", "-at_install")
class TestSharedOut(TodoCase):
    def test_each_has_the_share_and_the_days_that_the_step_says(self):
        shares = [
            Command.create({"user_id": self.sales.id, "per_day": 3}),
            Command.create({"user_id": self.other.id, "per_day": 1}),
        ]
        with freeze_time(NOW):
            step = self._make_calls(self._make_people(12), user_ids=shares)
        days = {user: [call.activity_date.day for call in self._calls_of(step, user)] for user in self.callers}
        # Monday is the 5th; the weekend is nobody's.
        self.assertEqual(days, {self.sales: [5, 5, 5, 6, 6, 6, 7, 7, 7], self.other: [5, 6, 7]})

    def test_nobody_has_calls_on_days_on_which_they_do_not_work(self):
        calendar = self.home.resource_calendar_id
        calendar.tz = "UTC"
        whole = {"calendar_id": calendar.id, "company_id": self.home.id}
        own = calendar.copy({"name": "Tuesdays and Fridays"})
        own.attendance_ids.filtered(lambda hours: hours.dayofweek not in ("1", "4")).unlink()
        resource = self.env["resource.resource"].create(
            {"name": "Other", "user_id": self.other.id, "company_id": self.home.id, "calendar_id": own.id}
        )
        leaves = self.env["resource.calendar.leaves"]
        leaves.create(
            {"name": "Holiday", "date_from": datetime(2031, 5, 6), "date_to": datetime(2031, 5, 6, 23), **whole}
        )
        leaves.create(
            {
                "name": "Off",
                "calendar_id": own.id,
                "resource_id": resource.id,
                "date_from": datetime(2031, 5, 9),
                "date_to": datetime(2031, 5, 9, 23),
            }
        )
        with freeze_time(NOW):
            step = self._make_calls(self._make_people(16))
        days = {user: [call.activity_date for call in self._calls_of(step, user)] for user in self.callers}
        self.assertEqual([day.day for day in days[self.sales]], [5, 5, 7, 7, 8, 8, 9, 9])
        self.assertEqual(
            days[self.other],
            [date(2031, 5, day) for day in (6, 6, 13, 13, 16, 16, 20, 20)],
        )

    def test_in_the_evening_it_begins_on_the_next_day(self):
        with freeze_time("2031-05-09 22:00:00"):
            step = self._make_calls(self._make_people(1))
        self.assertEqual(step.dispatch_ids.activity_date, date(2031, 5, 12))

    def test_a_year_without_a_day_of_work_does_not_keep_the_job(self):
        self.home.resource_calendar_id.attendance_ids.unlink()
        step = self._make_calls(self._make_people(2))
        self.assertEqual(len(step.dispatch_ids.activity_id), 2)

    def test_nobody_is_given_whom_they_may_not_see(self):
        lead = self._make_contact(1, user_id=self.other.id)
        hidden = self._make_contact(2, user_id=self.manager.id)
        step = self._make_calls(lead | hidden)
        found = {call.member_id.lead_id: (call.user_id, call.state, call.reason) for call in step.dispatch_ids}
        nobody = self.env["res.users"]
        self.assertEqual(found, {lead: (self.other, "waiting", False), hidden: (nobody, "left_out", "out_of_reach")})

    def test_the_activity_is_on_the_project_the_lead_or_the_customer(self):
        person, contact, reacted = self._make_person(1), self._make_contact(2, user_id=False), self._make_person(3)
        project = self._make_lead(partner_id=reacted.id, company_id=self.home.id)
        self._make_members(contact)
        self._make_members(reacted, result_lead_id=project.id)
        step = self._make_calls(person, activity_summary="Invite", activity_note="<p>Ask for <b>Anna</b></p>")
        activities = {
            (call.activity_id.res_model, call.activity_id.res_id): call.activity_id for call in step.dispatch_ids
        }
        self.assertEqual(
            set(activities), {("res.partner", person.id), ("crm.lead", contact.id), ("crm.lead", project.id)}
        )
        activity = activities["res.partner", person.id]
        self.assertEqual((activity.summary, activity.note), ("Invite", "<p>Ask for <b>Anna</b></p>"))
        self.assertEqual(activity.user_tz, activity.user_id.tz)

    def test_one_message_to_each_and_nobody_follows_the_customers(self):
        people = self._make_people(6)
        before = self.env["mail.message"].search([], order="id desc", limit=1)
        self._make_calls(people)
        told = self.env["mail.message"].search([("id", ">", before.id), ("message_type", "=", "user_notification")])
        self.assertEqual(len(told), 2)
        self.assertEqual(told.partner_ids, self.callers.partner_id)
        self.assertEqual(set(told.mapped("subject")), {"You have 3 calls in the campaign Spring Fair"})
        self.assertFalse(people.message_partner_ids & self.callers.partner_id)

    def test_hundreds_take_the_queries_of_a_few(self):
        few, many = self._make_people(4), self._make_people(204, 2000)

        def run(step):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            step.sudo()._share_out_chunk({})
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        def queries(people):
            campaign = self._make_campaign(f"Of {len(people)}")
            self._make_members(people, campaign)
            step = self._make_step("phone", campaign)
            self._as(self.manager, step).action_start()
            shared = run(step)
            self.assertEqual(len(step.dispatch_ids.activity_id), len(people))
            self._as(self.manager, step).action_stop()
            taken_back = run(step)
            self.assertFalse(step.dispatch_ids.activity_id)
            return shared, taken_back

        queries(few)  # what is asked for once
        for of_many, of_few in zip(queries(many), queries(few), strict=True):
            self.assertLessEqual(of_many, of_few + 12)


@tagged("post_install", "-at_install")
class TestOnce(TodoCase):
    def _activities(self, step):
        activities = self.env["mail.activity"].with_context(active_test=False)
        return activities.search([("campaign_dispatch_id.step_id", "=", step.id)])

    def test_started_twice_everybody_is_called_once(self):
        step = self._make_calls(self._make_people(3))
        self._start(step)
        self._share_out()
        self.assertEqual(len(self._activities(step)), 3)

    def test_a_server_that_dies_goes_on_where_it_was(self):
        self._small_chunks()
        step = self._make_calls(self._make_people(6), start=False)
        self._as(self.manager, step).action_start()
        dispatches, calls = type(self.env["crm.campaign.dispatch"]), []
        share_out = dispatches._share_out

        def die_in_the_second_chunk(records, *args):
            calls.append(records)
            share_out(records, *args)
            if len(calls) == 2:
                raise Killed

        with patch.object(dispatches, "_share_out", die_in_the_second_chunk):
            self._share_out(expected=Killed)
        self.assertEqual((step.state, len(self._activities(step))), ("running", 2))
        self._share_out()
        self.assertEqual(len(self._activities(step)), 6)
        self.assertEqual(len(self._activities(step).campaign_dispatch_id), 6)
        self.assertEqual([len(self._calls_of(step, user)) for user in self.callers], [3, 3])

    def test_who_writes_at_the_same_moment_does_not_stop_it_and_what_fails_does(self):
        dispatches = type(self.env["crm.campaign.dispatch"])
        step = self._make_calls(self._make_people(1), start=False)
        self._as(self.manager, step).action_start()
        tries, share_out = [], dispatches._share_out

        def fail_once(records, *args):
            tries.append(1)
            if len(tries) == 1:
                raise SerializationFailure("could not serialize access")
            return share_out(records, *args)

        def fail(records, *args):
            raise UserError("No more room")

        with patch.object(dispatches, "_share_out", fail_once):
            self._share_out()
        self.assertEqual((len(tries), len(self._activities(step))), (2, 1))
        second = self._make_step("phone", is_repeat=True)
        self._as(self.manager, second).action_start()
        with patch.object(dispatches, "_share_out", fail):
            self._share_out()
        self.assertEqual((second.state, second.stop_reason), ("stopped", "No more room"))

    def test_stopped_nobody_goes_on_calling_and_continued_the_rest_is_shared_out_anew(self):
        self._small_chunks()
        step = self._make_calls(self._make_people(5))
        done = self._calls_of(step)[0]
        self._as(done.user_id, done.activity_id).action_feedback(feedback="Yes")
        self._as(self.manager, step).action_stop()
        self._share_out()
        self.assertEqual(self._activities(step), done.activity_id)
        self.assertEqual(sorted(step.dispatch_ids.mapped("state")), ["sent"] + ["waiting"] * 4)
        self.assertFalse((step.dispatch_ids - done).user_id)
        unwilling = self._calls_of(step)[1]
        self.env["phone.blacklist"].create({"number": unwilling.member_id.partner_id.phone_sanitized})
        self._as(self.manager, step).action_continue()
        self._share_out()
        self.assertEqual((step.state, len(self._activities(step))), ("running", 4))
        self.assertEqual((unwilling.state, unwilling.reason), ("left_out", "blacklisted"))

    def test_continued_at_once_who_wants_no_calls_any_more_is_not_called(self):
        step = self._make_calls(self._make_people(2))
        unwilling = self._calls_of(step)[0]
        self._as(self.manager, step).action_stop()
        self.env["phone.blacklist"].create({"number": unwilling.member_id.partner_id.phone_sanitized})
        self._as(self.manager, step).action_continue()
        self._share_out()
        self.assertEqual((unwilling.state, unwilling.activity_id.exists()), ("left_out", self.env["mail.activity"]))
        self.assertEqual(len(self._activities(step)), 1)

    def test_a_day_that_was_agreed_stays_agreed_with_the_same_user(self):
        step = self._make_calls(self._make_people(6))
        later, past, of_other = self._calls_of(step, self.sales)[:2] | self._calls_of(step, self.other)[:1]
        today = fields.Date.today()
        day = today + timedelta(days=40)
        for call, when in ((later, day), (past, today), (of_other, day)):
            self._as(call.user_id, call).action_set_result(
                self.choices["later"].id, again_on=fields.Date.to_string(when)
            )
        self._as(self.manager, step).action_stop()
        self._share_out()
        self.assertFalse(self._activities(step))
        self.other.active = False
        with freeze_time(datetime.combine(today + timedelta(days=9), time(9))):
            self._as(self.manager, self._restart(step)).action_continue()
            self._share_out()
        agreed = later | past | of_other
        self.assertEqual(agreed.user_id, self.sales, "of who has left somebody else")
        self.assertEqual(agreed.mapped("activity_date"), [day, today + timedelta(days=9), day])
        self.assertEqual(agreed.mapped("again_on"), [False] * 3)
        self.assertEqual(len(self._activities(step)), 6)
        self.assertNotIn(day, (step.dispatch_ids - agreed).mapped("activity_date"))

    def _restart(self, step):
        """Whoever has left is taken out of a step that was stopped."""
        shares = self._as(self.manager, step.user_ids.filtered(lambda share: not share.user_id.active))
        shares.unlink()
        return step

    def test_calls_of_who_has_left_go_to_the_others(self):
        step = self._make_calls(self._make_people(4))
        self.other.active = False
        self._share_out()
        self.assertEqual(step.dispatch_ids.user_id, self.sales)
        self.assertEqual(len(self._activities(step)), 4)


@tagged("post_install", "-at_install")
class TestFollowed(TodoCase):
    def setUp(self):
        super().setUp()
        self.step = self._make_calls(self._make_people(2), channel="todo")
        self.call = self._calls_of(self.step)[0]

    def _act(self, user=None):
        return self._as(user or self.call.user_id, self.call.activity_id)

    def test_done_it_is_done_with_what_was_said(self):
        self._act().action_feedback(feedback="Brought the flowers")
        self.env.invalidate_all()
        self.assertEqual((self.call.state, self.call.outcome), ("sent", "done"))
        self.assertEqual(self.call.activity_feedback, "Brought the flowers")
        self.assertEqual(self.step.state, "running")
        last = self._calls_of(self.step)[1]
        self._as(last.user_id, last.activity_id).action_done()
        self.assertEqual(self.step.state, "done")

    def test_opened_again_it_waits_again(self):
        for call in self._calls_of(self.step):
            self._as(call.user_id, call.activity_id).action_done()
        self._act().action_unarchive()
        self.assertEqual((self.call.state, self.call.outcome, self.step.state), ("waiting", "waiting", "running"))

    def test_given_to_a_colleague_or_to_another_day_it_follows(self):
        colleague = self.callers - self.call.user_id
        day = fields.Date.today().replace(year=2032)
        self._act().write({"user_id": colleague.id, "date_deadline": day})
        self.assertEqual((self.call.user_id, self.call.activity_date), (colleague, day))

    def test_many_are_done_opened_and_given_to_others_in_the_queries_of_a_few(self):
        def queries(count, start):
            campaign = self._make_campaign(f"Of {count}")
            members = self._make_members(self._make_people(count, start), campaign)
            step = self._make_step("todo", campaign)
            dispatches = self._make_dispatches(step, members)
            step.write({"state": "running", "shared_out_on": fields.Datetime.now()})
            documents = {dispatch: dispatch.member_id.partner_id for dispatch in dispatches}
            dispatches._make_activities(self.sales, [fields.Date.today()] * count, documents)
            activities = self.env["mail.activity"].with_context(mail_activity_quick_update=True)
            activities, found = activities.browse(dispatches.activity_id.ids), []
            for values in ({"active": False}, {"active": True}, {"user_id": self.other.id}):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                activities.write(values)
                self.env.flush_all()
                found.append(self.env.cr.sql_log_count - before)
                self.assertEqual(step.state, "running" if activities[0].active else "done")
            self.assertEqual(dispatches.user_id, self.other)
            return found

        queries(2, 6000)  # what is asked for once
        few, many = queries(10, 7000), queries(40, 8000)
        for of_few, of_many in zip(few, many, strict=True):
            self.assertLessEqual(of_many, of_few + 3, (few, many))

    def test_deleted_by_hand_the_member_is_left_out(self):
        self._act().unlink()
        self._share_out()
        self.assertEqual((self.call.state, self.call.reason), ("left_out", "removed"))
        self.assertFalse(self.call.activity_id)

    def test_nobody_says_which_member_an_activity_is_about(self):
        values = {
            "res_model_id": self.env["ir.model"]._get_id("res.partner"),
            "res_id": self.customer.id,
            "user_id": self.sales.id,
            "campaign_dispatch_id": self.call.id,
        }
        activities = self._as(self.sales, self.env["mail.activity"])
        activity = activities.with_context(default_campaign_dispatch_id=self.call.id).create(values)
        self.assertFalse(activity.campaign_dispatch_id)
        activity.write({"campaign_dispatch_id": self.call.id})
        self.assertFalse(activity.campaign_dispatch_id)
