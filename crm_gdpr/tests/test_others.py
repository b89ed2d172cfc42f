from odoo.tests import tagged

from ..engine import persons
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
        leads = self.env["ir.model"]._get_id("crm.lead")
        template = self.env["mail.template"].create({"name": "Welcome", "model_id": leads})
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

    def _resolve(self, *partners):
        self.env.flush_all()
        return persons.resolve(self.env, [partner.id for partner in partners])

    def _make_lead_of(self, partner, name, email):
        """As before the lead was given to the contact, who else would get its address."""
        lead = self._make_lead(partner)
        self.env.flush_all()
        query = "UPDATE crm_lead SET contact_name = %s, email_from = %s WHERE id = %s"
        self.env.cr.execute(query, [name, email, lead.id])

    def test_who_else_is_named_in_a_project_keeps_name_and_address(self):
        person = self._make_person()
        self._make_lead_of(person, "Dr. Dalen, Maria", "maria@home.example")
        for name in ("Piet van den Berg", "Tom van Dalen", "Maria"):
            self._make_lead_of(person, name, "piet@berg.example")
        [found] = self._resolve(person)
        self.assertEqual(found.identity.emails, {EMAIL, "maria@home.example"})
        self.assertFalse({"Piet van den Berg", "Tom van Dalen"} & found.identity.names)

    def test_who_writes_from_the_same_mailbox_keeps_lead_and_address(self):
        mailbox = "info@firm.example"
        anna = self._make_contact("Anna Groß", email=mailbox)
        make = self.env["crm.lead"].create
        bert = make({"name": "Roof", "contact_name": "Bert Klein", "email_from": mailbox})
        hers = make({"name": "Door", "contact_name": "Anna Gross", "email_from": mailbox})
        nobodys = make({"name": "Wall", "email_from": mailbox})
        self._anonymise(anna)
        self.assertEqual((bert.contact_name, bert.email_from), ("Bert Klein", mailbox))
        self.assertFalse(hers.contact_name or hers.email_from or nobodys.email_from)

    def test_another_of_the_same_first_name_keeps_it_where_the_text_is_not_about_the_person(self):
        person = self._make_person()
        body = "Maria Schmidt and Maria van den Berg called for Maria, and Maria Dalen"
        note = self._post(self.colleague, body, partner_ids=person.ids)
        about = self._post(self._make_lead(person), "For Maria Roof")
        self._anonymise(person)
        self.assertEqual(note.body, "<p>Maria Schmidt and Maria van den Berg called for …, and … …</p>")
        self.assertEqual(about.body, "<p>For … Roof</p>")
