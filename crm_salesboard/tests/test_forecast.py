from ast import literal_eval
from datetime import date, timedelta
from random import Random

from freezegun import freeze_time

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


class RandomForecastCase(SalesBoardCase):
    """Some hundred projects: several owners, teams, months, outcomes; open, closed and unprocessed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.action = cls.env["ir.actions.act_window"]._for_xml_id("crm_salesboard.crm_lead_action_sales_forecast")
        cls.second_team = cls.env["crm.team"].create({"name": "Second", "process_id": cls.process.id})
        cls.teams = cls.team | cls.second_team
        cls.domain = literal_eval(cls.action["domain"]) + [("team_id", "in", cls.teams.ids)]
        cls.random = Random(17)

    @classmethod
    def _make_random_leads(cls, number, companies=None):
        for _number in range(number):
            cls._make_random_lead(cls.random.choice(companies) if companies else None)
        cls.env.flush_all()

    @classmethod
    def _make_random_lead(cls, company):
        choose = cls.random.choice
        day = date(2026, 1, 1) + timedelta(days=cls.random.randrange(700))
        lead = cls._make_lead(
            team_id=choose(cls.teams).id,
            user_id=choose(cls.manager | cls.sales | cls.other).id,
            partner_id=False,
            expected_revenue=cls.random.randrange(0, 5000),
            date_deadline=choose([False, day, day]),
            stage_id=choose(cls.prospect | cls.offer).id,
            type=choose(["opportunity", "opportunity", "lead"]),
            **({"company_id": company.id} if company else {}),
        )
        kind = choose(["order", "lost", "cancelled", None, None])
        if kind:
            cls._close(lead, kind, date_closed=f"{min(day, date(2026, 11, 20))} 23:30:00")
        else:
            lead.probability = choose([0, 10, 25, 50, 90])
        if kind == "order":
            lead.actual_revenue = cls.random.randrange(0, 5000)

    def _leads(self, user=None, companies=None):
        context = literal_eval(self.action["context"])
        if companies:
            context["allowed_company_ids"] = companies.ids
        return self.env["crm.lead"].with_user(user or self.manager).with_context(**context)

    def _assert_equal_to_the_board(self, leads, groupby):
        """Each cell of the pivot, as the web client asks for it, is the board's total under the cell's filter."""
        aggregates = ["__count", "company_currency:array_agg_distinct"]
        aggregates += [f"{field}:{sum_}" for field in MEASURES.values() for sum_ in ("sum", "sum_currency")]
        sets = leads.formatted_read_grouping_sets(
            self.domain, [groupby[:n] for n in range(len(groupby) + 1)], aggregates
        )
        board = leads.with_context(salesboard_one_currency=False)
        for rows in sets:
            for row in rows:
                figures = board.get_salesboard([*self.domain, *row.get("__extra_domain", [])])["total"]
                self.assertEqual(row["__count"], figures["count"])
                self.assertEqual(len(row["company_currency:array_agg_distinct"]), 1)
                for name, field in MEASURES.items():
                    for sum_ in ("sum", "sum_currency"):
                        # Cents: the board rounds what it converts by day.
                        self.assertAlmostEqual(
                            row[f"{field}:{sum_}"],
                            figures[name],
                            delta=0.005 * row["__count"] + 0.001,
                            msg=f"{name} {sum_} {row}",
                        )
        return sets


@tagged("post_install", "-at_install")
class TestForecastAnyData(RandomForecastCase):
    """The forecast and the board say the same, whatever it is grouped by and whoever looks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_random_leads(150)

    def test_each_grouping_has_the_boards_sums(self):
        groupings = (
            ["board_date:month", "board_column_id"],
            ["board_date:month", "user_id"],
            ["team_id", "board_date:quarter"],
            ["user_id", "team_id", "board_column_id"],
        )
        for groupby in groupings:
            with self.subTest(groupby):
                totals, *_rest = self._assert_equal_to_the_board(self._leads(), groupby)
                self.assertEqual(totals[0]["__count"], 150)

    def test_each_user_has_the_sums_of_what_they_may_see(self):
        self.all_leads.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        counts = []
        for user in (self.sales, self.all_leads, self.manager):
            with self.subTest(user.login):
                totals, *_rest = self._assert_equal_to_the_board(self._leads(user), ["board_date:month"])
                counts.append(totals[0]["__count"])
        self.assertLess(counts[0], 150)
        self.assertEqual(counts[1:], [150, 150])

    def test_a_month_begins_where_the_owner_is(self):
        """Closed in the last hour of April in London, that is May in Tokyo: for the board and so for the forecast."""
        self.sales.tz = "Asia/Tokyo"
        lead = self._close(self._make_lead(), "order", date_closed="2020-04-30 23:30:00")
        domain = [("id", "=", lead.id)]
        for zone in ("Europe/London", "Asia/Tokyo", "America/New_York"):
            rows = self._leads().with_context(tz=zone).formatted_read_group(domain, ["board_date:month"], ["__count"])
            with self.subTest(zone):
                self.assertEqual(rows[0]["board_date:month"][0], "2020-05-01")
                found = self._leads().with_context(tz=zone).search([*domain, *rows[0]["__extra_domain"]])
                self.assertEqual(found, lead)


