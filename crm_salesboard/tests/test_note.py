from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import SalesBoardCase


class NoteCase(SalesBoardCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls.env["res.partner"].create({"name": "Ada Konex", "parent_id": cls.partner.id})
        cls.done = cls.env.ref("crm_salesboard.crm_note_status_done")
        cls.no_answer = cls.env.ref("crm_salesboard.crm_note_status_no_answer")
        cls.lead_status = cls.env.ref("crm_salesboard.crm_note_status_lead")
        cls.customer_status = cls.env.ref("crm_salesboard.crm_note_status_customer")
        cls.call = cls.env.ref("mail.mail_activity_data_call")
        cls.sample = cls.env.ref("crm_salesboard.mail_activity_type_send_sample")
        # Salespeople of the cast live by UTC; the day of whoever runs the tests may be another one.
        cls.today = fields.Date.context_today(cls.env["crm.note"].with_user(cls.sales))
        cls.env["crm.note"].search([]).unlink()  # those of the demo data

    @classmethod
    def _make_note(cls, user=None, **values):
        notes = cls.env["crm.note"].with_user(user or cls.sales)
        text = {} if "text" in values else {"summary": "Wants a sample"}
        return notes.create({"partner_id": cls.partner.id, **text, **values})

    @classmethod
    def _make_todo(cls, user=None, **values):
        who = (user or cls.sales).id
        return cls._make_note(user, **{"activity_type_id": cls.call.id, "user_id": who, **values})

    def _day(self, days):
        return self.today + timedelta(days=days)


@tagged("post_install", "-at_install")
class TestNote(NoteCase):
    def test_a_note_has_text_action_user_day_and_status_on_a_customer_and_a_project(self):
        lead = self._make_lead()
        note = self._make_note(
            lead_id=lead.id,
            text="<p>Wants <b>two</b> samples</p>",
            activity_type_id=self.sample.id,
            user_id=self.sales.id,
            date_deadline=self._day(3),
            status_id=self.no_answer.id,
        )
        self.assertEqual((note.partner_id, note.lead_id), (self.partner, lead))
        self.assertEqual(note.summary, "Wants two samples")
        self.assertFalse(note.is_plain)
        self.assertEqual((note.activity_type_id, note.user_id), (self.sample, self.sales))
        self.assertEqual((note.date_deadline, note.status_id, note.is_closed), (self._day(3), self.no_answer, False))
        self.assertEqual((note.state, note.create_uid), ("planned", self.sales))

    def test_on_a_project_the_customer_follows(self):
        note = self.env["crm.note"].with_user(self.sales).create({"lead_id": self._make_lead().id, "summary": "x"})
        self.assertEqual(note.partner_id, self.partner)

    def test_a_note_on_a_contact_person_is_one_of_the_company(self):
        note = self._make_note(partner_id=self.person.id)
        self.assertEqual(note.commercial_partner_id, self.partner)
        self.assertEqual((self.partner.note_count, self.person.note_count), (1, 1))
        self._make_note()
        self.assertEqual((self.partner.note_count, self.person.note_count), (2, 1))

    def test_a_line_that_is_typed_is_the_text(self):
        note = self._make_note(summary="5 < 6 & <b>more</b>")
        self.assertNotIn("<b>", note.text)
        self.assertEqual(note.summary, "5 < 6 & <b>more</b>")
        self.assertTrue(note.is_plain)
        self.assertIn(note, self.env["crm.note"].search([("summary", "ilike", "more")]))

    def test_pasted_scripts_go_and_the_text_stays(self):
        pasted = "<p onclick='steal()'>Hello</p><script>steal()</script><a href='javascript:steal()'>x</a>"
        note = self._make_note(text=pasted + "<p>" + "word " * 20_000 + "</p>")
        self.assertGreater(len(note.text), 100_000)
        self.assertIn("Hello", note.text)
        for bad in ("script", "onclick", "javascript", "steal()"):
            self.assertNotIn(bad, note.text)

    def test_a_text_that_is_too_long_is_refused_with_the_limit(self):
        with self.assertRaisesRegex(UserError, "500000"):
            self._make_note(text="x" * 500_001)
        note = self._make_note()
        with self.assertRaisesRegex(UserError, "500000"):
            note.text = "x" * 500_001

    def test_a_follow_up_in_the_past_is_refused_when_it_is_entered(self):
        with self.assertRaisesRegex(ValidationError, "has passed"):
            self._make_todo(date_deadline=self._day(-1))
        note = self._make_todo(date_deadline=self.today)
        with self.assertRaisesRegex(ValidationError, "has passed"):
            note.date_deadline = self._day(-1)

    def test_later_edits_of_what_is_overdue_and_history_are_not_refused(self):
        note = self._make_todo(date_deadline=self.today)
        self.env.cr.execute("UPDATE crm_note SET date_deadline = %s WHERE id = %s", [self._day(-5), note.id])
        note.invalidate_recordset()
        note.write({"summary": "Later", "date_deadline": self._day(-5)})
        self.assertEqual(note.state, "overdue")
        history = self._make_todo(date="2019-05-06 10:00:00", date_deadline=date(2019, 5, 7), status_id=self.done.id)
        self.assertFalse(history.activity_id)
        self.assertEqual((history.state, history.status_date.year), ("done", 2019))

    def test_who_has_something_to_do_has_a_day_for_it(self):
        self.sample.write({"delay_count": 4, "delay_unit": "days"})
        self.assertEqual(self._make_todo(activity_type_id=self.sample.id).date_deadline, self._day(4))
        self.assertEqual(self._make_todo(activity_type_id=False).date_deadline, self.today)
        self.assertFalse(self._make_note().date_deadline)

    def test_the_form_fills_in_and_saves(self):
        form = Form(self.env["crm.note"].with_user(self.sales).with_context(default_lead_id=self._make_lead().id))
        form.activity_type_id = self.call
        form.user_id = self.sales
        form.text = "<p>Call again</p>"
        note = form.save()
        day = self.call.with_user(self.sales)._get_date_deadline()
        self.assertEqual((note.partner_id, note.date_deadline), (self.partner, day))
        self.assertTrue(note.activity_id)

    def test_the_quick_entry_begins_like_the_last_note(self):
        lead = self._make_lead()
        self._make_note(lead_id=lead.id, activity_type_id=self.call.id)
        self._make_note(self.other, activity_type_id=self.sample.id)
        notes = self.env["crm.note"].with_user(self.sales).with_context(crm_note_like_last=True)
        self.assertEqual(
            notes.default_get(["partner_id", "lead_id", "activity_type_id", "user_id"]),
            {"partner_id": self.partner.id, "lead_id": lead.id, "activity_type_id": self.call.id},
        )

    def test_a_hundred_notes_in_one_go_cost_few_queries(self):
        partners = self.env["res.partner"].create([{"name": f"P{i}"} for i in range(20)])
        self._make_todo()  # warm up
        self.env.flush_all()
        self.env.invalidate_all()
        values = [
            {"partner_id": partners[i % 20].id, "summary": f"Note {i}", "user_id": self.sales.id} for i in range(100)
        ]
        with self.assertQueryCount(30):
            self.env["crm.note"].with_user(self.sales).create(values)
            self.env.flush_all()

    def test_a_list_of_eighty_notes_costs_few_queries(self):
        lead = self._make_lead()
        for i in range(80):
            self._make_note(summary=f"Note {i}", lead_id=lead.id if i % 2 else False)
        notes = self.env["crm.note"].with_user(self.sales)
        view = notes.get_view(self.env.ref("crm_salesboard.crm_note_view_list").id, "list")
        specification = {
            name: {"fields": {"display_name": {}}} if "_id" in name else {} for name in view["models"]["crm.note"]
        }
        notes.web_search_read([], specification, limit=80)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(25):
            notes.web_search_read([], specification, limit=80)

    def test_every_status_is_a_column_and_what_has_none_stays_open(self):
        self._make_note()
        result = (
            self.env["crm.note"]
            .with_user(self.sales)
            .with_context(read_group_expand=True)
            .web_read_group(
                [("partner_id", "=", self.partner.id)], ["status_id"], auto_unfold=True, unfold_read_specification={}
            )
        )
        columns = {group["status_id"] and group["status_id"][1]: group for group in result["groups"]}
        self.assertEqual(columns.keys(), {False, *self.env["crm.note.status"].search([]).mapped("name")})
        self.assertEqual(len(columns[False]["__records"]), 1)
