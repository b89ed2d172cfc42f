from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_sales_board_screen import SalesBoardScreen


@tagged("post_install", "-at_install")
class TestSearchListScreen(SalesBoardScreen):
    """The pages as people use them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.zebras = cls.env["res.partner"].create(
            [
                {"name": f"Zebra {number}", "city": city, "is_company": True}
                for number, city in enumerate(("Köln", "Köln", "Köln", "Bonn"))
            ]
        )
        cls.env["res.partner"].create({"name": "Zebra, Zoe", "city": "Bonn"})
        cls.manager.group_ids += cls.env.ref("base.group_allow_export")

    def test_search_save_reload_and_put_on_the_board(self):
        self.start_tour("/odoo/search-customers", "crm_salesboard_search_list", login="board_sales")
        favorite = self.env["ir.filters"].search([("name", "=", 'Zebras in "Köln\'s"')])
        self.assertEqual(favorite.user_ids, self.sales)
        self.assertEqual(len(self.env["res.partner"].search(favorite._get_eval_domain())), 3)
        self.start_tour("/odoo/search-customers", "crm_salesboard_search_list_saved", login="board_sales")
        projects = self.env["crm.lead"].search([("partner_id", "in", self.zebras.ids)])
        self.assertEqual(projects.mapped("board_column_id.kind"), ["unprocessed"])
        self.assertEqual((projects.mapped("name"), projects.user_id), (["Autumn campaign"] * 4, self.sales))

    def test_projects_by_status_and_value(self):
        self._make_project("Zebra one", "status", "Prospect", 500, 20, "2024-05-01")
        self._make_project("Zebra two", "order", "Order", 2000, 100, "2024-05-02")
        self.start_tour("/odoo/search-projects", "crm_salesboard_search_projects", login="board_manager")

    def test_only_who_may_export_gets_the_list_out(self):
        self.assertTrue(self.zebras.with_user(self.manager).export_data(["name", "city"])["datas"])
        with self.assertRaises(UserError):
            self.zebras.with_user(self.sales).export_data(["name", "city"])
