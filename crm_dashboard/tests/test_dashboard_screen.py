from odoo.tests import tagged

from odoo.addons.crm_salesboard.tests.test_sales_board_screen import SalesBoardScreen

from .test_dashboard import CompanyCase


@tagged("post_install", "-at_install")
class TestDashboardScreen(CompanyCase):
    def _url(self):
        return f"/odoo/dashboards?dashboard_id={self.env.ref('crm_dashboard.spreadsheet_dashboard_my_sales').id}"

    def test_a_click_on_a_number_opens_its_projects_the_lost_ones_too(self):
        self.start_tour(self._url(), "crm_dashboard_drill", login="dash_sales", timeout=120)


@tagged("post_install", "-at_install")
class TestDashboardBars(CompanyCase):
    # Charts out of sight are not drawn.
    browser_size = "1366x2400"

    def test_a_click_on_a_bar_opens_what_it_counts_whatever_the_board_was_set_to(self):
        settings = self.env["res.users.settings"]._find_or_create_for_user(self.manager)
        settings.write(
            {"salesboard_period": '{"unit": "year", "start": "2001-01-01"}', "salesboard_kinds": "status,order"}
        )
        dashboard = self.env.ref("crm_dashboard.spreadsheet_dashboard_management")
        url = f"/odoo/dashboards?dashboard_id={dashboard.id}"
        self.start_tour(url, "crm_dashboard_drill_bar", login="dash_manager", timeout=120)


@tagged("post_install", "-at_install")
class TestDashboardPhone(CompanyCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_figures_are_read_and_opened_on_a_phone(self):
        self.start_tour("/odoo/dashboards", "crm_dashboard_phone", login="dash_sales", timeout=120)


@tagged("post_install", "-at_install")
class TestOwnDashboard(SalesBoardScreen):
    """Odoo's dashboard of one's own takes the views of the board."""

    def test_views_of_the_board_are_put_on_a_dashboard_of_one_s_own_and_open_there(self):
        self._make_board()
        action = self.env.ref("board.open_board_my_dash_action")
        for url, tour in (
            ("/odoo/sales-board", "crm_dashboard_add_board"),
            ("/odoo/sales-board?view_type=list", "crm_dashboard_add_list"),
            ("/odoo/sales-forecast", "crm_dashboard_add_pivot"),
            (f"/odoo/action-{action.id}", "crm_dashboard_own"),
        ):
            self.start_tour(url, tour, login="board_manager", timeout=120)

    def test_a_dashboard_of_one_s_own_is_nobody_else_s(self):
        action = self.env.ref("crm_salesboard.crm_lead_action_sales_forecast")
        self.authenticate("board_manager", "board_manager")
        params = {"action_id": action.id, "context_to_save": {}, "domain": [], "view_mode": "pivot", "name": "Mine"}
        self.assertTrue(self.make_jsonrpc_request("/board/add_to_dashboard", params))
        view = self.env.ref("board.board_my_dash_view")
        archs = {
            user.login: self.env["board.board"].with_user(user).get_view(view.id, "form")["arch"]
            for user in (self.manager, self.sales)
        }
        self.assertIn("Mine", archs["board_manager"])
        self.assertNotIn("Mine", archs["board_sales"])
