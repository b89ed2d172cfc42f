"""Leads that somebody else still needs, and what the trail of an audit keeps."""

from datetime import date, timedelta

from odoo import Command, fields
from odoo.tests import tagged

from odoo.addons.crm_gdpr.tests.anonymise_case import NAME

from tests.gdpr.test_kept import PDF, KeptCase


@tagged("post_install", "-at_install")
class TestLead(KeptCase):
    """A lead without a contact that the books name, from the request to the end of the period."""

    def _anonymise_named(self):
        values = {"name": "Roof", "contact_name": "Nora Quillnewcomer", "email_from": "nora@quillnewcomer.example"}
        lead = self.env["crm.lead"].create(values)
        invoice = self._make_invoice(
            self._make_contact(name="Bouwbedrijf Berg"),
            narration=False,
            invoice_line_ids=[
                Command.create({"name": "Roof of Nora Quillnewcomer, nora@quillnewcomer.example", "price_unit": 100})
            ],
        )
        request = self._anonymise(leads=lead)
        return lead, invoice, request

    def _kept_of(self, lead):
        return self.env["crm.gdpr.kept"].search([("lead_id", "=", lead.id), ("released_at", "=", False)])

    def _end_period(self, lead, invoice):
        self.env.flush_all()
        self.env.cr.execute("UPDATE account_move SET date = date - 4000 WHERE id = %s", [invoice.id])
        self.env.cr.execute("UPDATE account_move_line SET date = date - 4000 WHERE move_id = %s", [invoice.id])
        self.env.invalidate_all()
        self._kept_of(lead).sudo().until = fields.Date.today() - timedelta(days=1)
        kept = self.env["crm.gdpr.kept"]
        kept._release(kept._find_due(0, model="crm.lead"))
        self.env.invalidate_all()

    def test_what_the_books_say_of_it_is_listed_and_let_go_when_the_period_ends(self):
        lead, invoice, request = self._anonymise_named()
        self.assertEqual((lead.contact_name, request.line_ids.state), (False, "done"))
        line = invoice.invoice_line_ids
        kept = self._kept_of(lead)
        self.assertIn((line._name, line.id), [(row.res_model, row.res_id) for row in kept])
        self.assertEqual(set(kept.mapped("until")), {date(2034, 12, 31)})
        self.assertIn("Nora", line.name)
        listed = self.env["crm.gdpr.kept"].with_user(self.officer)
        self.assertEqual(listed.search([("lead_id", "!=", False)]).lead_id.ids, lead.ids)
        self._end_period(lead, invoice)
        self.assertFalse(self._kept_of(lead))
        self.assertNotIn("uillnewcomer", self._columns(line, "name")[0] or "")

    def test_a_longer_period_holds_it(self):
        lead, invoice, _request = self._anonymise_named()
        self._kept_of(lead).sudo().until = fields.Date.today() + timedelta(days=1)
        kept = self.env["crm.gdpr.kept"]
        kept._release(kept._find_due(0, model="crm.lead"))
        self.assertTrue(self._kept_of(lead))
        self.assertIn("Nora", invoice.invoice_line_ids.name)

    def test_an_entry_that_a_link_leads_to_is_listed_at_once(self):
        self.env["ir.model.fields"].create(
            {"model_id": self.env["ir.model"]._get_id("account.move"), "name": "x_lead_id", "ttype": "many2one",
             "relation": "crm.lead", "field_description": "Lead", "state": "manual"}
        )  # fmt: skip
        self.addCleanup(self.registry.reset_changes)
        lead = self.env["crm.lead"].create({"name": "Roof", "contact_name": "Nora Quillnewcomer"})
        invoice = self._make_invoice(
            self._make_contact(name="Bouwbedrijf Berg"), narration="<p>For Nora Quillnewcomer</p>", x_lead_id=lead.id
        )
        request = self._request(leads=lead)
        request.action_preview()
        request.action_carry_out()
        request.sudo().line_ids._carry_out()
        self.assertIn((invoice._name, invoice.id), [(row.res_model, row.res_id) for row in self._kept_of(lead)])
        self.assertIn("Posted entry", request.line_ids.reason)
        self._end_period(lead, invoice)
        self.assertFalse(self._kept_of(lead))
        self.assertNotIn("Nora", invoice.narration or "")


