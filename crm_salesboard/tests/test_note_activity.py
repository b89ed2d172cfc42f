from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .test_note import NoteCase


class NoteActivityCase(NoteCase):
    def _activities(self, document):
        return self.env["mail.activity"].search([("res_model", "=", document._name), ("res_id", "=", document.id)])


@tagged("post_install", "-at_install")
class TestToOdoosList(NoteActivityCase):
    def test_a_note_with_somebody_to_do_something_is_one_activity_on_the_customer(self):
        note = self._make_todo(date_deadline=self._day(2))
        activity = self._activities(self.partner)
        self.assertEqual(activity, note.activity_id)
        self.assertEqual((activity.user_id, activity.date_deadline), (self.sales, self._day(2)))
        self.assertEqual((activity.activity_type_id, activity.summary), (self.call, "Wants a sample"))
        self.assertIn("Wants a sample", activity.note)

    def test_on_the_project_where_there_is_one_and_it_moves_with_the_note(self):
        lead = self._make_lead()
        note = self._make_todo(lead_id=lead.id)
        activity = note.activity_id
        self.assertEqual((activity.res_model, activity.res_id), ("crm.lead", lead.id))
        note.lead_id = False
        self.assertEqual(note.activity_id, activity)
        self.assertEqual((activity.res_model, activity.res_id), ("res.partner", self.partner.id))

    def test_without_anybody_to_do_it_or_already_closed_there_is_none(self):
        self._make_note()
        self._make_note(activity_type_id=self.call.id)
        self._make_todo(status_id=self.done.id)
        self.assertFalse(self._activities(self.partner))

    def test_a_status_that_closes_marks_the_activity_as_done_and_another_does_not(self):
        note = self._make_todo()
        activity = note.activity_id
        note.status_id = self.no_answer
        self.assertTrue(activity.active)
        note.status_id = self.customer_status
        self.assertFalse(activity.active)
        self.assertEqual((activity.state, activity.date_done), ("done", self.today))
        self.assertTrue(self.partner.message_ids.filtered(lambda message: message.mail_activity_type_id == self.call))

    def test_done_with_the_button_is_the_first_status_that_closes(self):
        notes = self._make_todo() | self._make_todo()
        notes.action_done()
        self.assertEqual(notes.status_id, self.done)
        self.assertFalse(any(notes.activity_id.mapped("active")))

    def test_reopening_makes_a_new_activity(self):
        note = self._make_todo()
        first = note.activity_id
        note.status_id = self.done
        note.status_id = self.no_answer
        self.assertNotEqual(note.activity_id, first)
        self.assertTrue(note.activity_id.active)
        self.assertFalse(first.active)
        self.assertEqual(self._activities(self.partner), note.activity_id)

    def test_reassigning_rescheduling_and_rewriting_change_the_activity(self):
        note = self._make_todo()
        activity = note.activity_id
        note.write(
            {
                "user_id": self.other.id,
                "date_deadline": self._day(9),
                "activity_type_id": self.sample.id,
                "text": "<p>Red ones</p>",
            }
        )
        self.assertEqual(note.activity_id, activity)
        self.assertEqual((activity.user_id, activity.date_deadline), (self.other, self._day(9)))
        self.assertEqual((activity.activity_type_id, activity.summary), (self.sample, "Red ones"))
        note.activity_type_id = False
        self.assertEqual(activity.activity_type_id, self.env.ref("mail.mail_activity_data_todo"))
        self.assertFalse(note.activity_type_id)

    def test_taking_the_user_off_takes_it_off_the_list(self):
        note = self._make_todo()
        activity = note.activity_id
        note.user_id = False
        self.assertFalse(activity.exists())
        note.user_id = self.other
        self.assertEqual(note.activity_id.user_id, self.other)

    def test_deleting_the_note_takes_what_is_open_off_the_list_and_keeps_what_was_done(self):
        note, closed = self._make_todo(), self._make_todo()
        closed.status_id = self.done
        open_activity, done = note.activity_id, closed.activity_id
        (note | closed).unlink()
        self.assertFalse(open_activity.exists())
        self.assertTrue(done.exists())

    def test_the_activity_is_not_copied_along(self):
        note = self._make_todo()
        copy = note.copy()
        self.assertTrue(copy.activity_id)
        self.assertNotEqual(copy.activity_id, note.activity_id)
        self.assertFalse(copy.status_id)

    def test_nobody_is_given_what_they_could_not_find(self):
        lead = self._make_lead(user_id=self.manager.id)
        note = self._make_todo(self.manager, lead_id=lead.id)
        with self.assertRaisesRegex(ValidationError, "cast_other may not see"):
            note.user_id = self.other
        lead.linked_user_ids = [(0, 0, {"user_id": self.other.id})]
        note.user_id = self.other
        self.assertEqual(note.activity_id.user_id, self.other)


