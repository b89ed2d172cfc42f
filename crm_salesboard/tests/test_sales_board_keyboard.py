import os
from pathlib import Path

from odoo.tests import tagged

from .test_sales_board_screen import SalesBoardScreen

REPOSITORY = Path(__file__).parents[2]


def axe_core():
    """axe-core, which setup/steps/axe_core.sh fetches: without it nothing is proved, so its absence is a failure."""
    given = os.environ.get("AXE_CORE")
    found = [Path(given)] if given else sorted(REPOSITORY.glob(".odoo/axe-core/*/axe.min.js"))
    if not found or not found[-1].exists():
        raise AssertionError(
            "axe-core is not there: run setup/test, which fetches it, or let AXE_CORE name its axe.min.js"
        )
    return found[-1].read_bytes()


class AccessibleScreen(SalesBoardScreen):
    """The small board of the tours, on a server that hands out axe-core."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_board()

    def _tour(self, name):
        self.start_tour("/odoo/sales-board", name, login="board_manager", timeout=120)

    def _serve_axe_core(self):
        self.env["ir.attachment"].create(
            {
                "name": "axe.min.js",
                "url": "/crm_salesboard/axe.min.js",
                "raw": axe_core(),
                "mimetype": "text/javascript",
                "public": True,
            }
        )


@tagged("post_install", "-at_install")
class TestSalesBoardKeyboard(AccessibleScreen):
    def test_cards_are_moved_closed_reopened_and_undone_with_keys_and_the_focus_goes_along(self):
        self._tour("salesboard_keyboard_moves")
        lead = self.env["crm.lead"].search([("name", "=", "Alpha rollout")])
        self.assertEqual(lead.board_column_id, self.columns["status", "Prospect"])

    def test_values_bar_columns_palette_and_projects_are_reached_with_keys(self):
        self._tour("salesboard_keyboard_all_else")

    def test_nothing_on_the_board_keeps_anybody_out(self):
        self._serve_axe_core()
        self._tour("salesboard_accessible")


@tagged("post_install", "-at_install")
class TestSalesBoardThumb(AccessibleScreen):
    browser_size = "390x844"
    touch_enabled = True

    def test_columns_are_swiped_cards_moved_and_closed_with_a_thumb(self):
        self._serve_axe_core()
        self._tour("salesboard_phone_thumb")
