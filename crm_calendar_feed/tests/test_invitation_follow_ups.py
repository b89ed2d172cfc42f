from datetime import date, timedelta

from odoo.tests import Form, tagged

from .common import CalendarCase


@tagged("post_install", "-at_install")
class TestFollowUps(CalendarCase):
    def test_a_follow_up_is_a_whole_day_that_blocks_nothing(self):
        activity = self._plan(note="<p>About <b>GTX</b></p>")
        activity.in_my_calendar = True
        _calendar, entry = self._sent_one("REQUEST")
        self.assertEqual(str(entry["SUMMARY"]), "Call: Ask for the order")
        self.assertEqual(str(entry["DESCRIPTION"]), f"{self.lead.name}\nAbout GTX")
        self.assertEqual(entry["DTSTART"].dt, activity.date_deadline)
        self.assertEqual(entry["DTEND"].dt, activity.date_deadline + timedelta(days=1))
        self.assertIsInstance(entry["DTSTART"].dt, date)
        self.assertEqual(str(entry["TRANSP"]), "TRANSPARENT")
        self.assertTrue(str(entry["UID"]).startswith(f"activity-{activity.id}@"))

    def test_moved_done_and_deleted(self):
        activity = self._plan(in_my_calendar=True)
        self._sent_one("REQUEST")
        activity.date_deadline += timedelta(days=2)
        _calendar, entry = self._sent_one("REQUEST")
        self.assertEqual(entry["SEQUENCE"], 1)
        activity.action_feedback("Ordered")
        self._sent_one("CANCEL")
        other = self._plan(in_my_calendar=True)
        self._sent_one("REQUEST")
        other.unlink()
        self._sent_one("CANCEL")

    def test_it_goes_with_its_project(self):
        self._plan(in_my_calendar=True)
        self._sent_one("REQUEST")
        self.lead.unlink()
        self._sent_one("CANCEL")

    def test_given_to_another_colleague_it_changes_calendars(self):
        activity = self._plan(user=self.sales, by=self.manager, in_my_calendar=True)
        self.assertEqual(len(self._sent()), 2)
        activity.with_user(self.manager).user_id = self.other
        sent = {
            message["To"].split("<")[1]: str(self._read(self._files(message)[0].get_payload(decode=True))["METHOD"])
            for message in self._mails()
        }
        self.assertEqual(sent, {"cast_sales@example.com>": "CANCEL", "cast_other@example.com>": "REQUEST"})

    def test_the_dialog_of_a_project_ticks_it(self):
        context = self.lead.with_user(self.sales).action_add_activity()["context"]
        with Form(self.env["mail.activity.schedule"].with_user(self.sales).with_context(**context)) as form:
            form.summary = "Prepare the offer"
            form.activity_user_id = self.sales
            form.in_my_calendar = True
        form.record.action_schedule_activities()
        _calendar, entry = self._sent_one("REQUEST")
        self.assertIn("Prepare the offer", str(entry["SUMMARY"]))

    def test_a_follow_up_that_became_an_appointment_stays_one_entry(self):
        activity = self._plan(in_my_calendar=True)
        _calendar, entry = self._sent_one("REQUEST")
        event = self._meet()
        activity.calendar_event_id = event
        _calendar, changed = self._sent_one("REQUEST")
        self.assertEqual(changed["UID"], entry["UID"])
        self.assertEqual(self._utc(changed["DTSTART"]), event.start)
        self.assertTrue(event.in_my_calendar)
        self.assertTrue(activity.in_my_calendar)
        event.unlink()
        self._sent_one("CANCEL")

    def test_of_a_restricted_project_nothing_that_was_written_is_sent(self):
        self.lead.is_restricted = True
        activity = self._plan(note="<p>Secret</p>", in_my_calendar=True)
        [message] = self._mails()
        content = str(message) + self._files(message)[0].get_payload(decode=True).decode()
        for word in (activity.summary, "Secret", self.lead.name):
            self.assertNotIn(word, content)

    def test_what_is_to_be_done_about_a_note_is_ticked_on_the_note(self):
        with Form(self.env["crm.note"].with_user(self.sales)) as form:
            form.partner_id = self.partner
            form.text = "<p>Wants a sample</p>"
            form.user_id = self.sales
            form.in_my_calendar = True
        note = form.record
        _calendar, entry = self._sent_one("REQUEST")
        self.assertIn("Wants a sample", str(entry["SUMMARY"]))
        self.assertTrue(note.in_my_calendar)
        self.assertFalse(note.with_user(self.manager).in_my_calendar)
        note.date_deadline = self.soon.date()
        _calendar, entry = self._sent_one("REQUEST")
        self.assertEqual(entry["DTSTART"].dt, note.date_deadline)
        note.status_id = self.env.ref("crm_salesboard.crm_note_status_done")
        self._sent_one("CANCEL")

    def test_the_tick_on_a_note_counts_with_what_makes_its_follow_up(self):
        note = (
            self.env["crm.note"].with_user(self.sales).create({"partner_id": self.partner.id, "text": "Wants a sample"})
        )
        self.assertFalse(note.activity_id)
        note.write({"user_id": self.sales.id, "in_my_calendar": True})
        self.assertTrue(note.in_my_calendar)
        self._sent_one("REQUEST")
        note.in_my_calendar = False
        self._sent_one("CANCEL")
        with Form(note) as form:
            form.in_my_calendar = True
            form.date_deadline = self.soon.date()
        _calendar, entry = self._sent_one("REQUEST")
        self.assertEqual(entry["DTSTART"].dt, self.soon.date())
