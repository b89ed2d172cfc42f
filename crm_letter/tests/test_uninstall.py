from odoo.tests import tagged

from ..hooks import uninstall_hook
from .common import LetterCase


@tagged("post_install", "-at_install")
class TestUninstall(LetterCase):
    def test_the_kind_of_document_stays_with_those_that_were_filed_under_it(self):
        letter = self.env.ref("crm_letter.crm_choice_document_type_letter")
        filed = self.env["ir.attachment"].create(
            {
                "name": "visit.pdf",
                "raw": b"x",
                "res_model": "res.partner",
                "res_id": self.customer.id,
                "document_type_id": letter.id,
            }
        )
        uninstall_hook(self.env)
        self.assertEqual(filed.document_type_id, letter)
        self.assertFalse(letter.get_external_id()[letter.id], "Odoo deletes what has an external id")

    def test_a_kind_of_document_that_nothing_was_filed_under_goes(self):
        letter = self.env.ref("crm_letter.crm_choice_document_type_letter")
        self.env["ir.attachment"].search([("document_type_id", "=", letter.id)]).document_type_id = False
        uninstall_hook(self.env)
        self.assertTrue(letter.get_external_id()[letter.id])
