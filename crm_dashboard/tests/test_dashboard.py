from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.fields import Date, Datetime
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_dashboard import DashboardCase

# The default period: this year until today, and the last one until the same day.
IN_YEAR = "lead.board_date BETWEEN %(first)s AND CURRENT_DATE"
BEFORE = "lead.board_date BETWEEN %(first)s::date - interval '1 year' AND CURRENT_DATE - interval '1 year'"
PAST = "lead.board_date < CURRENT_DATE"
COUNT, PROJECTED, WEIGHTED, ACTUAL = "count(*)", "sum(expected_revenue)", "sum(prorated_revenue)", "sum(actual_revenue)"


class CompanyCase(DashboardCase):
    """The demo company, and a team of our own with projects of each outcome, this year and the year before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.process = cls.env.ref("crm_salesboard.crm_process_standard").copy({"name": "Fleet"})
        cls.sales = cls._make_user("dash_sales", "sales_team.group_sale_salesman")
        cls.colleague = cls._make_user("dash_colleague", "sales_team.group_sale_salesman")
        cls.leader = cls._make_user("dash_leader", "sales_team.group_sale_salesman_all_leads")
        cls.manager = cls._make_user("dash_manager", "sales_team.group_sale_manager")
        cls.team = cls.env["crm.team"].create({"name": "Fleet", "process_id": cls.process.id})
        cls.team.member_ids = cls.sales | cls.colleague | cls.leader | cls.manager
        cls.reason = cls.env["crm.lost.reason"].create({"name": "Too slow"})
        cls.stopped = cls.env["crm.lost.reason"].create({"name": "Stopped", "outcome": "cancelled"})
        cls.partner = cls.env["res.partner"].create({"name": "Konex", "is_company": True})
        cls._make_projects()

    @classmethod
    def _make_user(cls, login, group):
        groups = cls.env.ref("base.group_user") | cls.env.ref(group)
        values = {"name": login, "login": login, "password": login, "email": f"{login}@example.com", "tz": "UTC"}
        users = cls.env["res.users"].with_context(no_reset_password=True)
        return users.create({**values, "group_ids": [(6, 0, groups.ids)]}).with_env(cls.env)

    @classmethod
    def _make_project(cls, kind, value, owner=None, closed=None, status=0, **values):
        columns = cls.process.column_ids.sorted()
        statuses = columns.filtered(lambda column: column.kind == "status")
        reasons = {"lost": {"lost_reason_id": cls.reason.id}, "cancelled": {"cancel_reason_id": cls.stopped.id}}
        lead = cls.env["crm.lead"].create(
            {
                "name": f"{kind} {value}",
                "type": "opportunity",
                "partner_id": cls.partner.id,
                "team_id": cls.team.id,
                "user_id": (owner or cls.sales).id,
                "expected_revenue": value,
                "date_deadline": Date.today() if kind == "status" else False,
                "board_column_id": statuses[status].id,
                **values,
            }
        )
        if kind != "status":
            column = columns.filtered(lambda column: column.kind == kind)
            lead.write({"board_column_id": column.id, **reasons.get(kind, {})})
            lead.date_closed = closed or Datetime.now()
        return lead

    @classmethod
    def _make_projects(cls):
        last_year = Datetime.now() - relativedelta(years=1)
        for owner in (cls.sales, cls.colleague):
            cls.open = cls._make_project("status", 1000, owner) | cls._make_project("status", 2500, owner, status=1)
            cls._make_project("order", 4000, owner)
            cls._make_project("order", 700, owner, closed=last_year)
            cls._make_project("lost", 300, owner, status=1)
            cls._make_project("lost", 450, owner, closed=last_year)
            cls._make_project("cancelled", 80, owner)
        cls.open[:1].activity_schedule(
            "mail.mail_activity_data_call", date_deadline=Date.today() - timedelta(days=3), user_id=cls.colleague.id
        )
        cls.env.flush_all()

    def assert_no_errors(self, figures):
        for sheet, cells in figures["cells"].items():
            errors = {xc: cell["value"] for xc, cell in cells.items() if cell["type"] == "error"}
            self.assertFalse(errors, sheet)


@tagged("post_install", "-at_install")
class TestMySales(CompanyCase):
    def _expected(self, where, **params):
        def one(what, kinds, more="TRUE", period=IN_YEAR):
            return self.query(what, kinds, f"{period} AND {where} AND {more}", **params)[0]

        won, lost = "lead.won_status = 'won'", "lead.won_status = 'lost'"
        periods = (IN_YEAR, BEFORE)
        shares = [(one(COUNT, "closed", won, period), one(COUNT, "closed", period=period)) for period in periods]
        share = [part / whole if whole else "" for part, whole in shares]
        return {
            "Open Projects": ("__count", one(COUNT, "open", period="TRUE"), None),
            "Projected Value": ("expected_revenue", one(PROJECTED, "open", period="TRUE"), None),
            "Weighted Value": ("prorated_revenue", one(WEIGHTED, "open", period="TRUE"), None),
            "Past Their Date": ("__count", one(COUNT, "open", period=PAST), None),
            "Won": ("__count", one(COUNT, "closed", won), one(COUNT, "closed", won, BEFORE)),
            "Actual Value": ("actual_revenue", one(ACTUAL, "closed", won), one(ACTUAL, "closed", won, BEFORE)),
            "Won Share": (None, *share),
            "Lost": ("__count", one(COUNT, "closed", lost), one(COUNT, "closed", lost, BEFORE)),
        }

    def test_a_salesperson_sees_their_own_figures_each_with_its_records(self):
        figures = self.read("crm_dashboard.spreadsheet_dashboard_my_sales", "dash_sales")
        self.assertFalse(figures["sample"])
        self.assert_no_errors(figures)
        expected = self._expected("lead.user_id = %(user)s", user=self.sales.id)
        self.assertEqual([expected[title][1] for title in ("Open Projects", "Won", "Lost")], [2, 1, 1])
        self.assert_scorecards(figures, "dash_sales", expected)
        share = figures["scorecards"]["Won Share"]
        self.assertEqual(len(self.opened(share["opens"], "dash_sales")), 3, "a share opens those that it is of")
        self.assertGreater(self.assert_all_open(figures, "dash_sales"), 8)

    def test_what_is_to_be_done_is_listed_whatever_the_period(self):
        self.open[1:].date_deadline = Date.today() + timedelta(days=500)
        late = self._make_project("status", 10, self.colleague, date_deadline=Date.today() - timedelta(days=1))
        event = (
            self.env["calendar.event"]
            .with_user(self.colleague)
            .create(
                {
                    "name": "Demonstration",
                    "start": Datetime.now() + timedelta(days=1),
                    "stop": Datetime.now() + timedelta(days=1, hours=1),
                    "opportunity_id": self.open[0].id,
                    "partner_ids": [(6, 0, self.colleague.partner_id.ids)],
                }
            )
        )
        figures = self.read("crm_dashboard.spreadsheet_dashboard_my_sales", "dash_colleague")
        self.assertEqual([line[0] for line in self.table(figures, "Upcoming Closings")], self.open.mapped("name"))
        past = figures["scorecards"]["Past Their Date"]
        self.assertEqual(past["value"], 1)
        self.assertEqual(self.opened(past["opens"], "dash_colleague"), late)
        self.assertEqual([line[0] for line in self.table(figures, "Next Appointments")], [event.name])
        overdue = figures["scorecards"]["Overdue Activities"]
        self.assertEqual(overdue["value"], 1)
        self.assert_opens(overdue, "dash_colleague")

    def test_a_manager_who_takes_the_filter_off_sees_everybody_s_and_a_filter_changes_the_numbers(self):
        dashboard = "crm_dashboard.spreadsheet_dashboard_my_sales"
        everybody, team, process = self.read_each(
            dashboard,
            "dash_manager",
            [
                {"Salesperson": None},
                {"Sales Team": {"operator": "in", "ids": self.team.ids}},
                {"Sales Team": None, "Process": {"operator": "in", "ids": self.process.ids}},
            ],
        )
        self.assert_scorecards(everybody, "dash_manager", self._expected("TRUE"))
        self.assert_scorecards(team, "dash_manager", self._expected("team.id = %(team)s", team=self.team.id))
        self.assert_scorecards(process, "dash_manager", self._expected("process.id = %(id)s", id=self.process.id))

    def test_another_period_shows_what_was_closed_in_it(self):
        last_year = {"Period": {"type": "year", "year": Date.today().year - 1}}
        figures = self.read("crm_dashboard.spreadsheet_dashboard_my_sales", "dash_sales", last_year)
        self.assertEqual(figures["scorecards"]["Won"]["value"], 1)
        self.assertEqual(figures["scorecards"]["Actual Value"]["value"], 700)

    def test_a_restricted_project_is_in_no_figure_of_who_may_not_see_it(self):
        lead = self._make_project("order", 50_000, self.leader)
        lead.write({"is_restricted": True})
        self.assertFalse(self.env["crm.lead"].with_user(self.manager).search([("id", "=", lead.id)]))
        team = {"Salesperson": None, "Sales Team": {"operator": "in", "ids": self.team.ids}}
        figures = self.read("crm_dashboard.spreadsheet_dashboard_my_sales", "dash_manager", team)
        expected = self._expected("team.id = %(team)s AND lead.id <> %(hidden)s", team=self.team.id, hidden=lead.id)
        self.assert_scorecards(figures, "dash_manager", expected)

    def test_before_there_is_a_project_a_sample_shows_what_will_be_seen(self):
        newcomer = self._make_user("dash_new", "sales_team.group_sale_salesman")
        self.env["crm.lead"].with_context(active_test=False).search([("user_id", "=", False)]).user_id = self.manager
        figures = self.read("crm_dashboard.spreadsheet_dashboard_my_sales", newcomer.login)
        self.assertTrue(figures["sample"])
        self.assert_no_errors(figures)
        self.assertEqual(figures["scorecards"]["Open Projects"]["value"], 14)
        self.assertAlmostEqual(figures["scorecards"]["Won Share"]["value"], 21 / 34)
        for title, charts in figures["charts"].items():
            for chart in charts:
                self.assertTrue(any(point["value"] for point in chart["datasets"][0]["points"]), title)


@tagged("post_install", "-at_install")
class TestTeam(CompanyCase):
    def test_whoever_sees_all_documents_reads_the_team_s_figures_each_with_its_records(self):
        figures = self.read("crm_dashboard.spreadsheet_dashboard_team", "dash_leader")
        self.assert_no_errors(figures)
        stale = "lead.date_last_touch < now() AT TIME ZONE 'UTC' - interval '30 days'"
        self.assert_scorecards(
            figures,
            "dash_leader",
            {
                "Open Projects": ("__count", self.query(COUNT, "open")[0], None),
                "Weighted Value": ("prorated_revenue", self.query(WEIGHTED, "open")[0], None),
                "Untouched Projects": ("__count", self.query(COUNT, "open", stale)[0], None),
                "Past Their Date": ("__count", self.query(COUNT, "open", PAST)[0], None),
                "Actual Value": (
                    "actual_revenue",
                    self.query(ACTUAL, "closed", f"{IN_YEAR} AND lead.won_status = 'won'")[0],
                    self.query(ACTUAL, "closed", f"{BEFORE} AND lead.won_status = 'won'")[0],
                ),
            },
        )
        self.assertGreater(self.assert_all_open(figures, "dash_leader"), 20)

    def test_each_salesperson_has_a_line_of_results_and_one_of_pipeline(self):
        only = {"Sales Team": {"operator": "in", "ids": self.team.ids}}
        figures = self.read("crm_dashboard.spreadsheet_dashboard_team", "dash_leader", only)
        results = {line[0]: line[1:] for line in self.table(figures, "Results by Salesperson")}
        self.assertEqual(results["dash_sales"], [4000, 1, 1, 0.5])
        self.assertEqual(results["dash_colleague"], [4000, 1, 1, 0.5])
        pipeline = {line[0]: line[1:4] for line in self.table(figures, "Pipeline by Salesperson")}
        weighted = self.query(WEIGHTED, "open", "lead.user_id = %(user)s", user=self.sales.id)[0]
        self.assertEqual(pipeline["dash_sales"], [3500, float(weighted), 2])
        self.assertEqual(pipeline["Total"][::2], [7000, 4])

    def test_activities_done_count_in_the_period_in_which_they_were_done(self):
        only = {"Sales Team": {"operator": "in", "ids": self.team.ids}}
        self.open.activity_ids.action_feedback()
        figures = self.read("crm_dashboard.spreadsheet_dashboard_team", "dash_leader", only)
        self.assertEqual(figures["scorecards"]["Activities Done"]["value"], 1)
        self.assert_opens(figures["scorecards"]["Activities Done"], "dash_leader")


@tagged("post_install", "-at_install")
class TestManagement(CompanyCase):
    def test_a_manager_reads_the_totals_against_the_year_before_each_with_its_records(self):
        figures = self.read("crm_dashboard.spreadsheet_dashboard_management", "dash_manager")
        self.assert_no_errors(figures)

        def both(what, where):
            return [self.query(what, "closed", f"{period} AND {where}")[0] for period in (IN_YEAR, BEFORE)]

        self.assert_scorecards(
            figures,
            "dash_manager",
            {
                "Actual Value": ("actual_revenue", *both(ACTUAL, "lead.won_status = 'won'")),
                "Won": ("__count", *both(COUNT, "lead.won_status = 'won'")),
                "Lost Value": ("expected_revenue", *both(PROJECTED, "lead.won_status = 'lost'")),
                "Cancelled": ("__count", *both(COUNT, "lead.won_status = 'cancelled'")),
                "Average Order": (None, *both("avg(actual_revenue)", "lead.won_status = 'won'")),
                "New Projects": ("__count", self._entered(), self._entered(-1)),
                "Projected Value": ("expected_revenue", self.query(PROJECTED, "open")[0], None),
            },
        )
        self.assertGreater(self.assert_all_open(figures, "dash_manager"), 20)

    def _entered(self, offset=0):
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT count(*) FROM crm_lead WHERE furthest_column_id IS NOT NULL AND board_column_id IS NOT NULL
                  AND is_restricted IS NOT TRUE
                  AND funnel_date BETWEEN %(first)s AND CURRENT_DATE + %(offset)s * interval '1 year'""",
            {**self.year(offset), "offset": offset},
        )
        return self.env.cr.fetchone()[0]

    def test_the_charts_show_what_a_query_counts(self):
        only = {"Sales Team": {"operator": "in", "ids": self.team.ids}}
        figures = self.read("crm_dashboard.spreadsheet_dashboard_management", "dash_manager", only)

        def points(title, form=0):
            return {
                point["label"]: point["value"]
                for dataset in figures["charts"][title][form]["datasets"]
                for point in dataset["points"]
                if point["value"]
            }

        self.assertEqual(points("Won by Process"), {"Fleet": 8000})
        self.assertEqual(points("Lost by Reason"), {"Too slow": 600})
        steps = self.process.column_ids.filtered(lambda column: column.kind in ("status", "order")).sorted()
        names = steps.mapped("name")
        # of both salespeople 7 that came in, of which 4 reached the second status, of which 2 were won
        self.assertEqual(list(points("Acquisition Funnel").items()), list(zip(names, (14, 8, 4), strict=True)))
        values = points("Acquisition Funnel", 1)
        self.assertEqual(list(values.values()), [18060, 15000, 9400])
        team = {line[0]: line[1:] for line in self.table(figures, "By Team")}
        self.assertEqual(team["Fleet"], [8000, 2, 6, 2 / 6])

    def test_forecast_shows_the_months_ahead_whatever_the_period(self):
        only = {
            "Sales Team": {"operator": "in", "ids": self.team.ids},
            "Period": {"type": "year", "year": Date.today().year - 3},
        }
        figures = self.read("crm_dashboard.spreadsheet_dashboard_management", "dash_manager", only)
        [points] = [dataset["points"] for dataset in figures["charts"]["Weighted Forecast of 12 Months"][0]["datasets"]]
        weighted = self.query(WEIGHTED, "open", "team.id = %(team)s", team=self.team.id)[0]
        self.assertAlmostEqual(sum(point["value"] for point in points), float(weighted), 2)
        self.assertEqual(figures["scorecards"]["Won"]["value"], 0)


@tagged("post_install", "-at_install")
class TestRights(CompanyCase):
    def test_each_role_is_offered_its_dashboards(self):
        names_of = ("my_sales", "team", "management")
        ours = [self.env.ref(f"crm_dashboard.spreadsheet_dashboard_{name}").id for name in names_of]
        outsider = self._make_user("dash_out", "base.group_user")
        for user, names in (
            (outsider, []),
            (self.sales, ["My Sales"]),
            (self.leader, ["My Sales", "Team"]),
            (self.manager, ["My Sales", "Team", "Management"]),
        ):
            with self.subTest(user=user.login):
                found = self.env["spreadsheet.dashboard"].with_user(user).search([("id", "in", ours)])
                self.assertEqual(found.mapped("name"), names)

    def test_the_data_of_another_role_s_dashboard_is_refused(self):
        dashboard = self.env.ref("crm_dashboard.spreadsheet_dashboard_management")
        self.authenticate("dash_sales", "dash_sales")
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(f"/spreadsheet/dashboard/data/{dashboard.id}").status_code, 403)
