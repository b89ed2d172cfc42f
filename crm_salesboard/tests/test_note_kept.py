from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .test_note_activity import NoteActivityCase


@tagged("post_install", "-at_install")
class TestNotesStay(NoteActivityCase):
    """Whatever goes, what was written and what was promised stays."""

    def _make_foreign_todo(self):
        """A task of a colleague on a project of theirs."""
        lead = self._make_lead(user_id=self.other.id, partner_id=self.partner.id)
        return self._make_todo(self.other, lead_id=lead.id).with_env(self.env)

    def test_projects_are_merged_though_who_has_a_task_does_not_see_the_one_that_stays(self):
        kept, note = self._make_lead(probability=90), self._make_foreign_todo()
        merged = (kept | note.lead_id).merge_opportunity(user_id=self.sales.id)
        self.assertFalse(merged.with_user(self.other).has_access("read"))
        self.assertEqual((note.lead_id, note.user_id), (merged, self.other))
        self.assertEqual((note.activity_id.res_model, note.activity_id.res_id), ("crm.lead", merged.id))
        note.activity_id.with_user(self.other).action_done()
        self.assertTrue(note.is_closed)

    def test_a_project_is_deleted_though_who_has_a_task_has_lost_the_customer(self):
        note, company = self._make_foreign_todo(), self.env["res.company"].create({"name": "Branch"})
        self.partner.company_id = company
        self.assertFalse(self.partner.with_user(self.other).has_access("read"))
        note.lead_id.unlink()
        self.assertEqual((note.partner_id, note.user_id), (self.partner, self.other))
        self.assertEqual(note.activity_id.res_id, self.partner.id)

    def test_the_context_lets_nobody_give_a_task_that_cannot_be_found(self):
        lead = self._make_lead(user_id=self.manager.id)
        note = self._make_todo(self.manager, lead_id=lead.id)
        with self.assertRaises(ValidationError):
            note.with_context(crm_note_taken_along=True).user_id = self.other

    def test_a_contact_person_who_is_deleted_leaves_notes_and_tasks_with_the_company(self):
        notes = self._make_todo(partner_id=self.person.id) | self._make_note(
            self.other, partner_id=self.person.id, status_id=self.customer_status.id
        ).with_env(self.env)
        activity = notes[0].activity_id
        self.sales.group_ids |= self.env.ref("base.group_partner_manager")
        self.person.with_user(self.sales).unlink()
        self.assertEqual(notes.partner_id, self.partner)
        self.assertEqual(notes.commercial_partner_id, self.partner)
        self.assertEqual(self.partner.note_status_id, self.customer_status)
        self.assertEqual((activity.active, activity.res_model, activity.res_id), (True, "res.partner", self.partner.id))

    def test_without_a_company_with_the_customer_of_the_project(self):
        person, lead = self.env["res.partner"].create({"name": "Alone"}), self._make_lead()
        note = self._make_todo(partner_id=person.id, lead_id=lead.id)
        person.unlink()
        self.assertEqual((note.partner_id, note.lead_id), (self.partner, lead))
        self.assertEqual(note.activity_id.res_id, lead.id)

    def test_what_nobody_inherits_goes_with_its_task_and_files(self):
        notes = self._make_todo() | self._make_todo(partner_id=self.person.id)
        notes[1].status_id = self.done
        activities = notes.activity_id
        file = self.env["ir.attachment"].create(
            {"name": "offer.txt", "raw": b"x", "res_model": "crm.note", "res_id": notes[0].id}
        )
        (self.partner | self.person).unlink()
        self.assertFalse(notes.exists() or activities.exists() or file.exists())

    def test_who_may_not_delete_a_customer_moves_no_notes(self):
        note = self._make_todo(partner_id=self.person.id)
        with self.assertRaises(AccessError):
            self.person.with_user(self.outsider).unlink()
        self.assertEqual(note.partner_id, self.person)

    def _make_meeting(self, activity):
        return self.env["calendar.event"].create(
            {
                "name": "Meeting",
                "start": "2030-01-01 10:00:00",
                "stop": "2030-01-01 11:00:00",
                "user_id": self.sales.id,
                "activity_ids": [Command.link(activity.id)],
            }
        )

    def test_an_appointment_that_is_deleted_leaves_what_is_to_be_done(self):
        note = self._make_todo()
        activity = note.activity_id
        meeting = self._make_meeting(activity)
        self.assertEqual(activity.calendar_event_id, meeting)
        unrelated = self.partner.activity_schedule("mail.mail_activity_data_meeting", user_id=self.sales.id)
        unrelated.calendar_event_id = meeting
        meeting.with_user(self.sales).unlink()
        self.assertEqual((note.activity_id, activity.active, note.user_id), (activity, True, self.sales))
        self.assertFalse(unrelated.exists())
        activity.action_done()
        self.assertTrue(note.is_closed)

    def test_a_user_who_leaves_leaves_what_is_to_be_done(self):
        for name, leave in (
            ("archived", lambda user: user.action_archive()),
            ("by a program", lambda user: user.write({"active": False})),
        ):
            with self.subTest(name):
                user = self._make_user(f"cast_{name}", "sales_team.group_sale_salesman")
                notes = self._make_todo(user).with_env(self.env) | self._make_todo(user).with_env(self.env)
                notes[1].status_id = self.done
                activity, other = notes[0].activity_id, self._make_todo()
                leave(user)
                self.assertFalse(notes[0].user_id or notes[0].is_closed or activity.user_id)
                self.assertEqual((activity.active, activity.res_id), (True, self.partner.id))
                self.assertEqual((notes[1].user_id, other.user_id), (user, self.sales))
                domain = [("user_id", "=", False), ("is_closed", "=", False), ("date_deadline", "!=", False)]
                self.assertEqual(self.env["crm.note"].search(domain) & notes, notes[0])
                view = self.env["crm.note"].get_view(view_type="search")["arch"]
                self.assertIn('name="nobody"', view)
                activity.with_user(self.sales).user_id = self.sales
                self.assertEqual(notes[0].user_id, self.sales)
