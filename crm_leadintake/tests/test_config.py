from odoo.tests import new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from ..tools.form_guard import ByForm
from ..tools.refusal import IntakeRefusal
from .sales_case import SalesCase


@tagged("post_install", "-at_install")
class TestConfig(SalesCase):
    """What a source is configured to is kept in memory for everybody, whoever it was read for first."""

    def _get_config_first(self, user=None, **context):
        """Read the configuration when it is in no memory yet."""
        self.env.flush_all()
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        source = self.source.with_user(user or self.env.user).with_context(**context)
        return source._get_config(source.id)

    def test_an_archived_rule_gives_no_leads_away_whoever_looked_at_it(self):
        self._make_rule(target="user", user_id=self.sales[0].id, active=False)
        self.assertFalse(self._get_config_first(active_test=False).rules)
        self.assertEqual(self._send().user_id, self.leader)

    def test_programs_are_told_the_same_name_of_a_field_whatever_language_somebody_reads(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        added = self.env["ir.model.fields"].create(
            {
                "name": "x_colour",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "ttype": "char",
                "field_description": "Colour",
            }
        )
        added.with_context(lang="nl_NL").field_description = "Kleur"
        self.assertEqual(self._get_config_first(lang="nl_NL").specs["x_colour"].label, "Colour")

    def test_an_officer_is_the_first_to_look_at_what_came_in(self):
        """Officers may not read ir.model.fields, which rules and mappings point at."""
        city = self.env["ir.model.fields"]._get("crm.lead", "city").id
        self._make_rule(field_id=city, value="Gent")
        self.env["crm.intake.mapping"].create({"source_id": self.source.id, "external_name": "Town", "field_id": city})
        self._send(city="Gent")
        officer = new_test_user(self.env, "intake_officer", "crm_leadintake.group_intake_officer")
        config = self._get_config_first(officer)
        self.assertEqual((config.rules[0].field, config.mapped["Town"].name), ("city", "city"))
        self.env.registry.clear_cache()
        self.assertIn("Gent", self._rows().with_user(officer).content)

    def test_the_form_of_an_archived_source_is_closed_whoever_looked_at_it(self):
        self.source.write({"form_enabled": True, "active": False})
        self.env.registry.clear_cache()
        with self.assertRaises(IntakeRefusal):
            self.source.with_context(active_test=False)._get_form(self.source.public_id)

    def test_a_form_that_was_opened_before_its_source_was_archived_is_not_taken(self):
        self.source.form_enabled = True
        sender = ByForm(self.source._get_form(self.source.public_id), "192.0.2.7", None, "localhost")
        self.assertTrue(self.source._admit_form(sender))
        self.source.active = False
        with self.assertRaises(IntakeRefusal):
            self.source._admit_form(sender)

    def test_the_form_is_read_for_a_visitor_as_for_a_salesperson(self):
        self.source.form_enabled = True
        self.env.flush_all()
        for user in (self.env.ref("base.public_user"), self.sales[0]):
            self.env.invalidate_all()
            self.env.registry.clear_cache()
            self.assertTrue(self.source.with_user(user)._get_form(self.source.public_id).fields)

    def test_an_administrator_of_the_intake_alone_chooses_the_field_of_a_mapping_and_of_a_rule(self):
        administrator = new_test_user(self.env, "intake_administrator", "crm_leadintake.group_intake_manager")
        Fields = self.env["ir.model.fields"].with_user(administrator)
        for model in ("crm.intake.mapping", "crm.intake.rule"):
            record = self.env[model].with_user(administrator).new({"source_id": self.source.id})
            domain = safe_eval(record._fields["field_id"].domain, {"allowed_field_ids": record.allowed_field_ids.ids})
            with self.subTest(model):
                [(city, name)] = Fields.name_search("City", domain)
                self.assertIn("City", name)
                found = Fields.web_name_search("City", {"display_name": {}}, domain)
                self.assertEqual([field["id"] for field in found], [city])
                self.assertFalse(Fields.name_search("Message Delivery error", domain), "of a lead, but never sent")
        mapping = (
            self.env["crm.intake.mapping"]
            .with_user(administrator)
            .create({"source_id": self.source.id, "external_name": "Town", "field_id": city})
        )
        self.assertEqual(mapping.field_id.name, "city")
        for operation in ("write", "create", "unlink"):
            self.assertFalse(Fields.has_access(operation))
