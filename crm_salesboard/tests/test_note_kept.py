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
