import io
from datetime import timedelta

from pypdf import PdfReader

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import mute_logger

from .test_note import NoteCase


class VisitCase(NoteCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._make_lead()
        cls.visit = cls.env.ref("crm_salesboard.mail_activity_type_visit")
        cls.past = fields.Datetime.now().replace(hour=8, minute=0, second=0, microsecond=0) - timedelta(days=2)
        cls.event = cls._meet()

    @classmethod
    def _meet(cls, user=None, **values):
        user = user or cls.sales
        guests = cls.sales.partner_id | cls.other.partner_id | cls.person
        return (
            cls.env["calendar.event"]
            .with_user(user)
            .with_context(no_mail_to_attendees=True)
            .create(
                {
                    "name": "Visit to Konex",
                    "start": cls.past,
                    "stop": cls.past + timedelta(hours=2),
                    "location": "Konex, Ghent",
                    "user_id": user.id,
                    "partner_ids": [Command.set(guests.ids)],
                    **values,
                }
            )
        )

    def _new_report(self, event=None, user=None):
        action = (event or self.event).with_user(user or self.sales).action_visit_report()
        self.assertEqual(action["res_model"], "crm.note")
        return Form(self.env["crm.note"].with_user(user or self.sales).with_context(**action["context"]))


@tagged("post_install", "-at_install")
class TestVisitReport(VisitCase):
    def test_participants_date_and_place_come_from_the_appointment(self):
        self.event.opportunity_id = self.lead
        with self._new_report() as form:
            form.text = "<p>They want <b>forty</b>.</p>"
        note = form.record
        self.assertTrue(note.is_visit)
        self.assertEqual(note.activity_type_id, self.visit)
        self.assertEqual((note.date, note.visit_place, note.visit_duration), (self.past, "Konex, Ghent", 2))
        self.assertEqual(note.visit_participant_ids, self.sales.partner_id | self.other.partner_id | self.person)
        self.assertEqual((note.partner_id, note.lead_id), (self.partner, self.lead))
        self.assertEqual(note.visit_event_id, self.event)
        self.assertEqual(self.event.with_user(self.sales).visit_note_count, 1)

    def test_of_whole_days_it_tells_the_day_and_no_hours(self):
        day = self.past.date()
        event = self._meet(allday=True, start_date=day, stop_date=day)
        for zone in ("UTC", "America/Los_Angeles", "Asia/Tokyo", "Pacific/Auckland"):
            self.sales.tz = zone
            values = event.with_user(self.sales).with_context(tz=zone)._prepare_visit_report()
            local = fields.Datetime.context_timestamp(event.with_context(tz=zone), values["date"])
            self.assertEqual((local.date(), local.hour), (day, 12), zone)
            self.assertFalse(values["visit_duration"])

    def test_without_a_project_it_is_about_who_was_visited(self):
        note = self._new_report().save()
        self.assertEqual((note.partner_id, note.lead_id), (self.person, self.env["crm.lead"]))
        event = self._meet(res_model_id=self.env["ir.model"]._get_id("res.partner"), res_id=self.partner.id)
        self.assertEqual(self._new_report(event).partner_id, self.partner)

    def test_who_declined_was_not_there(self):
        self.event.attendee_ids.filtered(lambda guest: guest.partner_id == self.other.partner_id).state = "declined"
        self.assertNotIn(self.other.partner_id, self._new_report().save().visit_participant_ids)

    def test_the_button_opens_the_report_there_is(self):
        note = self._new_report().save()
        self.assertEqual(self.event.with_user(self.other).action_visit_report()["res_id"], note.id)

    def test_an_appointment_to_come_has_none(self):
        event = self._meet(
            start=fields.Datetime.now() + timedelta(hours=1), stop=fields.Datetime.now() + timedelta(hours=2)
        )
        with self.assertRaisesRegex(UserError, "when the appointment is over"):
            event.action_visit_report()

    def test_follow_ups_become_activities_of_those_who_have_to_do_them(self):
        self.event.opportunity_id = self.lead
        with self._new_report() as form:
            form.text = "Result"
            for user, summary, action in ((self.sales, "Send two", self.sample), (self.other, "Ring them", self.call)):
                with form.visit_follow_up_ids.new() as line:
                    line.partner_id = form.partner_id
                    line.activity_type_id = action
                    line.summary = summary
                    line.user_id = user if user == self.sales else self.manager
                    line.date_deadline = self._day(3)
        follow_ups = form.record.visit_follow_up_ids.sorted("id")
        self.assertEqual(len(follow_ups), 2)
        self.assertEqual(follow_ups.partner_id, self.partner)
        self.assertEqual(follow_ups.lead_id, self.lead)
        self.assertFalse(follow_ups.visit_participant_ids, "what the appointment says is said of the visit alone")
        self.assertFalse(follow_ups.visit_event_id)
        activities = self.lead.activity_ids.sorted("id")
        self.assertEqual(activities.mapped("summary"), ["Send two", "Ring them"])
        self.assertEqual(activities.user_id, self.sales | self.manager)
        self.assertEqual(activities.activity_type_id, self.sample | self.call)
        activities[0].with_user(self.sales).action_feedback()
        self.assertTrue(follow_ups[0].is_closed)
        follow_ups[1].with_user(self.manager).status_id = self.done
        self.assertFalse(activities[1].active)

    def test_a_program_leaves_out_whom_follow_ups_are_about(self):
        note = self._make_note(activity_type_id=self.visit.id, lead_id=self.lead.id)
        follow_up = self.env["crm.note"].with_user(self.sales).create({"visit_note_id": note.id, "summary": "x"})
        self.assertEqual((follow_up.partner_id, follow_up.lead_id), (self.partner, self.lead))

    def test_what_follows_goes_where_the_visit_goes(self):
        note = self._make_note(activity_type_id=self.visit.id)
        follow_ups = self._make_todo(visit_note_id=note.id) | self._make_todo(
            visit_note_id=note.id, status_id=self.done.id
        )
        elsewhere = self._make_todo(visit_note_id=note.id, lead_id=self._make_lead().id)
        place = (elsewhere.partner_id, elsewhere.lead_id)
        self.lead.is_restricted = True
        note.lead_id = self.lead
        self.assertEqual(follow_ups.lead_id, self.lead)
        self.assertEqual((elsewhere.partner_id, elsewhere.lead_id), place)
        self.assertEqual(follow_ups.activity_id.filtered("active").mapped("res_id"), self.lead.ids)
        self.assertFalse(follow_ups.with_user(self.other).search([("id", "in", follow_ups.ids)]))
        customer = self.env["res.partner"].create({"name": "Another"})
        note.write({"partner_id": customer.id, "lead_id": False})
        self.assertEqual((follow_ups.partner_id, follow_ups.lead_id), (customer, self.lead.browse()))
        self.assertEqual((elsewhere.partner_id, elsewhere.lead_id), place)
        lead = self._make_lead(is_restricted=True)
        self._make_todo(visit_note_id=note.id, partner_id=customer.id, user_id=self.other.id)
        with self.assertRaises(ValidationError):
            note.lead_id = lead

    def test_moving_visits_takes_as_many_queries_for_a_batch(self):
        visits = self.env["crm.note"].browse()
        for _number in range(20):
            visit = self._make_note(activity_type_id=self.visit.id)
            self._make_note(visit_note_id=visit.id)
            visits |= visit
        counts = []
        for notes in (visits[:1], visits[1:2], visits[2:]):  # first with cold caches
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            notes.write({"lead_id": self.lead.id})
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1] + 4)

    def test_a_follow_up_in_the_past_is_refused(self):
        note = self._make_note(activity_type_id=self.visit.id)
        with self.assertRaises(ValidationError):
            self._make_todo(visit_note_id=note.id, date_deadline=self._day(-2))

    def test_a_follow_up_has_none_of_its_own(self):
        note = self._make_note(activity_type_id=self.visit.id)
        follow_up = self._make_todo(visit_note_id=note.id)
        with self.assertRaises(ValidationError):
            self._make_todo(visit_note_id=follow_up.id)

    def test_visits_are_found(self):
        note = self._new_report().save()
        notes = self.env["crm.note"].with_user(self.sales)
        found = notes.search([("is_visit", "=", True), ("partner_id", "child_of", self.partner.id)])
        self.assertEqual(found, note)

    def test_deleting_the_appointment_keeps_the_report_and_deleting_the_report_what_follows(self):
        note = self._new_report().save()
        follow_up = self._make_todo(visit_note_id=note.id)
        self.event.with_context(no_mail_to_attendees=True).unlink()
        self.assertTrue(note.exists())
        note.unlink()
        self.assertTrue(follow_up.exists().activity_id)

    def test_the_action_can_be_deleted(self):
        self.env["ir.model.data"].search(
            [("name", "=", "mail_activity_type_visit"), ("model", "=", "mail.activity.type")]
        ).unlink()
        self.assertFalse(self._make_note().is_visit)
        self.assertTrue(self._new_report().save())


