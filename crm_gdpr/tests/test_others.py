from odoo import Command
from odoo.tests import tagged

from ..engine import persons
from ..engine.run import Run
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
        self.assertTrue(quotation.exists() and with_name.exists())

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


@tagged("post_install", "-at_install")
class TestUndescribed(AnonymiseCase):
    """Models that nobody described hold what is a person's own, too."""

    def _make_model(self, *names):
        """A model that the company makes without a developer, whose rows have a customer."""
        types = {"x_birth_date": "date", "x_partner_id": "many2one"}
        columns = [
            {
                "name": name,
                "ttype": types.get(name, "char"),
                "relation": "res.partner" if name == "x_partner_id" else False,
                "field_description": name,
                "state": "manual",
            }
            for name in names
        ]
        self.env["ir.model"].create(
            {"name": "Seat", "model": "x_seat", "field_id": [Command.create(column) for column in columns]}
        )
        self.addCleanup(self.registry.reset_changes)
        return self.env["x_seat"]

    def test_a_customers_second_address_and_birth_date_go(self):
        seats = self._make_model("x_name", "x_partner_id", "x_email", "x_phone", "x_birth_date", "x_email_cc")
        person = self._make_person()
        values = {
            "x_email": "second@home.example",
            "x_phone": "+31 20 5550100",
            "x_birth_date": "1979-03-14",
            "x_email_cc": "colleague@firm.example",
        }
        seat = seats.create({"x_name": f"Seat of {NAME}", "x_partner_id": person.id, **values})
        other = seats.create({"x_name": "Seat", "x_partner_id": self.colleague.id, **values})
        self._anonymise(person)
        self.assertEqual(self._columns(seat, "x_name", "x_email", "x_phone", "x_birth_date"),
                         ("Seat of …", None, None, None))  # fmt: skip
        self.assertEqual(seat.x_email_cc, "colleague@firm.example")
        self.assertEqual(other.x_email, "second@home.example")

    def test_what_is_found_by_an_address_that_two_share_is_of_both(self):
        one, other = self._make_contact("Ann Lee", email="lee@home.example"), self._make_contact("Bob Lee")
        other.email = one.email
        guest = self.env["mail.guest"].create({"name": "The Lees", "email": one.email})
        self.env.flush_all()
        found = persons.resolve(self.env, (one | other).ids)
        run = Run(self.env, found, self.env["crm.gdpr.field"]._get_settings())
        run.find()
        self.assertEqual(run.found.get("mail.guest")[guest.id].owners, set(found))
