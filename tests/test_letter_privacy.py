"""Letters beside Privacy: what was written to a person goes with the person."""

import io

from odoo.tests import tagged
from odoo.tools.pdf import PdfReader

from odoo.addons.crm_gdpr.tests.anonymise_case import AnonymiseCase
from odoo.addons.crm_letter.tests.common import needs_printer


@tagged("post_install", "-at_install")
class TestLetterPrivacy(AnonymiseCase):
    @needs_printer
    def test_text_and_files_of_letters_go_with_the_person_and_others_keep_theirs(self):
        person = self._make_person()
        other = self._make_person(name="Jan Smit", email="jan@smit.example", phone="+31 6 24681358", street="Dam 1")
        template = self.env["crm.letter.template"].create(
            {"name": "T", "subject": "For {{ object.name }}", "body": '<p>You live in <t t-out="object.street"/></p>'}
        )
        letter, kept = self.env["crm.letter"].create(
            [{"partner_id": partner.id, "template_id": template.id} for partner in (person, other)]
        )
        (letter | kept).mapped(lambda each: each.action_print())
        file, kept_file = letter.attachment_id, kept.attachment_id
        self.assertIn("Kerkstraat 12", PdfReader(io.BytesIO(file.raw)).pages[0].extract_text().replace("\t", " "))
        self._anonymise(person)
        self.assertEqual(self._columns(letter, "subject", "salutation", "body"), (None, None, None))
        self.assertFalse(file.exists())
        self.assertIn("Jan Smit", kept.subject)
        self.assertTrue(kept_file.exists())
        messages = self.env["mail.message"].search([("model", "=", "res.partner"), ("res_id", "=", person.id)])
        self.assertFalse(messages.filtered(lambda message: "Maria" in (message.body or "")))

    def test_on_a_list_an_anonymised_person_is_left_out(self):
        person = self._make_person()
        self._anonymise(person)
        batch = self.env["crm.letter.batch"]._prepare_batch([(person.id, False)])
        self.assertEqual(batch.letter_ids.reason, "anonymised")
