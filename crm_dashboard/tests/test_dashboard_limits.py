from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import Command
from odoo.fields import Date, Datetime
from odoo.tests import tagged
from odoo.tools import SQL

from .test_dashboard import CompanyCase

MY_SALES = "crm_dashboard.spreadsheet_dashboard_my_sales"
TEAM = "crm_dashboard.spreadsheet_dashboard_team"
MANAGEMENT = "crm_dashboard.spreadsheet_dashboard_management"
NOTHING = {"type": "year", "year": 1999}


@tagged("post_install", "-at_install")
class TestDashboardLimits(CompanyCase):
    """What is older, more, elsewhere or nothing at all."""

    def _only(self, **more):
        return {"Sales Team": {"operator": "in", "ids": self.team.ids}, **more}

    def test_a_project_that_is_open_since_last_year_is_in_every_figure_of_now(self):
        last_year = Date.today() - relativedelta(years=1)
        old = self._make_project("status", 10_000, self.colleague, date_deadline=last_year)
        old.flush_recordset()
        self.env.cr.execute(SQL("UPDATE crm_lead SET date_last_touch = %s WHERE id = %s", last_year, old.id))
        old.invalidate_recordset()
        figures = self.read(TEAM, "dash_leader", self._only(Period={"type": "year", "year": Date.today().year}))
        cards = {title: card["value"] for title, card in figures["scorecards"].items()}
        self.assertEqual(cards["Open Projects"], 5)
        self.assertEqual((cards["Past Their Date"], cards["Untouched Projects"]), (1, 1))
        self.assertEqual(self.table(figures, "Untouched the Longest")[0][0], old.name)
        ranking = [line[0] for line in self.table(figures, "Pipeline by Salesperson")]
        self.assertEqual(ranking, ["Total", "dash_colleague", "dash_sales"], "by what is open")
        totals = self.read(MANAGEMENT, "dash_manager", self._only())["scorecards"]
        self.assertEqual((totals["Open Projects"]["value"], totals["Projected Value"]["value"]), (5, 17_000))

    def test_a_table_of_months_has_the_latest_ones_and_a_line_for_all(self):
        for months in range(14):
            closed = Datetime.now().replace(day=1) - relativedelta(months=months)
            self._make_project("order", 10 + months, self.leader, closed=closed)
        mine = {"Period": None, "Salesperson": {"operator": "in", "ids": self.leader.ids}}
        figures = self.read(MY_SALES, "dash_leader", mine)
        total, *lines = self.chart_table(figures, "Month", "Number", "Actual")
        self.assertEqual(total[:3], ["Total", 14, sum(range(10, 24))])
        self.assertEqual([line[2] for line in lines], list(range(10, 22)))
        self.assertGreater(self.assert_all_open(figures, "dash_leader"), 30)

    def test_the_table_of_a_chart_by_two_things_tells_them_apart(self):
        figures = self.read(MANAGEMENT, "dash_manager", self._only())
        [total, month] = self.chart_table(figures, "Month", "Cancelled", "Lost", "Won", "Total")[:2]
        self.assertEqual(total[1:], [2, 2, 2, 6])
        self.assertEqual(month[1:], [2, 2, 2, 6])

    def test_a_share_of_nothing_is_empty_and_not_none_won(self):
        figures = self.read(MANAGEMENT, "dash_manager", self._only(Period=NOTHING))
        self.assert_no_errors(figures)
        for title in ("Won Share", "Average Order"):
            self.assertEqual(figures["scorecards"][title]["value"], "", title)
        self.assertEqual(figures["scorecards"]["Won"]["value"], 0)

    def test_amounts_of_another_company_are_converted_into_the_currency_of_the_present_one(self):
        home = self.manager.company_id
        currency = self.env["res.currency"].create({"name": "QQQ", "symbol": "Q"})
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "company_id": False, "name": "2000-01-01", "rate": 4}
        )
        away = self.env["res.company"].create({"name": "Away", "currency_id": currency.id})
        self.manager.company_ids = [Command.link(away.id)]
        team = self.env["crm.team"].create({"name": "Away", "process_id": self.process.id, "company_id": away.id})
        foreign = {"company_id": away.id, "team_id": team.id, "partner_id": False}
        self._make_project("order", 400, self.manager, **foreign)
        choice = {"Salesperson": {"operator": "in", "ids": self.manager.ids}}
        both = self.read(MANAGEMENT, "dash_manager", choice, companies=home | away)
        converted = currency._convert(400, home.currency_id, away, Date.today())
        self.assertNotEqual(converted, 400)
        self.assertAlmostEqual(both["scorecards"]["Actual Value"]["value"], converted, 2)
        alone = self.read(MANAGEMENT, "dash_manager", choice, companies=home)
        self.assertEqual(alone["scorecards"]["Actual Value"]["value"], 0)

    def test_the_year_until_today_is_beside_the_last_one_until_the_same_day(self):
        later = Datetime.now() - relativedelta(years=1) + timedelta(days=2)
        self._make_project("order", 9_000, closed=later)
        self.assertEqual(self.read(MY_SALES, "dash_sales")["scorecards"]["Actual Value"]["before"], 700)


@tagged("post_install", "-at_install")
class TestSample(CompanyCase):
    """When a sample is shown: until there is something to count."""

    def _is_empty(self, user, name=MY_SALES):
        return self.env.ref(name).with_user(user)._dashboard_is_empty()

    def test_a_company_whose_projects_are_on_no_board_sees_a_sample(self):
        newcomer = self._make_user("dash_new", "sales_team.group_sale_salesman")
        self.env["crm.lead"].with_context(active_test=False).search([("user_id", "=", False)]).user_id = self.manager
        self.assertTrue(self._is_empty(newcomer))
        native = self.env["crm.lead"].create({"name": "Native", "user_id": newcomer.id, "team_id": False})
        self.assertFalse(native.board_column_id)
        self.assertTrue(self._is_empty(newcomer))
        self._make_project("status", 10, newcomer)
        self.assertFalse(self._is_empty(newcomer))

    def test_who_has_lost_all_their_projects_sees_that_and_no_sample(self):
        newcomer = self._make_user("dash_new", "sales_team.group_sale_salesman")
        self.env["crm.lead"].with_context(active_test=False).search([("user_id", "=", False)]).user_id = self.manager
        self.assertFalse(self._make_project("lost", 10, newcomer).active)
        self.assertFalse(self._is_empty(newcomer))

    def test_dashboards_of_others_show_their_sample_as_ever(self):
        dashboard = self.env.ref(MY_SALES).copy({"sample_dashboard_file_path": "some_addon/data/files/sample.json"})
        dashboard.main_data_model_ids = self.env["ir.model"]._get("crm.lead")
        newcomer = self._make_user("dash_new", "sales_team.group_sale_salesman")
        self.env["crm.lead"].with_context(active_test=False).search([("user_id", "=", False)]).user_id = self.manager
        self._make_project("lost", 10, newcomer)
        self.assertTrue(dashboard.with_user(newcomer)._dashboard_is_empty())