@tagged("post_install", "-at_install")
class TestVisitRights(VisitCase):
    def test_who_may_not_write_notes_begins_no_report(self):
        with self.assertRaises(AccessError):
            self.event.with_user(self.outsider).action_visit_report()

    def test_of_an_appointment_that_is_hidden_nothing_is_told(self):
        self.event.opportunity_id = self.lead
        self.lead.with_user(self.sales).is_restricted = True
        event = self.event.with_user(self.manager)
        with mute_logger("odoo.addons.base.models.ir_rule"):
            with self.assertRaises(AccessError):
                event.action_visit_report()
            with self.assertRaises(AccessError):
                Form(self.env["crm.note"].with_user(self.manager).with_context(visit_of_event=self.event.id))
        note = self._new_report().save()
        self.assertFalse(self.env["crm.note"].with_user(self.manager).search([("id", "=", note.id)]))
        self.assertEqual(self.event.with_user(self.sales).visit_note_count, 1)

    def test_of_a_private_appointment_nobody_else_begins_a_report(self):
        event = self._meet(privacy="private")
        with mute_logger("odoo.addons.base.models.ir_rule"):
            with self.assertRaises(AccessError):
                event.with_user(self.all_leads).action_visit_report()
            with self.assertRaises(AccessError):
                Form(self.env["crm.note"].with_user(self.all_leads).with_context(visit_of_event=event.id))
        self.assertEqual(self._new_report(event, user=self.other).visit_place, "Konex, Ghent")

    def test_who_may_not_see_the_visit_adds_nothing_to_it(self):
        note = self._make_note(activity_type_id=self.visit.id, lead_id=self.lead.id)
        self.lead.with_user(self.sales).is_restricted = True
        with mute_logger("odoo.addons.base.models.ir_rule"), self.assertRaises(AccessError):
            self.env["crm.note"].with_user(self.other).create({"visit_note_id": note.id, "summary": "x"})

    def test_counting_reports_takes_as_many_queries_for_a_batch(self):
        events = self.event | self._meet() | self._meet()
        self._new_report().save()
        counts = []
        for batch in (events[:1], events[:1], events):  # first of all with cold caches
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            batch.with_user(self.sales).mapped("visit_note_count")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])


