import json
from unittest.mock import patch

from odoo.tests import tagged

from .test_sales_board_screen import SalesBoardScreen


class BoardPutScreen(SalesBoardScreen):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.zebras = cls.env["res.partner"].create([{"name": f"Zebra {n}", "is_company": True} for n in range(4)])
        cls.env["res.partner"].create({"name": "Zoe", "parent_id": cls.zebras[3].id})

    def _projects(self):
        return self.env["crm.lead"].search([("partner_id", "in", self.zebras.ids)], order="id")


@tagged("post_install", "-at_install")
class TestBoardPutScreen(BoardPutScreen):
    """Putting customers on the board, as people do it."""

    def test_all_of_a_list_from_its_menu(self):
        self.start_tour("/odoo/contacts?view_type=list", "crm_salesboard_put_list", login="board_sales")
        projects = self._projects()
        self.assertEqual(projects.mapped("board_column_id.kind"), ["unprocessed"])
        self.assertEqual((len(projects), projects.user_id), (4, self.manager | self.sales))

    def test_selected_customers_undone_and_one_from_its_form(self):
        self.start_tour("/odoo/contacts?view_type=list", "crm_salesboard_put_selected", login="board_sales")
        self.assertEqual(self._projects().mapped("name"), ["Spring campaign"])

    def test_others_than_salespeople_are_not_offered_it(self):
        self._make_user("board_clerk", "Carl Clerk", "base.group_user")
        self.start_tour("/odoo/contacts?view_type=list", "crm_salesboard_put_outsider", login="board_clerk")


@tagged("post_install", "-at_install")
class TestBoardPutPhone(BoardPutScreen):
    browser_size = "390x844"
    touch_enabled = True

    def test_what_was_broken_off_is_continued_on_a_phone(self):
        values = {"team_id": self.team.id, "subject": "Autumn campaign"}
        values["partner_domain"] = json.dumps([("id", "in", self.zebras.ids)])
        run = self.env["crm.board.put"].with_user(self.sales).create(values)
        run.action_put()
        with patch("odoo.addons.crm_salesboard.wizards.crm_board_put.PUT_BATCH", 3):
            run.put_next()
        self.start_tour("/odoo/contacts", "crm_salesboard_put_phone", login="board_sales")
        self.assertEqual(len(self._projects()), 4)
