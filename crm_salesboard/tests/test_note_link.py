from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

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
        notes = self.env["crm.note"].with_context(
            default_requested_by_id=self.manager.id, default_note="Other", default_active=False
        )
        note = notes.create({"partner_id": self.partner.id, "summary": "Mine", "user_id": self.sales.id})
        self.assertFalse(note.activity_id.requested_by_id)
        self.assertTrue(note.activity_id.active)

    def test_what_was_written_on_the_activity_stays_when_something_else_changes(self):
        note = self._make_todo()
        activity = note.activity_id
        activity.write({"summary": "Ask for Ada", "note": "<p>Please, it is urgent</p>"})
        note.date_deadline = self._day(5)
        note.write({"user_id": self.other.id, "status_id": self.no_answer.id})
        self.assertEqual((activity.date_deadline, activity.user_id), (self._day(5), self.other))
        self.assertEqual((activity.summary, str(activity.note)), ("Ask for Ada", "<p>Please, it is urgent</p>"))
        note.summary = "Wants two samples"
        self.assertEqual(activity.summary, "Wants two samples")

    def test_a_day_that_was_set_while_it_waits_there_stays(self):
        note = self._make_todo()
        activity = note.activity_id
        activity.write({"user_id": False, "date_deadline": self._day(8)})
        note.status_id = self.no_answer
        self.assertEqual(activity.date_deadline, self._day(8))

    def _queries(self, change, count):
        partners = self.env["res.partner"].create([{"name": f"P{n}"} for n in range(count)])
        notes = self.env["crm.note"].with_user(self.sales)
        notes = notes.create(
            [{"partner_id": partner.id, "summary": partner.name, "user_id": self.sales.id} for partner in partners]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        change(notes)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_many_are_changed_by_as_many_queries_as_few(self):
        def quiet(activities):
            return activities.sudo().with_context(mail_activity_quick_update=True)

        for name, change in (
            ("reassigned", lambda notes: notes.write({"user_id": self.manager.id})),
            ("put off", lambda notes: notes.write({"date_deadline": self._day(7)})),
            ("another action", lambda notes: notes.write({"activity_type_id": self.sample.id})),
            ("reassigned there", lambda notes: quiet(notes.sudo().activity_id).write({"user_id": self.manager.id})),
            ("put off there", lambda notes: quiet(notes.sudo().activity_id).write({"date_deadline": self._day(7)})),
        ):
            with self.subTest(name):
                change(self._make_todo())  # warm up
                few = self._queries(change, 20)
                self.assertLessEqual(self._queries(change, 120), few + 10)

    def test_a_few_who_are_given_a_task_get_a_mail_and_many_get_none_each(self):
        domain = [("partner_ids", "in", self.other.partner_id.ids)]
        for count, mails in ((3, 3), (11, 0)):
            with self.subTest(count):
                before = self.env["mail.message"].search_count(domain)
                notes = self.env["crm.note"].concat(*(self._make_todo() for _n in range(count)))
                notes.user_id = self.other
                self.assertEqual(self.env["mail.message"].search_count(domain) - before, mails)

    def test_what_somebody_has_to_do_never_loses_its_day(self):
        note = self._make_todo(date_deadline=self._day(5))
        proposed = self.call.with_user(self.sales)._get_date_deadline()
        note.date_deadline = False
        self.assertEqual((note.date_deadline, note.activity_id.date_deadline), (proposed, proposed))
        note.write({"user_id": False, "date_deadline": False})
        self.assertFalse(note.date_deadline)
        note.write({"user_id": self.other.id, "date_deadline": False})
        self.assertEqual((note.date_deadline, note.activity_id.date_deadline), (proposed, proposed))
        note = self._make_todo(date_deadline=False)
        self.assertEqual(note.date_deadline, proposed)
        note.write({"status_id": self.done.id, "date_deadline": False})
        self.assertFalse(note.date_deadline)
        note.status_id = False
        self.assertEqual((note.date_deadline, note.activity_id.date_deadline), (proposed, proposed))

    def test_done_with_a_word_is_done_however_long_the_note_is(self):
        note = self._make_todo(text="<p>" + "x" * 499_990 + "</p>")
        note.activity_id.with_user(self.sales).action_feedback(feedback="They buy")
        self.assertTrue(note.is_closed)
        self.assertIn("They buy", note.text)

    def test_nobody_is_given_a_task_who_does_not_work_here(self):
        portal = new_test_user(self.env, "cast_portal_todo", groups="base.group_portal")
        left = self._make_user("cast_left", "sales_team.group_sale_salesman")
        left.active = False
        lead = self._make_lead(partner_id=portal.partner_id.id)
        note = self._make_todo(partner_id=portal.partner_id.id)
        for user in (portal, left):
            with self.subTest(user.login), self.assertRaises(ValidationError):
                note.user_id = user
            with self.subTest(user.login), self.assertRaises(ValidationError):
                self._make_note(lead_id=lead.id, user_id=user.id)
        self.assertEqual(note.user_id, self.sales)