@tagged("post_install", "-at_install")
class TestVisitPrint(VisitCase, HttpCase):
    def _html(self, note):
        report = self.env["ir.actions.report"].with_user(self.sales)
        return report._render_qweb_html("crm_salesboard.report_visit", note.ids)[0].decode()

    def test_the_print_has_everything_and_no_script(self):
        with self._new_report() as form:
            form.text = "<p>They want <b>forty</b>.</p><script>alert(1)</script>"
        note = form.record
        self._make_todo(visit_note_id=note.id, summary="Send two", activity_type_id=self.sample.id)
        html = self._html(note)
        for text in ("Konex, Ghent", "Ada Konex", "cast_other", "<b>forty</b>", "Send two", "Send sample", "2 hours"):
            self.assertIn(text, html)
        self.assertNotIn("alert(1)", html)
        self.assertIn("Ada Konex", note._get_visit_file_name())
        action = note.action_print_visit_report()
        self.assertEqual((action["report_name"], action["report_type"]), ("crm_salesboard.report_visit", "qweb-pdf"))

    def test_of_whole_days_the_day_is_printed_alone(self):
        day = self.past.date()
        event = self._meet(allday=True, start_date=day, stop_date=day)
        with self._new_report(event) as form:
            form.text = "Fair"
        html = self._html(form.record)
        self.assertNotIn("12:00", html)
        self.assertIn(str(day.year), html)
        form.record.visit_duration = 1
        self.assertIn("12:00", self._html(form.record))

    def test_a_salesperson_prints_it_as_pdf(self):
        note = self._new_report().save()
        self.sales.password = "cast_sales"
        self.authenticate("cast_sales", "cast_sales")
        answer = self.url_open(f"/report/html/crm_salesboard.report_visit/{note.id}")
        self.assertIn("Konex, Ghent", answer.text)
        report = self.env["ir.actions.report"].with_user(self.sales).with_context(force_report_rendering=True)
        pdf, kind = report._render_qweb_pdf("crm_salesboard.report_visit", note.ids)
        self.assertEqual((kind, pdf[:4]), ("pdf", b"%PDF"))
        self.assertEqual(len(PdfReader(io.BytesIO(pdf)).pages), 1)

    def test_other_notes_are_not_printed_as_one(self):
        with self.assertRaises(UserError):
            self._make_note().action_print_visit_report()


