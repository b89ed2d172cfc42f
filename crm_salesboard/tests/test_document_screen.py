from odoo.tests import tagged

from .test_sales_board_screen import SalesBoardScreen


class DocumentScreen(SalesBoardScreen):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create({"name": "Tour Works", "is_company": True})
        cls.lead = cls._make_project(
            "Tour project", "status", "Prospect", 1000, 20, False, cls.sales, partner_id=cls.customer.id
        )

    def _files(self, *names):
        return self.env["ir.attachment"].search([("name", "in", names)])


@tagged("post_install", "-at_install")
class TestDocumentScreen(DocumentScreen):
    def test_documents_are_uploaded_dropped_renamed_previewed_replaced_and_deleted(self):
        # From an action with views that files do not have, such as a calendar.
        self.start_tour(f"/odoo/sales-board/{self.lead.id}", "salesboard_documents", login="board_sales")
        new, old = self._files("Offer 2.txt"), self._files("Offer for Konex.txt")
        self.assertEqual(old.replaced_by_id, new)
        self.assertEqual((new.raw, old.raw), (b"Offer 2.txt", b"offer.txt"))
        self.assertFalse(self._files("plan.txt"))

    def test_the_customers_page_shows_the_documents_of_its_projects_and_opens_them(self):
        self.env["ir.attachment"].create(
            {"name": "offer.txt", "raw": b"x", "res_model": "crm.lead", "res_id": self.lead.id}
        )
        self.start_tour(f"/odoo/res.partner/{self.customer.id}", "salesboard_customer_documents", login="board_sales")
        self.assertEqual(self._files("terms.txt").res_model, "res.partner")

    def test_emails_are_opened_answered_linked_and_taken_off(self):
        mail = {
            "message_type": "email",
            "author_id": self.customer.id,
            "email_from": "Tour Works <tour@example.com>",
            "subtype_id": self.env.ref("mail.mt_comment").id,
        }
        here, there = self.env["mail.message"].create(
            [
                {
                    **mail,
                    "model": "crm.lead",
                    "res_id": self.lead.id,
                    "subject": "Your offer",
                    "body": "<p>Looks good</p>",
                },
                {**mail, "model": "res.partner", "res_id": self.customer.id, "subject": "Holidays", "body": "<p>-</p>"},
            ]
        )
        self.start_tour(f"/odoo/sales-board/{self.lead.id}", "salesboard_emails", login="board_sales")
        self.assertEqual((here.model, here.res_id), ("res.partner", self.customer.id))
        self.assertEqual(there.model, "res.partner")
        self.assertFalse(self.lead.linked_message_ids)


@tagged("post_install", "-at_install")
class TestDocumentPhone(DocumentScreen):
    browser_size = "390x844"
    touch_enabled = True

    def test_documents_are_added_renamed_and_seen_on_a_phone(self):
        self.start_tour(f"/odoo/sales-board/{self.lead.id}", "salesboard_documents_phone", login="board_sales")
        self.assertEqual(self._files("Cabinet.txt").raw, b"photo.txt")
