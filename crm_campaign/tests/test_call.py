from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .todo_case import TodoCase


@tagged("post_install", "-at_install")
class TestCall(TodoCase):
    def setUp(self):
        super().setUp()
        self.callers = self.sales
        self.step = self._make_calls(self._make_people(3), activity_note="<p>Say hello</p>")
        self.call = self._calls_of(self.step)[0]

    def _list(self, user=None, **kwargs):
        return self._as(user or self.sales, self.env["crm.campaign.dispatch"]).get_calls(**kwargs)

    def _say(self, name, call=None, user=None, **kwargs):
        call = self._as(user or self.sales, call or self.call)
        call.action_set_result(self.choices[name].id, **kwargs)
        self.env.invalidate_all()

    # ------------------------------------------------------------
    # Results
    # ------------------------------------------------------------

    def test_what_a_call_came_to_is_written_and_done_and_logged(self):
        reactions = []
        self.patch(type(self.env["crm.campaign.member"]), "_on_reaction", lambda members: reactions.append(members.ids))
        self._say("not_interested", note="Has a supplier")
        call = self.call
        self.assertEqual((call.state, call.outcome, call.result_id), ("sent", "done", self.choices["not_interested"]))
        self.assertEqual(call.activity_feedback, "Not interested: Has a supplier")
        self.assertFalse(call.activity_id.active)
        logged = call.call_ids
        partner = call.member_id.partner_id
        self.assertEqual((logged.user_id, logged.partner_id, logged.direction), (self.sales, partner, "out"))
        self.assertEqual(
            (logged.number, logged.result, logged.note), (partner.phone, "answered", "Not interested: Has a supplier")
        )
        self.assertEqual(logged.company_id, self.home)
        self.assertFalse(reactions)
        second = self._calls_of(self.step)[1]
        self._say("interested", second)
        self.assertEqual((second.outcome, reactions), ("answered", [second.member_id.ids]))

    def test_call_again_later_keeps_it_on_the_list_for_that_day(self):
        day = fields.Date.today() + timedelta(days=9)
        self._say("later", note="In a meeting", again_on=fields.Date.to_string(day))
        self.assertEqual((self.call.state, self.call.outcome, self.call.activity_date), ("waiting", "waiting", day))
        last = self._list()["calls"][-1]
        self.assertEqual(
            (last["id"], last["last_result"], last["tries"], last["last_note"]),
            (self.call.id, "Call again later", 1, "Call again later: In a meeting"),
        )
        self._say("not_reached")
        self.assertEqual((self.call.outcome, len(self.call.call_ids)), ("done", 2))
        self.assertEqual(self.call.call_ids.sorted("id").mapped("result"), ["answered", "missed"])

    def test_pressed_twice_it_is_logged_once_and_can_be_corrected(self):
        for _time in range(2):
            self._say("not_interested")
        self.assertEqual(len(self.call.call_ids), 1)
        self._say("interested", note="Called back")
        self.assertEqual((self.call.outcome, len(self.call.call_ids)), ("answered", 1))
        self.assertEqual(self.call.activity_feedback, "Interested: Called back")
        self._say("later", again_on=fields.Date.to_string(fields.Date.today()))
        self.assertEqual((self.call.state, self.call.activity_id.active), ("waiting", True))

    def test_a_call_that_the_telephone_system_told_of_is_not_logged_again(self):
        partner = self.call.member_id.partner_id
        values = {"user_id": self.sales.id, "number": partner.phone, "source": "pbx", "company_id": self.home.id}
        told = self.env["crm.call"].create([{**values, "call_id": "1", "duration": 77}])
        self._say("interested", note="Wants an offer")
        self.assertEqual((self.call.call_ids, told.note, told.duration), (told, "Interested: Wants an offer", 77))

    def test_the_last_call_ends_the_step(self):
        for call in self._calls_of(self.step):
            self._say("not_reached", call)
        self.assertEqual(self.step.state, "done")

    def test_what_is_no_result_is_refused(self):
        other = self.env["crm.choice"].search([("usage", "!=", "campaign_result")], limit=1)
        call = self._as(self.sales, self.call)
        yesterday = fields.Date.to_string(fields.Date.today() - timedelta(days=1))
        for args in ((other.id,), (0,), ("1",), (False,)):
            with self.subTest(args=args), self.assertRaisesRegex(UserError, "Choose what"):
                call.action_set_result(*args)
        with self.assertRaisesRegex(UserError, "not over"):
            call.action_set_result(self.choices["later"].id, again_on=yesterday)
        for day in ("soon", 7, True):
            with self.subTest(day=day), self.assertRaisesRegex(UserError, "is no day"):
                call.action_set_result(self.choices["later"].id, again_on=day)
        letter = self._make_step("letter")
        of_letter = self._make_dispatches(letter, self.call.member_id)
        with self.assertRaisesRegex(UserError, "no call"):
            self._as(self.sales, of_letter).action_set_result(self.choices["interested"].id)

    def test_after_the_step_was_stopped_nobody_calls(self):
        self._as(self.manager, self.step).action_stop()
        self.assertFalse(self._list()["calls"])
        with self.assertRaisesRegex(UserError, "was stopped"):
            self._say("interested")

    # ------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------

    def test_only_who_is_to_call_or_leads_campaigns_says_what_it_came_to(self):
        for user in (self.other, self.all_leads):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._say("interested", user=user)
        for user in (self.outsider, self.accountant):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._say("interested", user=user)
        for user, call in zip((self.manager, self.marketing), self._calls_of(self.step), strict=False):
            self._say("interested", call, user=user)
            self.assertEqual((call.outcome, call.call_ids.user_id), ("answered", user))

    def test_a_result_that_is_written_is_a_call_that_came_to_it(self):
        result = self.choices["not_interested"]
        self._as(self.sales, self.call).write({"result_id": result.id})
        self.assertEqual((self.call.state, len(self.call.call_ids)), ("sent", 1))
        with self.assertRaises(AccessError):
            self._as(self.other, self._calls_of(self.step)[1]).write({"result_id": result.id})
        with self.assertRaises(UserError):
            self._as(self.sales, self._calls_of(self.step)[1]).write({"result_id": False})
        with self.assertRaises(UserError):
            self._as(self.sales, self._calls_of(self.step)[1]).write({"result_id": result.id, "state": "sent"})

    def test_salespeople_change_nothing_else_of_campaigns(self):
        records = {
            self.step: {"name": "Mine"},
            self.step.user_ids[:1]: {"per_day": 1},
            self.call.member_id: {"state": "in"},
        }
        for record, values in records.items():
            # An AccessError is one; of members nobody writes anything.
            with self.subTest(model=record._name), self.assertRaises(UserError):
                self._as(self.sales, record).write(values)
        for action in ("action_start", "action_stop", "action_continue"):
            with self.subTest(action=action), self.assertRaises(AccessError):
                getattr(self._as(self.sales, self.step), action)()

    # ------------------------------------------------------------
    # The list
    # ------------------------------------------------------------

    def test_the_list_is_ones_own_the_most_urgent_first(self):
        last = self._calls_of(self.step)[2]
        last.activity_id.date_deadline = fields.Date.today() - timedelta(days=3)
        found = self._list()
        partner = last.member_id.partner_id
        self.assertEqual([call["id"] for call in found["calls"]], [last.id, *self._calls_of(self.step)[:2].ids])
        first = found["calls"][0]
        self.assertEqual(
            (first["name"], first["numbers"], first["say"]), (partner.name, [partner.phone], "<p>Say hello</p>")
        )
        self.assertEqual((first["is_overdue"], first["document"]["id"]), (True, partner.id))
        self.assertEqual(found["campaigns"], [{"id": self.campaign.id, "name": "Spring Fair", "count": 3}])
        (self._calls_of(self.step)[:2].activity_id).date_deadline = fields.Date.today() + timedelta(days=2)
        found = self._list()
        self.assertEqual((found["total"], found["due"], found["done_today"]), (3, 1, 0))
        self.assertGreater(found["again_on"], fields.Date.to_string(fields.Date.today()))
        self.assertEqual([result["name"] for result in found["results"]][:2], ["Interested", "Call again later"])
        for user in (self.other, self.manager):
            self.assertFalse(self._list(user)["calls"])
        self.assertFalse(self._list(campaign_id=self._make_campaign("Other").id)["calls"])
        with self.assertRaises(AccessError):
            self._list(self.outsider)

    def test_who_may_not_see_the_customer_any_more_does_not_call(self):
        contact = self._make_contact(7, user_id=self.sales.id)
        campaign = self._make_campaign("Of leads")
        self._make_members(contact, campaign)
        step = self._make_step("phone", campaign)
        self._start(step)
        self.assertEqual(self._list(campaign_id=campaign.id)["total"], 1)
        contact.user_id = self.manager
        self.assertFalse(self._list(campaign_id=campaign.id)["calls"])
        with self.assertRaises(AccessError):
            self._say("interested", step.dispatch_ids)

    def test_the_lead_that_a_reaction_became_is_told_to_who_may_read_it(self):
        member = self.call.member_id
        member.result_lead_id = self._make_lead(name="Top Secret", company_id=self.home.id, user_id=self.other.id)
        self.assertNotIn("Top Secret", str(self._list()))
        shown = next(call for call in self._list()["calls"] if call["id"] == self.call.id)
        self.assertEqual(shown["document"]["id"], member.partner_id.id)
        self._say("not_reached")
        self.assertFalse(self.call.call_ids.lead_id)
        own = self._make_lead(name="Mine", company_id=self.home.id, user_id=self.sales.id)
        second = self._calls_of(self.step)[1]
        second.member_id.result_lead_id = own
        shown = next(call for call in self._list()["calls"] if call["id"] == second.id)
        self.assertEqual((shown["document"]["model"], shown["document"]["id"]), ("crm.lead", own.id))
        self._say("not_reached", second)
        self.assertEqual(second.call_ids.lead_id, own)

    def test_what_was_done_today_is_of_the_users_own_day(self):
        self.sales.tz = "Pacific/Auckland"  # twelve hours ahead of Greenwich in May
        calls = self.env["crm.call"]
        values = {"user_id": self.sales.id, "number": "+49 151 1", "company_id": self.home.id}
        values["campaign_dispatch_id"] = self.call.id
        with freeze_time("2031-05-05 20:00:00"):  # the 6th, 8 in the morning there
            calls.create({**values, "start": "2031-05-05 11:59:00"})
            calls.create({**values, "start": "2031-05-05 12:01:00"})
            self.assertEqual(self._list()["done_today"], 1)

    def test_a_full_list_takes_the_queries_of_a_short_one(self):
        def queries(campaign):
            calls = self._as(self.sales, self.env["crm.campaign.dispatch"])
            before = self.env.cr.sql_log_count
            calls.get_calls(campaign.id)
            return self.env.cr.sql_log_count - before

        campaign = self._make_campaign("Large")
        self._make_members(self._make_people(90, 5000), campaign)
        self._start(self._make_step("phone", campaign))
        queries(self.campaign)  # what is asked for once
        self.assertLessEqual(queries(campaign), queries(self.campaign) + 3)
        self.assertEqual(len(self._list(campaign_id=campaign.id)["calls"]), 80)

    def test_calls_are_given_to_a_colleague(self):
        action = self._as(self.manager, self.step.dispatch_ids).action_delegate_calls()
        wizard = self._as(self.manager, self.env["crm.activity.delegate"])
        wizard = wizard.with_context(**action["context"]).create({"user_id": self.other.id})
        wizard.action_delegate()
        self.env.invalidate_all()
        self.assertEqual(self.step.dispatch_ids.user_id, self.other)
        self.assertEqual(self._list(self.other)["total"], 3)