@tagged("post_install", "-at_install")
class TestAppointments(VisitCase):
    """A1: an appointment with subject, place, participants inside and outside, and a period."""

    def test_from_the_customer_with_colleagues_and_guests_into_the_calendar(self):
        action = self.partner.with_user(self.sales).action_new_appointment()
        events = self.env["calendar.event"].with_user(self.sales).with_context(**action["context"])
        start = fields.Datetime.now().replace(microsecond=0) + timedelta(days=4)
        outside = self.env["res.partner"].create({"name": "Architect", "email": "architect@example.com"})
        with Form(events) as form:
            form.name = "Look at the site"
            form.location = "Ghent"
            form.start = start
            form.stop = start + timedelta(hours=3)
            form.partner_ids.add(self.other.partner_id)
            form.partner_ids.add(outside)
        event = form.record
        self.assertEqual((event.name, event.location), ("Look at the site", "Ghent"))
        self.assertEqual((event.start, event.stop, event.duration), (start, start + timedelta(hours=3), 3))
        self.assertEqual(event.partner_ids, (self.sales | self.other).partner_id | self.partner | outside)
        self.assertEqual((event.res_model, event.res_id), ("res.partner", self.partner.id))
        # colleagues see it in the calendar, and it counts on the customer's form
        seen = (
            self.env["calendar.event"]
            .with_user(self.other)
            .search(
                [("partner_ids", "in", self.other.partner_id.ids), ("start", ">=", start), ("stop", "<=", event.stop)]
            )
        )
        self.assertEqual(seen, event)
        self.assertEqual(self.partner.with_user(self.sales).meeting_count, 2)

    def test_guests_are_invited_by_e_mail(self):
        start = fields.Datetime.now() + timedelta(days=4)
        event = (
            self.env["calendar.event"]
            .with_user(self.sales)
            .create(
                {
                    "name": "Look",
                    "start": start,
                    "stop": start + timedelta(hours=1),
                    "partner_ids": [Command.set((self.sales.partner_id | self.other.partner_id).ids)],
                }
            )
        )
        messages = self.env["mail.message"].search([("model", "=", "calendar.event"), ("res_id", "=", event.id)])
        self.assertIn("invitation.ics", messages.attachment_ids.mapped("name"))
        self.assertIn(self.other.partner_id, messages.notified_partner_ids)


@tagged("post_install", "-at_install")
class TestVisitScreen(VisitCase, HttpCase):
    def test_a_report_is_written_from_the_appointment(self):
        self.sales.password = "cast_sales"
        self.start_tour(f"/odoo/calendar.event/{self.event.id}", "crm_salesboard_visit_report", login="cast_sales")
        note = self.event.visit_note_ids
        self.assertIn("They want forty", note.text)
        self.assertEqual(note.visit_participant_ids, self.sales.partner_id | self.other.partner_id | self.person)
        self.assertEqual(note.visit_follow_up_ids.summary, "Send the lamp")
        activity = note.visit_follow_up_ids.activity_id
        self.assertEqual((activity.user_id, activity.activity_type_id), (self.sales, self.sample))
        self.assertFalse(note.visit_follow_up_ids.visit_participant_ids)
