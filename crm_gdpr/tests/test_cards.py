from lxml import etree

from odoo.tests import tagged

from .common import PrivacyCase


@tagged("post_install", "-at_install")
class TestCards(PrivacyCase):
    """On a phone lists are cards."""

    def test_whatever_is_in_a_list_of_ours_is_in_cards_as_well(self):
        names = self.env["ir.model.data"].search([("module", "=", "crm_gdpr"), ("model", "=", "ir.actions.act_window")])
        actions = self.env["ir.actions.act_window"].browse(names.mapped("res_id"))
        lists = actions.filtered(lambda action: "list" in action.view_mode.split(","))
        self.assertGreater(len(lists), 5)
        without = lists.filtered(lambda action: "kanban" not in action.view_mode.split(","))
        self.assertFalse(without.mapped("name"))

    def test_each_kind_of_record_has_cards_of_its_own(self):
        for model in ("field", "suppression", "log", "hold", "touch", "kept", "request", "rule"):
            with self.subTest(model=model):
                views = self.env[f"crm.gdpr.{model}"].with_user(self.officer)
                arch = etree.fromstring(views.get_view(view_type="kanban")["arch"])
                self.assertTrue(arch.xpath("//templates//field"))

    def test_what_becomes_of_a_field_is_chosen_in_its_form_and_nothing_else(self):
        arch = etree.fromstring(self.env["crm.gdpr.field"].with_user(self.officer).get_view(view_type="form")["arch"])
        writable = {field.get("name") for field in arch.iter("field") if field.get("readonly") not in ("1", "True")}
        self.assertEqual(writable, {"strategy", "fixed_text"})
