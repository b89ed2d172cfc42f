from odoo.tests import tagged

from .test_note import NoteCase


@tagged("post_install", "-at_install")
class TestNoteSearch(NoteCase):
    def _found(self, *condition):
        return self.env["crm.note"].with_user(self.sales).search([condition, ("partner_id", "=", self.partner.id)])

    def test_words_are_found_as_they_are_read(self):
        note = self._make_note(text="<p>Their <strong>R&amp;D</strong> and Lab</p><p>Call<br>Ada</p>")
        for field in ("text", "summary", "plain_text"):
            for words, expected in (
                ("R&D", note),
                ("r&d and lab", note),
                ("Call Ada", note),
                ("amp", note.browse()),
                ("strong", note.browse()),
                ("<p>", note.browse()),
            ):
                with self.subTest(field=field, words=words):
                    self.assertEqual(self._found(field, "ilike", words), expected)
                    self.assertEqual(self._found(field, "not ilike", words), note - expected)
        self.assertEqual(note.with_user(self.sales).name_search("R&D")[0][0], note.id)
        note.text = "<p>Nothing</p>"
        self.assertFalse(self._found("summary", "ilike", "R&D"))
        note.text = False
        self.assertEqual(self._found("summary", "=", False), note)

    def test_through_the_customer_too(self):
        self._make_note(text="<p>R&amp;D</p>")
        partners = self.env["res.partner"].with_user(self.sales)
        self.assertEqual(partners.search([("commercial_note_ids.text", "ilike", "R&D")]), self.partner)

    def test_it_is_found_by_an_index_and_kept_small(self):
        note = self._make_note(text="<p>" + "word " * 50_000 + "</p>")
        self.assertLessEqual(len(note.plain_text), 20_000)
        if self.registry.has_trigram:
            self.env.cr.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'crm_note'")
            self.assertTrue([row for (row,) in self.env.cr.fetchall() if "gin_trgm_ops" in row and "plain_text" in row])

    def test_where_it_stands_is_searched(self):
        notes = {
            "overdue": self._make_todo(date_deadline=self.today),
            "today": self._make_todo(date_deadline=self.today),
            "planned": self._make_todo(date_deadline=self._day(1)),
            "done": self._make_todo(status_id=self.done.id),
            False: self._make_note(),
        }
        notes["overdue"].activity_id.date_deadline = self._day(-3)
        everything = self.env["crm.note"].union(*notes.values())
        for state, note in notes.items():
            with self.subTest(state):
                self.assertEqual(note.state, state)
                self.assertEqual(self._found("state", "=", state), note)
                self.assertEqual(self._found("state", "!=", state), everything - note)
        found = self._found("state", "in", ["overdue", "done"])
        self.assertEqual(found, notes["overdue"] | notes["done"])
