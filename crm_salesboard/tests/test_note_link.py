from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_note_activity import NoteActivityCase


@tagged("post_install", "-at_install")
class TestNoteLink(NoteActivityCase):
    """A note and its activity are one: nobody ties a note to another activity, and neither side undoes the other."""

    def _secret(self):
        """An activity that the salesperson may neither read nor change."""
        lead = self._make_lead(user_id=self.manager.id)
        return lead.with_user(self.manager).activity_schedule(
            "mail.mail_activity_data_call", summary="Secret", user_id=self.manager.id
        )

    def test_nobody_gets_at_an_activity_through_a_note(self):
        secret, note = self._secret(), self._make_todo()
        with self.assertRaises(AccessError):
            secret.with_user(self.sales).read(["summary"])
        own = note.activity_id
        note.write({"activity_id": secret.id})
        self.assertEqual(note.activity_id, own)
        for name, values, context in (
            ("create", {"activity_id": secret.id}, {}),
            ("context", {}, {"default_activity_id": secret.id}),
            ("with a task", {"user_id": self.sales.id}, {"default_activity_id": secret.id}),
        ):
            with self.subTest(name):
                made = self.env["crm.note"].with_user(self.sales).with_context(**context)
                made = made.create({"partner_id": self.partner.id, "summary": "Mine", **values})
                self.assertNotEqual(made.activity_id, secret)
                made.unlink()
        self.assertEqual((secret.exists(), secret.active, secret.user_id), (secret, True, self.manager))

    def test_nor_through_the_customer_or_a_visit(self):
        secret, visit = self._secret(), self._make_note()
        visit.with_context(default_activity_id=secret.id).write(
            {"visit_follow_up_ids": [Command.create({"summary": "Mine", "activity_id": secret.id})]}
        )
        self.assertTrue(visit.visit_follow_up_ids)
        self.assertFalse(visit.visit_follow_up_ids.activity_id)
        visit.write({"visit_follow_up_ids": [Command.update(visit.visit_follow_up_ids.id, {"activity_id": secret.id})]})
        self.assertFalse(visit.visit_follow_up_ids.activity_id)

    def test_what_the_context_proposes_for_the_note_is_not_for_its_activity(self):
        notes = self.env["crm.note"].with_context(default_requested_by_id=self.manager.id, default_note="Other", default_active=False)
        note = notes.create({"partner_id": self.partner.id, "summary": "Mine", "user_id": self.sales.id})
        self.assertFalse(note.activity_id.requested_by_id)
        self.assertTrue(note.activity_id.active)
