from datetime import timedelta

from odoo import fields
from odoo.tests import Form, tagged

from .common import SalesBoardCase


@tagged("post_install", "-at_install")
class TestActivities(SalesBoardCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._make_lead()

    def _plan(self, summary, days=1, user=None, lead=None):
        return (lead or self.lead).activity_schedule(
            "mail.mail_activity_data_todo",
            fields.Date.today() + timedelta(days=days),
            summary=summary,
            user_id=(user or self.sales).id,
        )

    def test_open_and_done_activities_of_all_employees_are_listed_and_the_open_ones_counted(self):
        done = self._plan("Send brochure")
        theirs = self._plan("Check credit", user=self.other)
        done.action_feedback("Sent by mail")
        lead = self.lead.with_user(self.sales)
        self.assertEqual(lead.activity_history_ids, done + theirs)
        self.assertEqual(lead.open_activity_count, 1)
        self.assertEqual((done.state, done.feedback, done.active), ("done", "Sent by mail", False))
        self.assertEqual(lead.activity_ids, theirs)

    def test_the_count_takes_one_query_for_a_batch(self):
        leads = self.lead | self._make_lead() | self._make_lead()
        self._plan("One")
        self._plan("Two", lead=leads[2])
        self.env.flush_all()
        leads.mapped("name")
        with self.assertQueryCount(1):
            self.assertEqual(leads.mapped("open_activity_count"), [1, 0, 1])

    def test_one_dialog_gives_several_employees_an_activity_each(self):
        action = self.lead.with_user(self.sales).action_add_activity()
        wizard = self.env[action["res_model"]].with_user(self.sales).with_context(**action["context"])
        with Form(wizard) as form:
            form.summary = "Prepare the offer"
            form.activity_user_id = self.sales
            form.other_user_ids.add(self.manager)
            form.other_user_ids.add(self.other)
        form.record.action_schedule_activities()
        activities = self.lead.activity_ids.filtered(lambda activity: activity.summary == "Prepare the offer")
        self.assertEqual(activities.user_id, self.sales | self.manager | self.other)
        self.assertEqual(len(activities), 3)

    def test_an_employee_who_is_named_twice_gets_one_activity(self):
        context = self.lead.action_add_activity()["context"]
        wizard = self.env["mail.activity.schedule"].with_context(**context)
        wizard = wizard.create({"activity_user_id": self.sales.id, "other_user_ids": [(6, 0, self.sales.ids)]})
        wizard.action_schedule_activities()
        self.assertEqual(len(self.lead.activity_ids), 1)

    def test_other_documents_keep_odoos_dialog(self):
        context = {"active_model": "res.partner", "active_ids": self.partner.ids}
        wizard = self.env["mail.activity.schedule"].with_context(**context)
        wizard = wizard.create({"activity_user_id": self.sales.id, "other_user_ids": [(6, 0, self.other.ids)]})
        wizard.action_schedule_activities()
        self.assertEqual(self.partner.activity_ids.user_id, self.sales)


@tagged("post_install", "-at_install")
class TestAgenda(SalesBoardCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._make_lead()
        cls.now = fields.Datetime.now()

    def _meet(self, name, days, **values):
        start = self.now + timedelta(days=days)
        return self.env["calendar.event"].create(
            {
                "name": name,
                "start": start,
                "stop": start + timedelta(hours=1),
                "opportunity_id": self.lead.id,
                "user_id": self.sales.id,
                "partner_ids": [(6, 0, self.sales.partner_id.ids)],
                **values,
            }
        )

    def test_upcoming_appointments_come_first_soonest_on_top_and_past_ones_below(self):
        past, long_ago = self._meet("Past", -1), self._meet("Long ago", -9)
        later, soon = self._meet("Later", 9), self._meet("Soon", 1)
        lead = self.lead.with_user(self.sales)
        self.assertEqual(lead.agenda_event_ids.ids, (soon + later + past + long_ago).ids)
        self.assertEqual(lead.upcoming_event_count, 2)

    def test_a_colleagues_private_appointment_is_neither_shown_nor_counted(self):
        self._meet("Dentist", 1, privacy="private", user_id=self.other.id, partner_ids=[])
        self.env.invalidate_all()
        lead = self.lead.with_user(self.sales)
        self.assertFalse(lead.agenda_event_ids)
        self.assertEqual(lead.upcoming_event_count, 0)

    def test_the_page_costs_as_many_queries_for_a_batch_as_for_two_projects(self):
        leads = self.lead | self._make_lead() | self._make_lead() | self._make_lead()
        self._meet("Soon", 1)
        counts = []
        for batch in (leads[:2], leads[:2], leads):  # first of all with cold caches
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            batch.with_user(self.sales).mapped("upcoming_event_count")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    def test_a_new_appointment_lands_in_the_calendars_of_owner_linked_users_and_customer(self):
        self.lead.linked_user_ids = [(0, 0, {"user_id": self.other.id})]
        action = self.lead.with_user(self.manager).action_new_appointment()
        events = self.env["calendar.event"].with_user(self.manager).with_context(**action["context"])
        with Form(events) as form:
            self.assertEqual(form.name, self.lead.name)
        event = form.record
        self.assertEqual(event.opportunity_id, self.lead)
        self.assertEqual(event.partner_ids, (self.manager | self.sales | self.other).partner_id | self.partner)
        self.assertEqual(self.lead.with_user(self.sales).agenda_event_ids, event)
