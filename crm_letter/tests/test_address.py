from odoo.tests import tagged

from .common import LetterCase


@tagged("post_install", "-at_install")
class TestAddress(LetterCase):
    def _lines(self, partner):
        return partner._letter_lines(self.home)

    def test_at_home_the_country_is_left_out(self):
        self.assertEqual(self._lines(self.customer), ["Anna & Co <GmbH>", "Hauptstraße 5", "50667 Köln"])

    def test_abroad_it_is_in_capitals_and_the_format_is_the_countrys(self):
        partner = self._make_customer("Smith", "us", street="1 Main St", zip="94107", city="San Francisco")
        partner.state_id = self.env.ref("base.state_us_5")
        self.assertEqual(self._lines(partner), ["Smith", "1 Main St", "San Francisco CA 94107", "UNITED STATES"])

    def test_the_country_is_in_the_language_of_the_place_where_it_is_posted(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.env.ref("base.nl").with_context(lang="de_DE").name = "Niederlande"
        self.home.partner_id.lang = "de_DE"
        partner = self._make_customer("Jansen", "nl", lang="en_US")
        self.assertEqual(self._lines(partner)[-1], "NIEDERLANDE")

    def test_odoos_own_addresses_stay_as_they_are(self):
        partner = self._make_customer("Jansen", "nl")
        self.assertIn("Netherlands", partner._display_address())

    def test_a_contact_person_is_named_under_the_company_at_the_own_address(self):
        person = self._make_customer("Eva Holm", parent_id=self.customer.id, type="other", street="Nebenweg 2")
        self.assertEqual(self._lines(person), ["Anna & Co <GmbH>", "Eva Holm", "Nebenweg 2", "50667 Köln"])

    def test_a_contact_person_without_an_address_is_written_to_at_the_company(self):
        person = self.env["res.partner"].create({"name": "Eva Holm", "parent_id": self.customer.id, "type": "other"})
        person.write({"street": False, "zip": False, "city": False, "country_id": False})
        self.assertEqual(self._lines(person), ["Anna & Co <GmbH>", "Eva Holm", "Hauptstraße 5", "50667 Köln"])

    def test_without_street_or_town_there_is_no_postal_address(self):
        for gap in ("street", "city"):
            with self.subTest(gap=gap):
                letter = self._write(partner_id=self._make_customer("Gap", **{gap: False}).id)
                self.assertEqual(letter.problem, "No postal address")
