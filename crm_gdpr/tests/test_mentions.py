from odoo.tests import tagged

from ..access.export import Export
from ..engine import persons
from .anonymise_case import EMAIL, NAME, PHONE, AnonymiseCase


@tagged("post_install", "-at_install")
class TestMentions(AnonymiseCase):
    """Leads of other customers that have an address of the person's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._make_person()
        cls.customer = cls._make_contact("Bouwbedrijf Berg", is_company=True)

    def _make_lead_with(self, name, email=EMAIL, customer=None, **values):
        """As it is where the lead was there before it was given to the customer."""
        lead = self._make_lead(customer or self.customer, name="Roof", **values)
        self.env.flush_all()
        query = "UPDATE crm_lead SET contact_name = %s, email_from = %s, email_normalized = %s WHERE id = %s"
        self.env.cr.execute(query, [name, email, email, lead.id])
        self.env.invalidate_all()
        return lead

    def _carry_out_alone(self, *people, user=None):
        """Without the search of everything, which would find the address too."""
        request = self._request(sum(people, self.person), user=user)
        request.action_preview()
        planned = {(model, what): number for model, what, _why, number in request.line_ids[0].counts or ()}
        request.action_carry_out()
        request.sudo().line_ids.filtered(lambda line: line.state == "planned")._carry_out()
        self.env.invalidate_all()
        return request, planned

    def _identify(self):
        self.env.flush_all()
        return persons.resolve(self.env, self.person.ids)[0]

    def test_the_address_goes_and_the_customer_stays(self):
        lead = self._make_lead_with(NAME)
        _request, planned = self._carry_out_alone()
        self.assertEqual(planned["crm.lead", "changed"], 1)
        names = ("partner_id", "name", "contact_name", "email_from", "email_normalized")
        self.assertEqual(self._columns(lead, *names), (self.customer.id, "Roof", "…", "…", None))
        self.assertEqual(self.customer.name, "Bouwbedrijf Berg")
        self.assertTrue(self.customer.active and not self.customer.gdpr_state)

    def test_the_customers_own_name_stays_beside_an_address_that_is_not_the_customers(self):
        karl = self._make_contact("Karl Oddington")
        lead = self._make_lead_with("Karl Oddington", customer=karl)
        self._carry_out_alone()
        self.assertEqual(
            self._columns(lead, "partner_id", "contact_name", "email_from"), (karl.id, "Karl Oddington", "…")
        )

    def test_where_another_one_is_named_the_address_is_theirs_as_well(self):
        lead = self._make_lead_with("Piet van den Berg")
        self.assertEqual(self._identify().identity.shared, {EMAIL})
        request, planned = self._carry_out_alone()
        self.assertNotIn(("crm.lead", "changed"), planned)
        self.assertEqual(self._columns(lead, "contact_name", "email_from"), ("Piet van den Berg", EMAIL))
        self.assertIn("others have as well", request.line_ids.reason)
        self.assertFalse(self.person.email)

    def test_an_address_that_the_customer_has_too_stays_the_customers(self):
        karl = self._make_contact("Karl Oddington", email=EMAIL)
        lead = self._make_lead_with("Karl Oddington", customer=karl)
        self._carry_out_alone()
        self.assertEqual((karl.email, lead.email_from), (EMAIL, EMAIL))

    def test_what_is_written_about_the_customers_lead_loses_the_person_alone(self):
        lead = self._make_lead_with(NAME, description=f"<p>{NAME} ({EMAIL}, {PHONE}) asks for Bouwbedrijf Berg</p>")
        note = self._post(lead, f"{EMAIL} called for Bouwbedrijf Berg")
        self._carry_out_alone()
        self.assertEqual(self._columns(lead, "description"), ("<p>… (…, …) asks for Bouwbedrijf Berg</p>",))
        self.assertIn("… called for Bouwbedrijf Berg", note.body)

    def test_a_customers_lead_goes_with_the_customer_where_both_are_chosen(self):
        lead = self._make_lead_with(NAME)
        self._carry_out_alone(self.customer)
        self.assertFalse(lead.email_from)

    def test_another_companys_lead_is_that_companys_to_decide_about(self):
        other = self.env["res.company"].create({"name": "Other Works"})
        self.officer.company_ids -= other
        lead = self._make_lead_with(NAME)
        self.env.cr.execute("UPDATE crm_lead SET company_id = %s WHERE id = %s", [other.id, lead.id])
        self.env.invalidate_all()
        request = self._request(self.person)
        request.action_preview()
        self.assertEqual((request.line_ids.state, lead.email_from), ("refused", EMAIL))

    def test_of_a_customer_on_hold_nothing_goes_and_it_is_told(self):
        lead = self._make_lead_with(NAME)
        self.env["crm.gdpr.hold"].create({"partner_id": self.customer.id, "reason": "Court"})
        request, planned = self._carry_out_alone()
        self.assertNotIn(("crm.lead", "changed"), planned)
        self.assertEqual(self._columns(lead, "contact_name", "email_from"), (NAME, EMAIL))
        self.assertIn("others have as well", request.line_ids.reason)
        self.assertFalse(self.person.email)

    def test_whoever_asks_for_their_data_gets_no_lead_of_another_customer(self):
        lead = self._make_lead_with(NAME)
        self.assertNotIn("crm.lead", Export(self.env, self.person).count())
        self.assertIn(lead.id, self._identify().mentions)

    def test_they_are_found_by_an_index(self):
        questions = [("crm_lead", "email_normalized = ANY(%s)", "crm_lead_gdpr_email_idx")]
        if "crm.lead.contact" in self.env:
            questions.append(
                (
                    "crm_lead_contact",
                    "one_off_name IS NOT NULL"
                    " AND (lower(one_off_email) = ANY(%s) OR one_off_phone_sanitized = ANY('{a,b}'))",
                    "crm_gdpr_crm_lead_contact_one_off_email_idx",
                )
            )
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        for table, condition, index in questions:
            with self.subTest(table=table):
                query = f"EXPLAIN SELECT id FROM {table} WHERE {condition}"
                self.env.cr.execute(query, [["a@b.example", "c@d.example"]])
                self.assertIn(index, str(self.env.cr.fetchall()))