@tagged("post_install", "-at_install")
class TestAuditTrail(KeptCase):
    def test_with_the_restrictive_audit_trail_it_finishes_and_says_what_stayed(self):
        person = self._make_person()
        invoice = self._make_invoice(person)
        self._track(person, "name", "Maria Jansen", NAME)
        self._track(invoice, "partner_id", NAME, NAME, old_value_integer=person.id)
        self.company.restrictive_audit_trail = True
        request = self._anonymise(person)
        self.assertEqual(request.line_ids.state, "done", request.line_ids.reason)
        self.assertIn("audit_trail", self._kept(person).mapped("why"))
        self.assertIn("audit trail", request.line_ids.reason)

    def test_what_only_the_search_finds_in_it_has_its_time_too(self):
        person = self._make_person()
        other = self._make_invoice(self._make_contact(name="Bouwbedrijf Berg"), narration=False)
        message = other._message_log(body=f"<p>{NAME} asked for it</p>")
        self._track(other, "ref", NAME, "R1")
        value = self.env["mail.tracking.value"].search([], order="id desc", limit=1)
        self.company.restrictive_audit_trail = True
        request = self._anonymise(person)
        self._search_for(request, person)
        rows = {(row.res_model, row.res_id): row for row in self._kept(person)}
        for record in (message, value):
            self.assertEqual(rows[record._name, record.id].why, "audit_trail")
        self.assertEqual({row.until for row in rows.values() if row.why == "audit_trail"}, {date(2034, 12, 31)})

    def test_the_files_of_an_entry_that_was_cancelled_stay_and_do_not_stop_it(self):
        person = self._make_person()
        invoice = self._make_invoice(person)
        copy = self._print(invoice)
        printed = self.env["ir.attachment"].create(
            {"name": "INV.pdf", "raw": PDF, "mimetype": "application/pdf", "res_model": "account.move",
             "res_id": invoice.id, "res_field": "invoice_pdf_report_file", "company_id": self.company.id}
        )  # fmt: skip
        invoice.button_draft()
        invoice.button_cancel()
        copy.company_id = self.company
        self.company.restrictive_audit_trail = True
        request = self._anonymise(person)
        self.assertEqual(request.line_ids.state, "done", request.line_ids.problem)
        rows = {row.res_id: row for row in self._kept(person) if row.res_model == "ir.attachment"}
        for file in (copy, printed):
            self.assertEqual((rows[file.id].why, rows[file.id].until), ("audit_trail", date(2034, 12, 31)))
        self.assertEqual(self._is_named(invoice), [False] * 3)

    def test_files_are_released_when_the_time_is_over_though_odoo_locks_them_for_ever(self):
        person = self._make_person()
        invoice = self._make_invoice(person)
        copy = self._print(invoice)
        old = self._make_invoice(person, "2015-03-10")
        old_copy = self._print(old)
        (copy + old_copy).company_id = self.company
        self.company.restrictive_audit_trail = True
        self._anonymise(person)
        self.assertEqual((bool(copy.exists()), bool(old_copy.exists())), (True, True))
        self.env.flush_all()
        self.env.cr.execute("UPDATE account_move SET date = date - 4000 WHERE partner_id = %s", [person.id])
        self.env.invalidate_all()
        self._kept(person).sudo().until = fields.Date.today() - timedelta(days=1)
        self.env["crm.gdpr.kept"]._release(person)
        self.assertFalse((copy + old_copy).exists())
        self.assertEqual(person.gdpr_state, "anonymised")

    def test_files_of_entries_that_are_over_go_at_once(self):
        person = self._make_person()
        copy = self._print(self._make_invoice(person, "2015-03-10"))
        copy.company_id = self.company
        self.company.restrictive_audit_trail = True
        request = self._anonymise(person)
        self.assertEqual(request.line_ids.state, "done", request.line_ids.problem)
        self.assertFalse(copy.exists())
        self.assertEqual(person.gdpr_state, "anonymised")
