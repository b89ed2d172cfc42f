"""The pipeline of ../shared/data on the dashboards and in the funnel: each figure beside one counted from the files."""

import unittest
from collections import Counter

from odoo.tests import tagged

from odoo.addons.crm_dashboard.tests.common_dashboard import DashboardCase

from tests import import_sales_pipeline as outside
from tests.funnel_of_deals import FunnelOfDeals

SALESPERSON = "Darcel Schlecht"


class InProcess(outside.Client):
    """The program that imports, without a network in between."""

    def __init__(self, env):
        self.env = env

    def call(self, model, method, context=None, **arguments):
        return getattr(self.env[model].with_context(**context or {}), method)(**arguments)


@tagged("post_install", "-at_install")
class TestDashboardsRealData(FunnelOfDeals, DashboardCase):
    # The server reads thousands of deals in one request, on a machine that may be busy.
    test_cursor_lock_timeout = 120

    @classmethod
    def setUpClass(cls):
        if not outside.FOLDER.is_dir():
            raise unittest.SkipTest(f"No pipeline to import: there is no {outside.FOLDER}")
        super().setUpClass()
        cls.pipeline = outside.Pipeline.read(outside.FOLDER)
        client = InProcess(cls.env)
        outside.run_import(client, cls.pipeline, progress=lambda _line: None)
        cls.teams = cls.env["crm.team"].browse(client.known_ids("crm.team").values())
        cls.team_filter = {"operator": "in", "ids": cls.teams.ids}
        cls.domain = [("team_id", "in", cls.teams.ids)]
        cls.process = cls.env.ref("crm_salesboard.crm_process_standard")
        cls.logins = {row[1]: row[2] for row in outside.user_table(cls.pipeline).rows}
        for login in cls.logins.values():
            cls.env["res.users"].search([("login", "=", login)]).password = login
        cls.env.flush_all()

    def _won(self, **conditions):
        deals = [deal for deal in self.pipeline.deals if all(deal[key] == value for key, value in conditions.items())]
        count = Counter(deal["deal_stage"] for deal in deals)
        return count, sum(float(deal["close_value"] or 0) for deal in deals if deal["deal_stage"] == "Won")

    def _value(self, figures, title):
        return figures["scorecards"][title]["value"]

    def test_management_shows_the_figures_of_the_year_and_of_each_quarter(self):
        periods = {
            "2017 Q2": {"type": "quarter", "year": 2017, "quarter": 2},
            "2017 Q4": {"type": "quarter", "year": 2017, "quarter": 4},
            outside.ALL: {"type": "year", "year": 2017},
        }
        choices = [{"Period": period, "Sales Team": self.team_filter} for period in periods.values()]
        read = self.read_each("crm_dashboard.spreadsheet_dashboard_management", "admin", choices, timeout=300)
        for name, figures in zip(periods, read, strict=True):
            with self.subTest(period=name):
                for title, key in (("Won", ("Order", "count")), ("Actual Value", ("Order", "actual"))):
                    self.assertEqual(self._value(figures, title), outside.FIGURES[(name, *key)], title)
                closed = figures["scorecards"]["Won Share"]["opens"]
                orders, lost = (outside.FIGURES[name, column, "count"] for column in ("Order", "Lost"))
                self.assertEqual(len(self.opened(closed, "admin")), orders + lost)
                self.assertAlmostEqual(self._value(figures, "Won Share"), orders / (orders + lost))
        self.assertEqual(self._value(figures, "Open Projects"), 500 + 1589)
        self.assert_opens(figures["scorecards"]["Won"], "admin")
        self.assert_opens(figures["scorecards"]["Actual Value"], "admin", "actual_revenue")

    def test_a_salesperson_s_own_dashboard_counts_their_own_deals_alone(self):
        count, actual = self._won(sales_agent=SALESPERSON)
        filters = {"Period": {"type": "year", "year": 2017}}
        login = self.logins[SALESPERSON]
        dashboard = "crm_dashboard.spreadsheet_dashboard_my_sales"
        figures, ever = self.read_each(dashboard, login, [filters, {"Period": None}], timeout=300)
        self.assertEqual(self._value(figures, "Won"), count["Won"])
        self.assertEqual(self._value(figures, "Lost"), count["Lost"])
        self.assertEqual(self._value(figures, "Actual Value"), actual)
        for read in (figures, ever):
            self.assertEqual(self._value(read, "Open Projects"), count["Prospecting"] + count["Engaging"])
        self.assert_opens(ever["scorecards"]["Open Projects"], login)

    def test_the_team_s_results_are_ranked_and_add_up(self):
        filters = {"Period": {"type": "year", "year": 2017}, "Sales Team": self.team_filter}
        figures = self.read("crm_dashboard.spreadsheet_dashboard_team", "admin", filters, timeout=300)
        lines = self.table(figures, "Results by Salesperson")
        total, *ranking = lines
        self.assertEqual(total[:2], ["Total", outside.FIGURES[outside.ALL, "Order", "actual"]])
        self.assertEqual(len(ranking), 10)
        self.assertEqual([line[1] for line in ranking], sorted((line[1] for line in ranking), reverse=True))
        for name, actual, won, lost, share in ranking:
            count, expected = self._won(sales_agent=name)
            self.assertEqual([actual, won, lost], [expected, count["Won"], count["Lost"]], name)
            self.assertAlmostEqual(share, count["Won"] / (count["Won"] + count["Lost"]))
