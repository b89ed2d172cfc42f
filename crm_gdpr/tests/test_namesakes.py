from odoo.tests import tagged

from ..engine import persons
from ..tools.identity import Identity
from ..tools.matching import Crowd, Matcher
from .anonymise_case import EMAIL, NAME, AnonymiseCase


@tagged("post_install", "-at_install")
class TestNamesakes(AnonymiseCase):
    """Who shares a name, an address or a number with the person, or only worked with them, keeps what is theirs."""

    def _make_colleague(self, name="Jan Smit"):
        """Who was a salesperson here, and has left."""
        user = self._make_user("jan", "sales_team.group_sale_salesman")
        user.partner_id.write({"name": name, "email": "jan@smit.example"})
        user.active = False
        return user

    def _make_free_lead(self, contact_name, **values):
        return self.env["crm.lead"].create({"name": "Chairs", "contact_name": contact_name, **values})

    def test_an_old_lead_leaves_those_of_the_same_mailbox_alone(self):
        shared = {"email_from": "info@acmekantoor.example", "phone": "+31 20 555 12 34"}
        old, other, again = (self._make_free_lead(name, **shared) for name in ("Piet Vos", "Klaas Eek", "Piet Vos"))
        columns = ("contact_name", "email_from", "phone", "email_normalized", "phone_sanitized")
        before = {lead: self._columns(lead, *columns) for lead in other | again}
        self._anonymise(leads=old)
        self.assertEqual(self._columns(old, "contact_name", "email_from", "phone"), (None, None, None))
        for lead, values in before.items():
            self.assertEqual(
                self._columns(lead, "contact_name", "email_from", "phone", "email_normalized", "phone_sanitized"),
                values,
            )
        self.assertFalse(self.env["crm.gdpr.suppression"].search_count([]))

    def test_an_address_of_two_leads_goes_with_the_last_of_them(self):
        shared = {"email_from": "info@acmekantoor.example"}
        leads = self._make_free_lead("Piet Vos", **shared) | self._make_free_lead("Klaas Eek", **shared)
        note = self._post(self.colleague, "They write from info@acmekantoor.example")
        self._anonymise(leads=leads)
        self.assertEqual([self._columns(lead, "email_from") for lead in leads], [(None,), (None,)])
        self.assertTrue(note.exists())

    def test_customers_of_a_former_colleague_of_the_same_last_name_keep_it(self):
        user = self._make_colleague()
        lead = self._make_free_lead("Klaas Smit", partner_name="Smit Bakkerij", user_id=user.id)
        lead.write(
            {"name": "Smit Bakkerij: new oven", "description": "<p>Dear Mrs. Smit, as agreed Jan Smit will call.</p>"}
        )
        self._anonymise(user.partner_id)
        names = ("contact_name", "partner_name", "name", "description")
        self.assertEqual(
            self._columns(lead, *names),
            ("Klaas Smit", "Smit Bakkerij", "Smit Bakkerij: new oven", "<p>Dear Mrs. Smit, as agreed … will call.</p>"),
        )

    def test_files_of_what_a_former_colleague_worked_on_stay(self):
        user = self._make_colleague()
        lead = self._make_free_lead("Bert Klein", user_id=user.id)
        values = {"raw": b"Offer by Jan Smit", "res_model": "crm.lead", "res_id": lead.id}
        offer = self.env["ir.attachment"].create({"name": "offer.txt", **values})
        self._anonymise(user.partner_id)
        self.assertTrue(offer.exists())

    def test_words_of_a_companys_name_stay_in_what_is_about_it(self):
        company = self._make_contact("Office Interiors Zwolle", is_company=True)
        lead = self.env["crm.lead"].create({"name": "Office chairs for branch Zwolle", "partner_id": company.id})
        message = self._post(lead, "It comes from our Zwolle warehouse to Office Interiors Zwolle")
        self._anonymise(company)
        self.assertEqual(self._columns(lead, "name"), ("Office chairs for branch Zwolle",))
        self.assertIn("our Zwolle warehouse to …", message.body)

    def test_what_a_company_was_called_before_is_a_companys_name(self):
        company = self._make_contact("Blauwhoed Tapijten", is_company=True)
        self._track(company, "name", "Koninklijke Vloerenhal", "Blauwhoed Tapijten")
        person = self._make_person()
        self._track(person, "name", "Maria Jansen", "Maria van Dalen")
        self.env.flush_all()
        found = {each.main[1]: each.identity for each in persons.resolve(self.env, [company.id, person.id])}
        self.assertIn("Koninklijke Vloerenhal", found[company.id].companies)
        self.assertNotIn("Koninklijke Vloerenhal", found[company.id].names)
        self.assertIn("Maria Jansen", found[person.id].names)

    def test_an_address_that_somebody_else_has_too_is_told_and_not_taken_out(self):
        person = self._make_person(email="home@dalen.example")
        self._make_free_lead("Bobby Svensson", email_from="home@dalen.example")
        self.env.flush_all()
        [found] = persons.resolve(self.env, person.ids)
        self.assertEqual(found.identity.shared, {"home@dalen.example"})
        text = "Write to home@dalen.example"
        self.assertEqual(Crowd({1: found.identity}).find(text), {1: {"shared"}})
        self.assertEqual(Matcher(found.identity).scrub(text), text)

    def test_a_number_of_the_persons_company_is_not_told(self):
        company = self._make_contact("Works", is_company=True, phone="+31 20 555 12 34")
        person = self._make_person(parent_id=company.id, phone="+31 20 555 12 34")
        self.env.flush_all()
        [found] = persons.resolve(self.env, person.ids)
        self.assertFalse(found.identity.shared or found.identity.phones)


@tagged("post_install", "-at_install")
class TestHeldLead(AnonymiseCase):
    def test_a_lead_of_somebody_who_is_held_is_held_with_them(self):
        person = self._make_person()
        self.env["crm.gdpr.hold"].with_user(self.officer).create({"partner_id": person.id, "reason": "Court case"})
        theirs, anothers = (
            self.env["crm.lead"].create({"name": "Roof", "contact_name": name, "email_from": EMAIL})
            for name in (NAME, "Piet Vos")
        )
        request = self._request(leads=theirs | anothers)
        request.action_preview()
        self.assertEqual(request.line_ids.mapped("state"), ["refused", "planned"])
        self.assertIn("Court case", request.line_ids[0].reason)


@tagged("post_install", "-at_install")
class TestLastName(AnonymiseCase):
    def test_beside_a_word_of_another_name_a_last_name_is_anothers(self):
        matcher = Matcher(Identity(names={"Jan Smit"}), is_careful=True)
        for text, scrubbed in (
            ("Klaas Smit", "Klaas Smit"),
            ("Smit Bakkerij", "Smit Bakkerij"),
            ("Dear Mrs. Smit", "Dear Mrs. Smit"),
            ("told by Smit himself", "told by … himself"),
            ("J. Smit was here", "… was here"),
            ("Jan Smit and Smit Jan", "… and …"),
        ):
            with self.subTest(text=text):
                self.assertEqual(matcher.scrub(text, wide=True), scrubbed)