@tagged("post_install", "-at_install")
class TestFromOdoosList(NoteActivityCase):
    def test_done_there_sets_the_first_status_that_closes_and_keeps_the_feedback(self):
        note = self._make_todo()
        note.activity_id.with_user(self.sales).action_feedback(feedback="They take <two>")
        self.assertEqual(note.status_id, self.done)
        self.assertTrue(note.is_closed)
        self.assertIn("Wants a sample", note.text)
        self.assertIn("They take &lt;two&gt;", note.text)

    def test_archived_or_done_without_a_word_closes_it_as_well(self):
        note, other = self._make_todo(), self._make_todo()
        note.activity_id.with_user(self.sales).action_done()
        other.activity_id.with_user(self.sales).action_archive()
        self.assertEqual((note | other).status_id, self.done)

    def test_the_sequence_says_which_status_is_the_first(self):
        self.customer_status.sequence = 0
        note = self._make_todo()
        note.activity_id.action_done()
        self.assertEqual(note.status_id, self.customer_status)

    def test_brought_back_there_the_note_is_open_again(self):
        note = self._make_todo()
        activity = note.activity_id
        activity.action_done()
        activity.action_unarchive()
        self.assertFalse(note.is_closed)
        self.assertEqual(note.activity_id, activity)

    def test_reassigned_rescheduled_and_changed_there_it_is_so_here_in_the_past_too(self):
        note = self._make_todo()
        note.activity_id.with_user(self.sales).write(
            {"user_id": self.other.id, "date_deadline": self._day(-2), "activity_type_id": self.sample.id}
        )
        self.assertEqual((note.user_id, note.date_deadline), (self.other, self._day(-2)))
        self.assertEqual((note.activity_type_id, note.state), (self.sample, "overdue"))
        self.assertEqual(self._activities(self.partner), note.activity_id)

    def test_deleted_there_the_note_stays_and_nobody_has_to_do_it(self):
        note = self._make_todo()
        note.activity_id.with_user(self.sales).unlink()
        self.assertTrue(note.exists())
        self.assertFalse(note.activity_id or note.user_id)
        note.summary = "Something else"
        self.assertFalse(self._activities(self.partner))

    def test_waiting_there_for_somebody_to_take_it_it_waits_here(self):
        note = self._make_todo()
        activity = note.activity_id
        activity.user_id = False
        self.assertFalse(note.user_id)
        note.summary = "Still wanted"
        self.assertEqual((note.activity_id, activity.summary), (activity, "Still wanted"))
        activity.user_id = self.other
        self.assertEqual(note.user_id, self.other)

    def test_the_assignee_closes_it_there_without_any_right_to_the_crm(self):
        note = self._make_todo()
        note.user_id = self.outsider
        note.activity_id.with_user(self.outsider).action_feedback(feedback="Sent")
        self.assertEqual(note.status_id, self.done)
        self.assertIn("Sent", note.text)

    def test_an_activity_belongs_to_one_note(self):
        first, second = self._make_todo(), self._make_todo()
        note = self._make_note(activity_id=first.activity_id.id)
        self.assertFalse(note.activity_id)
        self.assertNotEqual(first.activity_id, second.activity_id)

    def test_an_unrelated_activity_changes_nothing(self):
        note = self._make_todo()
        other = self.partner.activity_schedule("mail.mail_activity_data_call", user_id=self.sales.id)
        other.action_feedback(feedback="Unrelated")
        self.assertFalse(note.is_closed)


@tagged("post_install", "-at_install")
class TestWhatGoes(NoteActivityCase):
    def test_a_deleted_project_leaves_its_notes_and_what_is_to_be_done_with_the_customer(self):
        lead = self._make_lead()
        note = self._make_todo(lead_id=lead.id)
        lead.unlink()
        self.assertTrue(note.exists())
        self.assertEqual((note.user_id, note.activity_id.res_model), (self.sales, "res.partner"))

    def test_a_deleted_restricted_project_takes_its_notes_along(self):
        lead = self._make_lead()
        note = self._make_note(lead_id=lead.id)
        lead.is_restricted = True
        lead.unlink()
        self.assertFalse(note.exists())

    def test_merged_projects_keep_all_notes_and_activities(self):
        lead, other = self._make_lead(), self._make_lead()
        note, moved = self._make_todo(lead_id=lead.id), self._make_todo(lead_id=other.id)
        merged = (lead | other).merge_opportunity()
        self.assertEqual((note | moved).lead_id, merged)
        self.assertEqual(self._activities(merged), (note | moved).activity_id)

    def test_merged_customers_keep_all_notes_activities_and_the_status(self):
        double = self.env["res.partner"].create({"name": "Ada K."})
        note = self._make_todo(partner_id=double.id)
        self._make_note(partner_id=double.id, status_id=self.customer_status.id)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.person | double).ids, self.person)
        self.env.invalidate_all()
        self.assertEqual((note.partner_id, note.commercial_partner_id), (self.person, self.partner))
        self.assertEqual((note.activity_id.res_model, note.activity_id.res_id), ("res.partner", self.person.id))
        self.assertEqual(self.partner.note_status_id, self.customer_status)
        self.assertFalse(self.person.note_status_id)


@tagged("post_install", "-at_install")
class TestTwoUsers(TransactionCase):
    """With transactions that are committed, as two users have them."""

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            partner = env["res.partner"].create({"name": "Race"})
            note = env["crm.note"].create({"partner_id": partner.id, "summary": "Race"})
            self.ids = (note.id, partner.id)
        self.addCleanup(self._remove)

    def _remove(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            note, partner = self.ids
            env["crm.note"].browse(note).unlink()
            env["res.partner"].browse(partner).unlink()

    def _plan(self, cr):
        env = api.Environment(cr, SUPERUSER_ID, {"mail_activity_quick_update": True})
        env["crm.note"].browse(self.ids[0]).user_id = SUPERUSER_ID
        env.flush_all()

    def test_of_two_who_plan_the_same_note_at_once_the_second_begins_anew_and_nothing_is_doubled(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            for cr in (first, second):
                cr.execute("SELECT 1 FROM crm_note WHERE id = %s", [self.ids[0]])
            self._plan(first)
            first.commit()
            # Odoo repeats a request that fails in this way, and the repeated one sees what the first has done.
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                self._plan(second)
            second.rollback()
            self._plan(second)
            second.commit()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
            activities = env["mail.activity"].search([("res_model", "=", "res.partner"), ("res_id", "=", self.ids[1])])
            self.assertEqual(activities, env["crm.note"].browse(self.ids[0]).activity_id)
            self.assertEqual(len(activities), 1)
