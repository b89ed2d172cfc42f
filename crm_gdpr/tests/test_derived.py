from odoo.tests import tagged

from .anonymise_case import EMAIL, AnonymiseCase


@tagged("post_install", "-at_install")
class TestDerived(AnonymiseCase):
    """What Odoo computes from a person's fields and stores is computed again, and nothing else is."""

    def test_what_a_lead_has_from_its_contact_does_not_name_the_person_any_more(self):
        for name, related in (("x_customer", "partner_id.name"), ("x_address", "partner_id.complete_name")):
            self._make_related("crm.lead", name, related)
        person = self._make_person()
        lead = self._make_lead(person)
        self.assertEqual(self._columns(lead, "x_customer"), (person.name,))
        self._anonymise(person)
        self.assertEqual(self._columns(lead, "x_customer", "x_address"), ("Anonymised contact",) * 2)

    def test_an_address_without_a_name_is_not_called_after_the_person(self):
        person = self._make_person()
        address = self.env["res.partner"].create({"parent_id": person.id, "type": "invoice"})
        self.assertIn(person.name, *self._columns(address, "complete_name"))
        self._anonymise(person)
        self.assertIn("Anonymised contact", *self._columns(address, "complete_name"))

    def test_a_number_that_is_taken_out_of_anothers_lead_is_not_left_as_sanitised(self):
        person = self._make_person()
        field = self._make_field("crm.lead", "x_second_id", ttype="many2one", relation="res.partner")
        lead = self.env["crm.lead"].create(
            {"name": "Roof", "email_from": "else@example.com", "phone": "06-24681357", field: person.id}
        )
        # as of somebody whose country was not known: by the whole number it is told who else has it
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_lead SET phone_sanitized = '0624681357' WHERE id = %s", [lead.id])
        self._anonymise(person)
        self.assertNotIn("2468", self._columns(lead, "phone")[0] or "")
        self.assertEqual(self._columns(lead, "phone_sanitized"), (None,))
        self.assertEqual(self._columns(lead, "email_normalized"), ("else@example.com",))

    def test_the_chance_of_a_project_and_who_wrote_it_last_stay(self):
        person = self._make_person()
        lead = self._make_lead(person, probability=30)
        columns = ("probability", "automated_probability", "prorated_revenue", "won_status", "write_date", "write_uid")
        before = self._columns(lead, *columns)
        self.env["ir.config_parameter"].set_param("crm.pls_fields", "email_state,phone_state")
        self._anonymise(person)
        self.assertEqual(self._columns(lead, *columns), before)
        self.assertEqual(self._columns(lead, "email_state", "phone_state"), (None, None))

    def test_a_field_of_the_companys_own_is_computed_again(self):
        self._make_field("crm.lead", "x_host", depends="email_from", compute="""
for lead in self:
    lead['x_host'] = (lead.email_from or '').split('@')[-1]
""")  # fmt: skip
        person = self._make_person()
        lead = self._make_lead(person)
        self.assertEqual(self._columns(lead, "x_host"), (EMAIL.split("@")[1],))
        self._anonymise(person)
        self.assertFalse(self._columns(lead, "x_host")[0])

    def _make_related(self, model, name, related):
        return self._make_field(model, name, related=related)

    def _make_field(self, model, name, ttype="char", **values):
        """A stored field that the company makes without a developer."""
        self.env["ir.model.fields"].create(
            {
                "model_id": self.env["ir.model"]._get_id(model),
                "name": name,
                "ttype": ttype,
                "field_description": name,
                "state": "manual",
                "store": True,
                "readonly": "related" in values or "compute" in values,
                **values,
            }
        )
        self.addCleanup(self.registry.reset_changes)
        return name
