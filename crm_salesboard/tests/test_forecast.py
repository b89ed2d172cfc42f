from ast import literal_eval

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import SalesBoardCase

MEASURES = {"projected": "expected_revenue", "weighted": "prorated_revenue", "actual": "actual_revenue"}


@tagged("post_install", "-at_install")
class TestForecast(SalesBoardCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        action = cls.env["ir.actions.act_window"]._for_xml_id("crm_salesboard.crm_lead_action_sales_forecast")
        cls.action = action
        cls.domain = literal_eval(action["domain"]) + [("team_id", "=", cls.team.id)]
        cls._make_lead(expected_revenue=1000, probability=20, date_deadline="2030-04-03")
        cls._make_lead(expected_revenue=500, probability=50, date_deadline="2030-04-28", stage_id=cls.offer.id)
        cls._make_lead(expected_revenue=700, probability=10, date_deadline="2030-05-02")
        cls._make_lead(expected_revenue=900, probability=10)
        won = cls._close(cls._make_lead(expected_revenue=800), "order", date_closed="2030-04-11 12:00:00")
        won.actual_revenue = 750
        cls._close(cls._make_lead(expected_revenue=300), "lost", date_closed="2030-05-05 12:00:00")

    def _leads(self, user=None):
        context = literal_eval(self.action["context"])
        return self.env["crm.lead"].with_user(user or self.manager).with_context(**context)

    def _pivot(self, domain, groupby):
        """What the pivot shows, as the web client asks for it."""
        aggregates = ["__count", *(f"{field}:sum" for field in MEASURES.values())]
        return self._leads().formatted_read_grouping_sets(domain, [groupby], aggregates)[0]

    def test_by_month_and_status_the_figures_are_those_of_the_board(self):
        rows = self._pivot(self.domain, ["board_date:month", "board_column_id"])
        self.assertEqual(len(rows), 6)
        for row in rows:
            domain = [*self.domain, *row["__extra_domain"]]
            figures = self._leads().get_salesboard(domain)["total"]
            with self.subTest(str(row["board_date:month"])):
                self.assertEqual(row["__count"], figures["count"])
                for name, field in MEASURES.items():
                    self.assertAlmostEqual(row[f"{field}:sum"], figures[name])

    def test_a_month_adds_up_what_is_expected_and_what_was_closed_in_it(self):
        rows = self._pivot(self.domain, ["board_date:month"])
        rows = {row["board_date:month"] and row["board_date:month"][0]: row for row in rows}
        april = rows["2030-04-01"]
        self.assertEqual([april[f"{field}:sum"] for field in MEASURES.values()], [2300, 1250, 750])
        self.assertEqual(rows[False]["expected_revenue:sum"], 900)

    def test_it_is_grouped_by_user_and_team_as_well(self):
        for groupby in ("user_id", "team_id", "board_column_id"):
            with self.subTest(groupby):
                self.assertEqual(sum(row["__count"] for row in self._pivot(self.domain, [groupby])), 6)

    def test_a_salesperson_sees_a_forecast_of_their_own_projects_only(self):
        self.env["crm.lead"].search([("name", "=", "GTX Pro fleet"), ("probability", "=", 20)]).user_id = self.other
        rows = self._leads(self.other)._read_group(self.domain, [], ["expected_revenue:sum"])
        self.assertEqual(rows[0][0], 1000)
        with self.assertRaises(AccessError):
            self._leads(self.outsider)._read_group(self.domain, [], ["expected_revenue:sum"])

    def test_the_menu_is_for_salespeople(self):
        menu = self.env.ref("crm_salesboard.crm_lead_menu_sales_forecast")
        for user, visible in ((self.sales, True), (self.outsider, False)):
            self.assertEqual(menu.id in self.env["ir.ui.menu"].with_user(user)._visible_menu_ids(), visible)
