from odoo import fields
from odoo.tests import Form, tagged

from .common import SalesBoardCase


@tagged("post_install", "-at_install")
class TestProject(SalesBoardCase):
    """What a project says besides Odoo's own fields."""

    def test_only_the_subject_is_mandatory(self):
        new = self.env["crm.lead"].with_user(self.sales).with_context(default_type="opportunity")
        with Form(new) as form:
            form.name = "Label printers"
        self.assertEqual(form.record.date_start, fields.Date.context_today(form.record))
        with self.assertRaises(AssertionError), Form(new):
            pass

    def test_everything_that_is_noted_is_kept(self):
        kind = self.env.ref("crm_salesboard.crm_choice_kind_renewal")
        chance = self.env.ref("crm_salesboard.crm_choice_list_chance").choice_ids[2]
        new = self.env["crm.lead"].with_user(self.sales).with_context(default_type="opportunity")
        with Form(new) as form:
            form.name = "Label printers"
            form.kind_id = kind
            form.chance_id = chance
            form.date_start = "2026-01-05"
            form.date_deadline = "2026-03-05"
            form.expected_revenue = 2000
            form.description = "<p>Summary</p>"
            form.notepad = "<h1>Notes</h1><script>alert(1)</script>" + "<p>more</p>" * 1000
        lead = form.record
        self.assertEqual((lead.kind_id, lead.chance_id, str(lead.date_start)), (kind, chance, "2026-01-05"))
        self.assertEqual(lead.prorated_revenue, 2000 * chance.percentage / 100)
        self.assertIn("Summary", lead.description)
        self.assertEqual(lead.notepad.count("more"), 1000)
        self.assertNotIn("script", lead.notepad)

    def test_merged_projects_keep_what_they_noted(self):
        kind = self.env.ref("crm_salesboard.crm_choice_kind_renewal")
        first = self._make_lead(probability=60, date_start="2026-02-01", notepad="<p>One</p>")
        second = self._make_lead(probability=10, date_start="2026-01-01", notepad="<p>Two</p>", kind_id=kind.id)
        merged = (first | second).merge_opportunity()
        self.assertEqual((str(merged.date_start), merged.kind_id), ("2026-01-01", kind))
        self.assertIn("One", merged.notepad)
        self.assertIn("Two", merged.notepad)

    def test_projects_from_before_started_when_they_were_made(self):
        lead = self._make_lead()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET date_start = NULL, create_date = '2020-03-04 10:00:00' WHERE id = %s", [lead.id]
        )
        self.env["crm.lead"]._init_column("date_start")
        lead.invalidate_recordset()
        self.assertEqual(str(lead.date_start), "2020-03-04")
