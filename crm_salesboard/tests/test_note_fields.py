from lxml import etree

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .test_note import NoteCase


@tagged("post_install", "-at_install")
class TestNoteFields(NoteCase):
    """Variables of notes are custom fields: columns that are sorted, searched, grouped and exported like any other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(cls.registry.reset_changes)
        definitions = cls.env["crm.custom.field"].with_user(cls.manager)
        cls.choice = definitions.create(
            {
                "model": "crm.note",
                "name": "Mood of the day",
                "ttype": "many2one",
                "choice_ids": [(0, 0, {"name": "Good", "short_name": "G"}), (0, 0, {"name": "Bad"})],
            }
        )
        cls.budget = definitions.create({"model": "crm.note", "name": "Budget named", "ttype": "monetary"})
        cls.good, cls.bad = cls.choice.list_id.choice_ids
        cls.names = (cls.choice.field_name, cls.budget.field_name)

    def _view(self, kind, name):
        view = self.env.ref(f"crm_salesboard.crm_note_view_{name}")
        return etree.fromstring(self.env["crm.note"].with_user(self.sales).get_view(view.id, kind)["arch"])

    def test_they_stand_on_the_form_in_the_list_and_in_the_menus_of_the_search(self):
        for kind, name in (("form", "form"), ("list", "list"), ("list", "list_quick")):
            for field in self.names:
                with self.subTest(view=name, field=field):
                    self.assertTrue(self._view(kind, name).xpath(f"//field[@name='{field}']"))
        search = self._view("search", "search")
        self.assertTrue(search.xpath(f"//field[@name='{self.names[0]}']"))
        self.assertTrue(search.xpath(f"//filter[@name='group_{self.names[0]}']"))

    def test_a_form_keeps_their_values(self):
        form = Form(self.env["crm.note"].with_user(self.sales))
        form.partner_id = self.partner
        form[self.names[0]] = self.good
        form[self.names[1]] = 1200
        note = form.save()
        self.assertEqual((note[self.names[0]], note[self.names[1]]), (self.good, 1200))

    def test_notes_are_sorted_filtered_grouped_summed_and_exported_by_them(self):
        choice, budget = self.names
        self._make_note(**{choice: self.bad.id, budget: 100})
        self._make_note(**{choice: self.good.id, budget: 300})
        third = self._make_note(**{choice: self.bad.id, budget: 200})
        notes = self.env["crm.note"].with_user(self.manager)
        domain = [("partner_id", "=", self.partner.id)]
        self.assertEqual(notes.search(domain, order=f"{budget} desc").mapped(budget), [300, 200, 100])
        self.assertEqual(notes.search([*domain, (choice, "=", self.bad.id), (budget, ">", 150)]), third)
        groups = dict(notes._read_group(domain, [choice], [f"{budget}:sum"]))
        self.assertEqual(groups, {self.good: 300, self.bad: 300})
        self.manager.group_ids += self.env.ref("base.group_allow_export")
        fields = ["summary", "partner_id", "activity_type_id", "status_id", "user_id", choice, budget]
        rows = notes.search(domain, order=budget).export_data(fields)["datas"]
        self.assertEqual([(row[-2], row[-1]) for row in rows], [("Bad", 100.0), ("Bad", 200.0), ("Good", 300.0)])

    def test_every_column_can_be_grouped_by_and_sorted(self):
        self._make_todo(status_id=self.no_answer.id)
        notes = self.env["crm.note"].with_user(self.sales)
        for name in ("partner_id", "commercial_partner_id", "lead_id", "activity_type_id", "user_id", "status_id",
                     "create_uid", "is_closed", "date:month", "date_deadline:week"):  # fmt: skip
            with self.subTest(name):
                self.assertTrue(notes.formatted_read_group([], [name], ["__count"]))
                self.assertTrue(notes.search([], order=name.split(":")[0], limit=1))

    def test_the_choice_of_another_list_is_refused(self):
        other = self.env["crm.choice.list"].create({"name": "Other", "choice_ids": [(0, 0, {"name": "Elsewhere"})]})
        with self.assertRaisesRegex(ValidationError, "not a choice of Mood"):
            self._make_note(**{self.names[0]: other.choice_ids.id})

    def test_only_managers_define_them(self):
        self.assertFalse(self.env["crm.custom.field"].with_user(self.sales).has_access("create"))

    def test_notes_are_imported_with_all_of_them(self):
        rows = [["Konex", "Imported", "Call", "Done", "2019-01-01 09:00:00", "Good", "50"]]
        fields = ["partner_id", "summary", "activity_type_id", "status_id", "date", *self.names]
        result = self.env["crm.note"].with_user(self.manager).load(fields, rows)
        self.assertFalse(result["messages"])
        note = self.env["crm.note"].browse(result["ids"])
        self.assertEqual((note.summary, note.status_id, note[self.names[0]]), ("Imported", self.done, self.good))
        self.assertEqual(note.date.year, 2019)
