from odoo import SUPERUSER_ID, api
from odoo.tests import tagged

from odoo.addons.crm_salesboard.tests.test_sales_board_screen import SalesBoardScreen

from .common import needs_printer


class LetterScreen(SalesBoardScreen):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        place = {"street": "Letter Road 7", "city": "Letterham", "zip": "1000"}
        cls.customer, cls.second, cls.gap = cls.env["res.partner"].create(
            [
                {"name": "Tour Letters", "is_company": True, **place},
                {"name": "Tour Letters Two", **place},
                {"name": "Tour Letters without a street"},
            ]
        )
        cls.template = cls.env["crm.letter.template"].create(
            {
                "name": "Tour visit",
                "subject": "Visit at {{ object.name }}",
                "body": '<p>We were in <t t-out="object.city"/>.</p>',
            }
        )


@tagged("post_install", "-at_install")
class TestLetterScreen(LetterScreen):
    @needs_printer
    def test_a_letter_is_written_from_the_customer_printed_and_filed(self):
        self.start_tour(f"/odoo/res.partner/{self.customer.id}", "letter_from_customer", login="board_sales")
        letter = self.env["crm.letter"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual((letter.state, letter.subject, letter.user_id), ("printed", "Our visit on Monday", self.sales))
        self.assertTrue(letter.attachment_id)
        self.assertEqual(self.customer.with_user(self.sales).letter_count, 1)

    @needs_printer
    def test_customers_of_a_list_get_one_each(self):
        self.start_tour("/odoo/action-base.action_partner_form?view_type=list", "letter_to_many", login="board_sales")
        batch = self.env["crm.letter.batch"].search([("user_id", "=", self.sales.id)])
        self.assertEqual(batch.state, "running")
        with self.registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["crm.letter.batch"]._print_waiting()
        batch.invalidate_recordset()
        self.assertEqual((batch.state, batch.printed_count), ("done", 2))


@tagged("post_install", "-at_install")
class TestLetterPhone(LetterScreen):
    browser_size = "390x844"
    touch_enabled = True

    @needs_printer
    def test_a_letter_is_printed_on_a_phone(self):
        values = {"partner_id": self.customer.id, "template_id": self.template.id}
        letter = self.env["crm.letter"].with_user(self.sales).create(values)
        self.start_tour(f"/odoo/action-crm_letter.crm_letter_action/{letter.id}", "letter_phone", login="board_sales")
        letter.invalidate_recordset()
        self.assertEqual((letter.state, letter.subject), ("printed", "Our visit on Monday"))
