"""The pipeline of ../shared/data on the dashboards and in the funnel: each figure beside one counted from the files."""

import unittest
from collections import Counter
from datetime import datetime

from odoo.tests import tagged
from odoo.tools import SQL

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

    # --- the funnel ---------------------------------------------------------------------------

    def test_all_deals(self):
        """8,800 of them, of which 4,238 were won for 10,005,534."""
        funnel = self._funnel()
        self._assert_shows(funnel, self._deals())
        self.assertEqual((funnel["won"]["count"], funnel["won"]["actual"]), (4238, 10_005_534))
        self.assertEqual(funnel["steps"][0]["reached"]["count"], 8800)

    def test_what_was_taken_up_in_a_quarter(self):
        """The cohort of a quarter is what the files say was engaged in it, whenever it was closed."""
        first, last = "2017-04-01", "2017-06-30"

        def is_of_quarter(deal):
            day = deal["engage_date"]
            return bool(day) and first <= datetime.strptime(day, "%d-%m-%y").strftime("%Y-%m-%d") <= last

        funnel = self._funnel(("funnel_date", ">=", first), ("funnel_date", "<=", last))
        self._assert_shows(funnel, self._deals(is_of_quarter))

    def test_what_one_salesperson_sees(self):
        """Own deals alone, without a filter."""
        agent = "Darcel Schlecht"
        login = next(row[2] for row in outside.user_table(self.pipeline).rows if row[1] == agent)
        user = self.env["res.users"].search([("login", "=", login)])
        self._assert_shows(self._funnel(user=user), self._deals(lambda deal: deal["sales_agent"] == agent))

    def test_by_the_database_itself(self):
        """The same by a query that knows nothing of the funnel."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(col.kind, ''), count(*), sum(lead.expected_revenue)
                  FROM crm_lead lead JOIN crm_process_column col ON col.id = lead.board_column_id
                 WHERE lead.team_id = ANY(%s) GROUP BY 1
                """,
                self.teams.ids,
            )
        )
        by_kind = {kind: (count, float(value)) for kind, count, value in rows}
        funnel = self._funnel()
        for part, kind in (("open", "status"), ("dropped", "lost")):
            count = sum(step[part]["count"] for step in funnel["steps"])
            value = sum(step[part]["projected"] for step in funnel["steps"])
            self.assertEqual((count, round(value, 2)), by_kind[kind])
        self.assertEqual((funnel["won"]["count"], funnel["won"]["projected"]), by_kind["order"])

    def test_moved_on_by_hundreds_they_are_counted_where_they_are(self):
        """Five hundred go on to Offer, and half of these are lost there."""
        leads = self.env["crm.lead"].search([*self.domain, ("stage_id", "=", self.process.status_ids[0].id)], limit=500)
        before = {step["name"]: step for step in self._funnel()["steps"]}
        offer = next(column for column in self.process.column_ids if column.stage_id == self.process.status_ids[1])
        leads.write({"board_column_id": offer.id})
        leads[:250].action_set_lost(lost_reason_id=self.env.ref("crm.lost_reason_1").id)
        after = {step["name"]: step for step in self._funnel()["steps"]}
        self.assertEqual(after["Prospect"]["reached"], before["Prospect"]["reached"])
        self.assertEqual(after["Offer"]["reached"]["count"], before["Offer"]["reached"]["count"] + 500)
        self.assertEqual(after["Offer"]["dropped"]["count"], 250)
        self.assertEqual(len(self.env["crm.lead"].get_funnel_days([("id", "in", leads.ids)])), 2)
