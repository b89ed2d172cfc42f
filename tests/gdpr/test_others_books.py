"""What is others' in the books stays, however near the person stood to it."""

from odoo.tests import tagged

from odoo.addons.crm_gdpr.tests.anonymise_case import NAME

from tests.gdpr.test_kept import PDF, KeptCase


@tagged("post_install", "-at_install")
class TestOthersBooks(KeptCase):
    def test_invoices_that_a_former_accountant_sent_to_customers_stay(self):
        person, customer = self._make_person(), self._make_contact("Bert Klein")
        invoice = self._make_invoice(customer, narration=False)
        copy = self._print(invoice)
        letter = self.env["ir.attachment"].create(
            {"name": "letter.txt", "raw": f"Booked by {NAME}".encode(), "res_model": "account.move",
             "res_id": invoice.id}
        )  # fmt: skip
        self._post(invoice, "Your invoice", author=person, attachment_ids=(copy | letter).ids)
        letter.write({"res_model": "account.move", "res_id": invoice.id})  # Odoo lets go of files that are no bills
        self._anonymise(person)
        self.assertTrue(copy.exists() and letter.exists())
        self.assertEqual(copy.raw, PDF)

    def test_a_file_that_a_customer_sent_with_an_order_goes(self):
        person, customer = self._make_person(), self._make_contact("Bert Klein")
        files = self.env["ir.attachment"]
        for partner in (person, customer):
            order = self.env["sale.order"].create({"partner_id": partner.id})
            file = files.create({"name": "a.txt", "raw": b"X", "res_model": "sale.order", "res_id": order.id})
            self._post(order, "See there", author=person, attachment_ids=file.ids)
            files |= file
        self._anonymise(person)
        self.assertEqual(files.exists(), files[1])

    def test_an_invoice_that_is_kept_for_one_is_kept_for_another_whom_it_names_too(self):
        person, other = self._make_person(), self._make_contact("Ottilie Aktenberg", email="ottilie@akten.example")
        invoice = self._make_invoice(person, narration="<p>As agreed with Ottilie Aktenberg</p>")
        self._anonymise(person)
        request = self._request(other)
        request.action_preview()
        request.action_carry_out()
        job = request.sudo()
        job._search_remains(job.line_ids._carry_out())
        kept = self._kept(other).filtered(lambda row: row.res_model == "account.move")
        self.assertIn(invoice.id, kept.mapped("res_id"))
        self.assertEqual(other.gdpr_state, "restricted")
