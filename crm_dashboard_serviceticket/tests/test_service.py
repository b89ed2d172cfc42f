from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.crm_dashboard.tests.common_dashboard import DashboardCase
from odoo.addons.crm_serviceticket.tests.common import TicketCase

DASHBOARD = "crm_dashboard_serviceticket.spreadsheet_dashboard_service"


class ServiceCase(DashboardCase, TicketCase):
    """The demo company, and tickets of two teams: open and overdue ones, and closed ones of this year and the last."""

    heads = {"Days": "days_to_close"}
    averages = ("days_to_close",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user in cls.service | cls.manager | cls.sales:
            user.password = user.login
        cls.field_team = cls.service_team.copy({"name": "Field Service"})
        cls.product = cls._make_product()
        now = fields.Datetime.now().replace(microsecond=0)
        cls._make_ticket(name="Overdue", user_id=cls.service.id, date_deadline=now - timedelta(hours=2), priority="3")
        cls._make_ticket(name="Due", user_id=cls.service.id, date_deadline=now + timedelta(hours=2))
        cls._make_ticket(name="Of nobody", team_id=cls.field_team.id, product_id=cls.product.id)
        for took, given, came in ((1, 2, now), (5, 3, now), (2, None, now), (3, 9, now - relativedelta(years=1))):
            cls._make_closed(came - timedelta(days=10), took, given, user_id=cls.service.id, measure_id=cls.exchange.id)
        cls.env.flush_all()

    @classmethod
    def _make_closed(cls, came, took, given, **values):
        """A ticket that took so many days, and had a deadline after so many."""
        ticket = cls._close_ticket(cls._make_ticket(name=f"Took {took}", **values))
        ticket.flush_recordset()
        closed, deadline = came + timedelta(days=took), given and came + timedelta(days=given)
        cls.env.cr.execute(
            SQL(
                "UPDATE crm_ticket SET create_date = %s, closed_on = %s, date_deadline = %s WHERE id = %s",
                came,
                closed,
                deadline,
                ticket.id,
            )
        )
        ticket.invalidate_recordset()
        return ticket

    def _year(self, offset=0):
        return {"type": "year", "year": fields.Date.today().year + offset}

    def _ask(self, what, where="TRUE", **params):
        self.env.flush_all()
        self.env.cr.execute(
            f"""SELECT {what} FROM crm_ticket ticket JOIN crm_ticket_status status ON status.id = ticket.status_id
                 WHERE {where}""",
            {"year": fields.Date.today().year, "before": fields.Date.today().year - 1, **params},
        )
        return self.env.cr.fetchone()[0] or 0

    def _of_year(self, what, where, column, more="TRUE", **params):
        """Of this year, and of the one before."""
        return [
            self._ask(what, f"{where} AND {more} AND extract(year FROM {column}) = %({year})s", **params)
            for year in ("year", "before")
        ]

    def _expected(self, more="TRUE", **params):
        """``{title: (what a click adds up, value, value of the year before)}`` by queries of our own."""
        came = "least(ticket.create_date, deadline_from, closed_on)"
        days = f"avg(extract(epoch FROM closed_on - {came})) / 86400"
        open_, closed = f"status.closes IS NOT TRUE AND {more}", f"status.closes AND {more}"
        kept, due = f"{closed} AND closed_on <= date_deadline", f"{closed} AND date_deadline IS NOT NULL"
        took = self._of_year(days, closed, "closed_on", **params)
        kept, due = (self._of_year("count(*)", where, "closed_on", **params) for where in (kept, due))
        return {
            "Open": ("__count", self._ask("count(*)", open_, **params), None),
            "Overdue": (
                "__count",
                self._ask("count(*)", f"{open_} AND date_deadline < now() AT TIME ZONE 'UTC'", **params),
                None,
            ),
            "Received": ("__count", *self._of_year("count(*)", more, "ticket.create_date", **params)),
            "Closed": ("__count", *self._of_year("count(*)", closed, "closed_on", **params)),
            "Days to Close": ("days_to_close", *(days or "" for days in took)),
            "Deadline Kept": (None, *(part / whole if whole else "" for part, whole in zip(kept, due, strict=True))),
        }

    def _points(self, figures, title):
        """``{(bar, part of it): number}`` of the first form of a chart."""
        return {
            (point["label"], dataset["label"]): point["value"]
            for dataset in figures["charts"][title][0]["datasets"]
            for point in dataset["points"]
            if point["value"]
        }


@tagged("post_install", "-at_install")
class TestService(ServiceCase):
    def test_each_role_reads_figures_that_a_query_confirms_each_with_its_tickets(self):
        expected = self._expected()
        self.assertGreaterEqual(expected["Open"][1], 3)
        for user in self.service | self.manager:
            figures = self.read(DASHBOARD, user.login, {"Period": self._year()})
            self.assertFalse(figures["sample"])
            self.assert_scorecards(figures, user.login, expected)
            self.assertGreater(self.assert_all_open(figures, user.login), 15)

    def test_filters_change_the_numbers_and_the_period_what_was_done_alone(self):
        of_nobody = {"Period": self._year(), "Team": {"operator": "in", "ids": self.field_team.ids}}
        mine = {"Team": None, "Responsible": {"operator": "in", "ids": self.service.ids}}
        choices = [of_nobody, mine, {"Period": self._year(-1)}]
        of_nobody, mine, before = self.read_each(DASHBOARD, "cast_service", choices)
        self.assert_scorecards(of_nobody, "cast_service", self._expected("team_id = %(id)s", id=self.field_team.id))
        self.assertEqual(
            list(self._points(of_nobody, "Open Tickets by Team").items()), [(("Field Service", "Count"), 1)]
        )
        self.assertEqual(list(self._points(of_nobody, "Received by Product").values()), [1])
        expected = self._expected("user_id = %(id)s", id=self.service.id)
        self.assert_scorecards(mine, "cast_service", expected)
        self.assertEqual(mine["scorecards"]["Overdue"]["value"], 1)
        cards = before["scorecards"]
        self.assertEqual((cards["Open"]["value"], cards["Closed"]["value"]), (2, expected["Closed"][2]))
        self.assertNotEqual(expected["Closed"][2], expected["Closed"][1])

    def test_charts_tables_and_the_list_show_what_a_query_counts(self):
        mine = {"Responsible": {"operator": "in", "ids": self.service.ids}, "Period": None}
        figures = self.read(DASHBOARD, "cast_service", mine)
        self.assertEqual(sum(self._points(figures, "Open Tickets by Status").values()), 2)
        measures = self._points(figures, "Closed by Measure")
        self.assertEqual(list(measures.values()), [4])
        in_time = {}
        for (_month, part), number in self._points(figures, "Closed by Month").items():
            in_time[part] = in_time.get(part, 0) + number
        self.assertEqual((in_time["In Time"], in_time["Too Late"]), (2, 1))
        [_total, line] = self.table(figures, "Closed by Responsible")
        self.assertEqual(line, ["cast_service", 4, 2.75, 2, 1])
        [_total, line] = self.table(figures, "Open by Responsible")
        self.assertEqual(line[:3], ["cast_service", 2, 1])
        [line] = self.table(figures, "Overdue Tickets")
        self.assertEqual((line[0], line[2], line[4]), ("Overdue", self.customer.name, "cast_service"))

    def test_tickets_of_a_restricted_project_are_in_no_figure_of_who_may_not_see_it(self):
        lead = self._make_lead(partner_id=self.customer.id, user_id=self.manager.id)
        self._make_ticket(name="Secret", lead_id=lead.id, team_id=self.field_team.id)
        lead.is_restricted = True
        team = {"Team": {"operator": "in", "ids": self.field_team.ids}}
        self.assertEqual(
            self.env["crm.ticket"].with_user(self.manager).search_count([("team_id", "=", self.field_team.id)]), 2
        )
        self.assertEqual(self.read(DASHBOARD, "cast_service", team)["scorecards"]["Open"]["value"], 1)

    def test_it_is_offered_to_who_works_on_tickets_and_to_nobody_else(self):
        dashboard = self.env.ref(DASHBOARD)
        for user, is_offered in (
            (self.service, True),
            (self.manager, True),
            (self.sales, False),
            (self.accountant, False),
        ):
            with self.subTest(user=user.login):
                found = self.env["spreadsheet.dashboard"].with_user(user).search([("id", "=", dashboard.id)])
                self.assertEqual(bool(found), is_offered)

    def test_before_there_is_a_ticket_a_sample_shows_what_will_be_seen(self):
        self.env["crm.ticket"].search([]).unlink()
        figures = self.read(DASHBOARD, "cast_service")
        self.assertTrue(figures["sample"])
        self.assertEqual(figures["scorecards"]["Open"]["value"], 23)
        self.assertAlmostEqual(figures["scorecards"]["Deadline Kept"]["value"], 51 / 57)
        for title, charts in figures["charts"].items():
            for chart in charts:
                self.assertTrue(any(point["value"] for point in chart["datasets"][0]["points"]), title)
