"""The mail add-in beside Privacy: whoever was anonymised is not found, and not made anew."""

from odoo.tests import tagged

from odoo.addons.crm_gdpr.tests.anonymise_case import AnonymiseCase
from odoo.addons.crm_mailplugin.tests.common import AddIn


@tagged("post_install", "-at_install")
class TestMailPluginPrivacy(AnonymiseCase, AddIn):
    def test_an_anonymised_persons_email_opens_nothing_and_makes_no_contact(self):
        person = self._make_person()
        address, name = person.email, person.name
        self.env["crm.lead"].create({"name": "Wheels", "partner_id": person.id, "type": "opportunity"})
        key = self._connect(self.manager)
        self.assertEqual(self._open(key, person)["partner"]["email"], address)
        self._anonymise(person)
        self.assertEqual(self._ask(key, "/mail_plugin/partner/search", search_term=address), {"partners": []})
        answer = self._ask(key, "/mail_plugin/partner/get", email=address, name=name)
        self.assertEqual((answer["partner"]["id"], answer["leads"], answer["tickets"]), (-1, [], []))
        self.assertIn("not taken in again", answer["partner"]["enrichment_info"]["info"])
        params = {"name": name, "email": address.upper(), "company": -1}
        self.assertIn("not taken in again", self._refused(key, "/mail_plugin/partner/create", **params))
        self.assertFalse(self.env["res.partner"].search([("email_normalized", "=", address)]))

    def test_it_is_said_also_where_the_company_of_the_address_is_known(self):
        company = self._make_contact("Van Dalen BV", is_company=True, email="office@vandalen.example")
        person = self._make_person()
        address, name = person.email, person.name
        self._anonymise(person)
        key = self._connect(self.manager)
        answer = self._ask(key, "/mail_plugin/partner/get", email=address, name=name)
        self.assertEqual((answer["partner"]["id"], answer["partner"]["company"]["id"]), (-1, company.id))
        self.assertIn("not taken in again", answer["partner"]["enrichment_info"]["info"])
        answer = self._ask(key, "/mail_plugin/partner/get", email="else@vandalen.example", name="Else")
        self.assertIsNone(answer["partner"]["enrichment_info"])

    def test_everybody_else_is_made_a_contact(self):
        key = self._connect(self.manager)
        params = {"name": "Somebody", "email": "somebody.else@gmail.com", "company": -1}
        self.assertTrue(self._ask(key, "/mail_plugin/partner/create", **params)["id"])