@tagged("post_install", "-at_install")
class TestForecastCurrencies(RandomForecastCase):
    """With companies of two currencies no cell adds up euros and dollars."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dollar, cls.euro = cls.env.ref("base.USD"), cls.env.ref("base.EUR")
        (cls.dollar | cls.euro).active = True
        cls.mine, cls.theirs = cls.env["res.company"].create(
            [{"name": "Mine", "currency_id": cls.euro.id}, {"name": "Theirs", "currency_id": cls.dollar.id}]
        )
        cls.both = cls.mine | cls.theirs
        cls.env["res.currency.rate"].search([]).unlink()
        (cls.manager | cls.sales | cls.other).company_ids |= cls.both

    @classmethod
    def _make_rates(cls, rates, companies=True):
        """Dollars for a euro, by day; told to both companies, or to all at once."""
        for day, rate in rates.items():
            dollar, euro = {"name": day, "currency_id": cls.dollar.id}, {"name": day, "currency_id": cls.euro.id}
            vals_list = [{**dollar, "rate": rate, "company_id": False}]
            if companies:
                vals_list = [
                    {**dollar, "rate": rate, "company_id": cls.mine.id},
                    {**euro, "rate": 1 / rate, "company_id": cls.theirs.id},
                ]
            cls.env["res.currency.rate"].create(vals_list)

    def _make_closed(self, company, day, value):
        lead = self._make_lead(user_id=self.manager.id, partner_id=False, company_id=company.id, expected_revenue=value)
        return self._close(lead, "order", date_closed=f"{day} 12:00:00")

    def test_what_is_closed_counts_at_the_rate_of_its_day_and_what_is_open_at_todays(self):
        self._make_rates({"2026-01-01": 2.0, "2026-06-01": 4.0})
        self._make_closed(self.mine, "2026-02-01", 100)
        self._make_closed(self.theirs, "2026-02-01", 100)
        self._make_closed(self.theirs, "2026-06-01", 100)
        self._make_closed(self.theirs, "2025-06-01", 100)
        self._make_lead(
            user_id=self.manager.id, partner_id=False, company_id=self.theirs.id, date_deadline="2026-02-01"
        )
        with freeze_time("2026-11-23"):
            leads = self._leads(companies=self.both)
            rows = leads.formatted_read_group(
                self.domain, ["board_date:month"], ["actual_revenue:sum", "expected_revenue:sum"]
            )
            sums = {
                row["board_date:month"][0]: (row["actual_revenue:sum"], row["expected_revenue:sum"]) for row in rows
            }
            self.assertEqual(sums, {"2025-06-01": (50, 50), "2026-02-01": (150, 150 + 250), "2026-06-01": (25, 25)})
            self._assert_equal_to_the_board(leads, ["board_date:month", "board_column_id"])

    def test_any_data_has_the_boards_sums_in_the_currency_of_the_company(self):
        self._make_rates({"2026-02-03": 1.1, "2026-03-01": 1.3, "2026-07-15": 1.07, "2026-12-01": 1.5})
        self._make_random_leads(120, self.both)
        for companies in (self.mine | self.theirs, self.theirs | self.mine, self.mine, self.theirs):
            leads = self._leads(companies=companies)
            for groupby in (["board_date:month", "board_column_id"], ["user_id", "team_id"], ["company_id"]):
                with self.subTest(companies.mapped("name"), groupby=groupby):
                    sets = self._assert_equal_to_the_board(leads, groupby)
                    [currencies] = {tuple(row["company_currency:array_agg_distinct"]) for rows in sets for row in rows}
                    self.assertEqual(currencies, (companies[0].currency_id.id,))

    def test_rates_for_all_companies_hold_where_a_company_has_none(self):
        self._make_rates({"2026-01-01": 3.0, "2026-05-01": 5.0}, companies=False)
        self._make_random_leads(40, self.both)
        self._assert_equal_to_the_board(self._leads(companies=self.both), ["board_date:month"])
        self._make_rates({"2026-03-01": 4.0})
        self._assert_equal_to_the_board(self._leads(companies=self.both), ["board_date:month"])

    def test_a_third_company_whose_rates_begin_later(self):
        pound = self.env.ref("base.GBP")
        pound.active = True
        third = self.env["res.company"].create({"name": "Third", "currency_id": pound.id})
        (self.manager | self.sales | self.other).company_ids |= third
        self._make_rates({"2025-01-01": 2.0, "2026-08-01": 4.0})
        for day, rate in (("2026-05-01", 3.0), ("2026-09-01", 5.0)):
            self.env["res.currency.rate"].create(
                {"name": day, "currency_id": self.euro.id, "rate": rate, "company_id": third.id}
            )
        self._make_random_leads(80, self.both | third)
        self._assert_equal_to_the_board(self._leads(companies=self.both | third), ["company_id", "board_date:month"])

    def test_without_any_rate_the_board_and_the_forecast_agree(self):
        self._make_random_leads(20, self.both)
        self._assert_equal_to_the_board(self._leads(companies=self.both), ["board_date:month"])

    def test_native_reports_keep_odoos_sums(self):
        self._make_rates({"2026-01-01": 2.0})
        self._make_closed(self.mine, "2026-02-01", 100)
        self._make_closed(self.theirs, "2026-02-01", 100)
        leads = self._leads(companies=self.both).with_context(salesboard_one_currency=False)
        [row] = leads.formatted_read_group(
            self.domain,
            [],
            ["expected_revenue:sum", "expected_revenue:sum_currency", "company_currency:array_agg_distinct"],
        )
        self.assertEqual((row["expected_revenue:sum"], row["expected_revenue:sum_currency"]), (200, 150))
        self.assertEqual(len(row["company_currency:array_agg_distinct"]), 2)

    def test_converting_takes_a_query_more_whatever_the_number_of_rates(self):
        self._make_rates({date(2020, 1, 1) + timedelta(days=number): 1 + number / 1000 for number in range(400)})
        self._make_random_leads(10, self.both)
        leads = self._leads(companies=self.both)
        for _warm in range(2):
            self.env.flush_all()
            start = self.cr.sql_log_count
            leads._read_group(self.domain, ["board_date:month"], [f"{field}:sum" for field in MEASURES.values()])
        self.assertEqual(self.cr.sql_log_count - start, 2)
