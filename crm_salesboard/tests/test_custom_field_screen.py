from odoo.tests import tagged

from .test_sales_board_screen import SalesBoardScreen


@tagged("post_install", "-at_install")
class TestCustomFieldScreen(SalesBoardScreen):
    # One test to a class: Odoo gives the registry its columns back once the class is through.

    def test_a_manager_adds_a_field_and_a_project_has_it_at_once(self):
        self._make_project("Segment deal", "status", "Prospect", 1000, 50)
        self.start_tour("/odoo/sales-board", "crm_salesboard_custom_field", login="board_manager", timeout=120)
        lead = self.env["crm.lead"].search([("name", "=", "Segment deal")])
        self.assertEqual(lead.x_segment.name, "Wholesale")


@tagged("post_install", "-at_install")
class TestCustomFieldRemoval(SalesBoardScreen):
    def test_removing_a_field_in_use_asks_first(self):
        definition = self.env["crm.custom.field"].create({"name": "Segment", "ttype": "char"})
        self.env["crm.lead"].create([{"name": f"Deal {n}", "x_segment": "Retail"} for n in range(3)])
        self.start_tour("/odoo/sales-board", "crm_salesboard_custom_field_removal", login="board_manager", timeout=120)
        self.assertFalse(definition.active)
        self.assertEqual(definition.value_count, 3)
