from odoo.tests import tagged

from .anonymise_case import EMAIL, NAME, AnonymiseCase


@tagged("post_install", "-at_install")
class TestOthers(AnonymiseCase):
    """What is others' stays, however near the person stood to it."""

    def _attach(self, record, name, content=b"A file", **values):
        return self.env["ir.attachment"].create(
            {"name": name, "raw": content, "res_model": record._name, "res_id": record.id, **values}
        )

    def test_files_that_a_former_colleague_sent_to_customers_stay(self):
        person = self._make_person()
        project = self._make_lead(self.colleague, name="Shop window")
        quotation = self._attach(project, "quotation.txt", b"A shop window: 100")
        with_name = self._attach(project, "letter.txt", f"Regards, {NAME}".encode())
        self._post(project, "Here it is", author=person, attachment_ids=(quotation | with_name).ids)
        self._anonymise(person)
        self.assertTrue(quotation.exists())
        self.assertFalse(with_name.exists())

    def test_the_file_of_a_template_stays_that_was_sent_along(self):
        person = self._make_person()
        template = self.env["mail.template"].create({"name": "Welcome", "model_id": self.env["ir.model"]._get_id("crm.lead")})
        terms = self._attach(template, "terms.txt", f"Questions? {EMAIL}".encode())
        self._post(person, "Here they are", author=person, attachment_ids=terms.ids)
        self._anonymise(person)
        self.assertTrue(terms.exists())

    def test_files_that_a_customer_sent_go(self):
        person = self._make_person()
        lead = self._make_lead(person)
        photo = self._attach(lead, "roof.txt", b"My roof")
        alone = self.env["ir.attachment"].create({"name": "id.txt", "raw": b"X", "res_model": "mail.compose.message"})
        self._post(lead, "See there", author=person, attachment_ids=(photo | alone).ids)
        self._anonymise(person)
        self.assertFalse((photo | alone).exists())
