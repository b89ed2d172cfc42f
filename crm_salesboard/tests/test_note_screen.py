from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_sales_board_screen import SalesBoardScreen


class NoteScreen(SalesBoardScreen):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create({"name": "Tour Works", "is_company": True})
        cls.call = cls.env.ref("mail.mail_activity_data_call")

    @classmethod
    def _make_todos(cls):
        today = fields.Date.context_today(cls.env["crm.note"].with_user(cls.sales))
        notes = cls.env["crm.note"].with_user(cls.sales)
        values = {"partner_id": cls.customer.id, "activity_type_id": cls.call.id, "user_id": cls.sales.id}
        todos = notes.create(
            [
                {**values, "summary": "Due later", "date_deadline": today + timedelta(days=3)},
                {**values, "summary": "Overdue one", "date_deadline": today + timedelta(days=5)},
            ]
        )
        todos[1].activity_id.date_deadline = today - timedelta(days=2)
        return todos

    def _notes(self):
        return self.env["crm.note"].search([("partner_id", "=", self.customer.id)])


@tagged("post_install", "-at_install")
class TestNoteScreen(NoteScreen):
    def test_ten_notes_in_a_row_by_keyboard(self):
        self.start_tour("/odoo/notes-quick", "salesboard_notes_quick", login="board_sales")
        self.assertEqual(sorted(self._notes().mapped("summary")), sorted(f"Note {i}" for i in range(1, 11)))

    def test_the_to_do_list_has_what_is_overdue_first_and_closes_it_in_odoos_list_too(self):
        todos = self._make_todos()
        self.start_tour("/odoo/notes-to-do", "salesboard_notes_todo", login="board_sales")
        self.assertTrue(all(todos.mapped("is_closed")))
        self.assertFalse(any(todos.activity_id.mapped("active")))

    def test_a_note_is_written_on_the_customer_and_its_status_shows_there(self):
        self.start_tour(f"/odoo/contacts/{self.customer.id}", "salesboard_notes_customer", login="board_sales")
        note = self._notes()
        self.assertEqual((note.create_uid, note.user_id, note.activity_id.state), (self.sales, self.sales, "done"))
        self.assertEqual(note.date_deadline, note.activity_type_id.with_user(self.sales)._get_date_deadline())

    def test_a_note_is_written_on_the_project(self):
        project = self._make_project(
            "Tour project", "status", "Prospect", 1000, 20, owner=self.sales, partner_id=self.customer.id
        )
        self.start_tour(f"/odoo/crm/{project.id}", "salesboard_notes_project", login="board_sales")
        self.assertEqual(self._notes().lead_id, project)

    @mute_logger("odoo.http")
    def test_a_follow_up_in_the_past_is_refused_on_the_form(self):
        self.start_tour("/odoo/notes/new", "salesboard_notes_past", login="board_sales")
        self.assertFalse(self._notes())


@tagged("post_install", "-at_install")
class TestNotePhone(NoteScreen):
    browser_size = "390x844"
    touch_enabled = True

    def test_the_to_do_list_is_worked_on_a_phone(self):
        todos = self._make_todos()
        self.start_tour("/odoo/notes-to-do", "salesboard_notes_phone", login="board_sales")
        self.assertEqual(todos.mapped("is_closed"), [False, True])
