from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import LetterCase, needs_printer


@tagged("post_install", "-at_install")
class TestLetter(LetterCase):
    @needs_printer
    def test_printed_it_is_with_the_customers_documents_and_in_the_history(self):
        letter = self._write()
        letter.action_print()
        self.assertEqual(letter.state, "printed")
        document = self._documents(self.customer)
        self.assertEqual(document.document_type_id, self.env.ref("crm_letter.crm_choice_document_type_letter"))
        self.assertEqual(document, letter.sudo().attachment_id)
        message = self._history(self.customer)
        self.assertEqual((message.author_id, message.attachment_ids), (self.sales.partner_id, document))
        self.assertIn("Visit at Anna", message.body)
        self.assertEqual(self.customer.with_user(self.sales).document_count, 1)
        text = self._pages(document.raw)[0]
        parts = ("Anna & Co <GmbH>", "50667 Köln", letter.reference, "We were in Köln", "cast_sales", "Kind regards")
        for part in parts:
            self.assertIn(part, text)

    @needs_printer
    def test_from_a_project_it_is_filed_there_and_told_on_both(self):
        lead = self._make_lead(partner_id=self.customer.id, company_id=False)
        letter = self._write(lead_id=lead.id)
        letter.action_print()
        self.assertFalse(self._documents(self.customer))
        self.assertEqual(self._documents(lead), letter.sudo().attachment_id)
        self.assertEqual(len(self._history(lead)), 1)
        self.assertEqual(len(self._history(self.customer)), 1)
        self.assertEqual(self.customer.with_user(self.sales).document_count, 1, "The customer shows those of projects")

    @needs_printer
    def test_the_text_may_be_edited_and_is_printed_as_edited(self):
        letter = self._write()
        letter.write({"subject": "Other", "body": "<p>Own words about {{ object.city }}</p>"})
        letter.action_print()
        text = self._pages(letter.sudo().attachment_id.raw)[0]
        self.assertIn("Own words about {{ object.city }}", text, "An edited text is a text and nothing else")

    def test_the_template_fills_in_the_form_and_another_customer_anew(self):
        form = Form(self._as(self.sales, self.env["crm.letter"]))
        form.partner_id = self.customer
        self.assertEqual((form.salutation, form.closing), ("Dear Anna & Co <GmbH>,", "Kind regards"))
        form.template_id = self.template
        self.assertEqual(form.subject, "Visit at Anna & Co <GmbH>")
        form.partner_id = self._make_customer("Bert")
        self.assertEqual(form.subject, "Visit at Bert")

    def test_without_address_subject_or_text_it_is_not_printed_and_says_why(self):
        letter = self._write()
        self.customer.city = False
        letter.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "No postal address"):
            letter.action_print()
        for gap in ("subject", "body"):
            with self.subTest(gap=gap):
                other = self._write(partner_id=self._make_customer("Bert").id)
                other[gap] = False
                with self.assertRaisesRegex(UserError, "subject and the text"):
                    other.action_print()

    def test_an_archived_customer_gets_none(self):
        letter = self._write()
        self.customer.active = False
        letter.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "Archived"):
            letter.action_print()

    def test_without_wkhtmltopdf_it_is_said_so(self):
        letter = self._write()
        report = type(self.env["ir.actions.report"])
        with patch.object(report, "get_wkhtmltopdf_state", lambda self: "install"):
            with self.assertRaisesRegex(UserError, "wkhtmltopdf"):
                letter.action_print()
            with self.assertRaisesRegex(UserError, "wkhtmltopdf"):
                self._prepare(self.customer).action_print()
        self.assertEqual(letter.state, "draft")

    @needs_printer
    def test_what_was_printed_is_not_changed_nor_printed_again(self):
        letter = self._write()
        letter.action_print()
        with self.assertRaisesRegex(UserError, "printed already"):
            letter.subject = "Other"
        with self.assertRaisesRegex(UserError, "printed already"):
            letter.action_print()
        again = self.env["crm.letter"].browse(letter.action_write_again()["res_id"])
        self.assertEqual((again.state, again.subject, again.attachment_id.id), ("draft", letter.subject, False))

    @needs_printer
    def test_that_accounting_blocked_the_customer_is_said_and_it_is_printed_all_the_same(self):
        blocks = self.env["crm.customer.block"].sudo()
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        blocks.create({"partner_id": self.customer.id, "company_id": elsewhere.id, "reason": "Not ours"})
        person = self._make_customer("Eva Holm", parent_id=self.customer.id, type="other")
        letter = self._write(partner_id=person.id)
        self.assertFalse(letter.block_reason)
        blocks.create({"partner_id": self.customer.id, "company_id": self.home.id, "reason": "Owes 500"})
        letter.invalidate_recordset()
        self.assertEqual((letter.block_reason, letter.problem), ("Owes 500", False))
        batch = self._prepare([person, self._make_customer("Bert")])
        self.assertEqual((batch.recipient_count, batch.blocked_count), (2, 1))
        shown = batch.with_context(letters_of_blocked=True).action_open_letters()["domain"]
        self.assertEqual(batch.env["crm.letter"].search(shown).partner_id, person)
        letter.action_print()
        self.assertEqual(letter.state, "printed")

    @needs_printer
    def test_letters_follow_a_customer_who_is_merged(self):
        other = self._make_customer("Anna & Co")
        letter = self._write()
        letter.action_print()
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        merge._merge([self.customer.id, other.id], other)
        letter.invalidate_recordset()
        self.assertEqual(letter.partner_id, other)
        self.assertEqual(self._documents(other), letter.sudo().attachment_id)

    @needs_printer
    def test_letters_follow_a_project_that_is_merged(self):
        leads = [self._make_lead(partner_id=self.customer.id, company_id=False, name=name) for name in ("A", "B")]
        letters = [self._write(lead_id=lead.id) for lead in leads]
        merged = (leads[0] | leads[1]).merge_opportunity()
        self.assertEqual({letter.lead_id for letter in letters}, {merged})
