from odoo import Command
from odoo.tests import tagged

from .test_sales_board_screen import SalesBoardScreen


@tagged("post_install", "-at_install")
class TestRestrictedScreen(SalesBoardScreen):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.linked = cls._make_user("board_linked", "Lena Linked", "sales_team.group_sale_salesman")
        cls.team.member_ids |= cls.linked
        cls._make_project("Open project", "status", "Prospect", 1000, 20)
        cls.project = cls._make_project("Secret takeover", "status", "Offer", 5000, 50, owner=cls.sales)

    def _restrict(self):
        self.project.write(
            {"is_restricted": True, "linked_user_ids": [Command.create({"user_id": self.linked.id})]}
        )

    def test_the_owner_links_a_colleague_and_restricts(self):
        self.start_tour(f"/odoo/crm/{self.project.id}", "salesboard_restrict", login="board_sales")
        self.assertEqual(self.project.linked_user_ids.user_id, self.linked)
        self.assertTrue(self.project.is_restricted)

    def test_a_linked_user_sees_the_lock_and_leaves(self):
        self._restrict()
        self.start_tour("/odoo/sales-board", "salesboard_restricted_in_sight", login="board_linked")
        self.assertFalse(self.project.linked_user_ids)

    def test_a_manager_is_locked_out(self):
        self._restrict()
        self.start_tour("/odoo/sales-board", "salesboard_restricted_out_of_sight", login="board_manager")
