from contextlib import nullcontext
from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.crm_dashboard.tests.common_dashboard import DashboardCase
from odoo.addons.crm_leadintake.tests.common import IntakeCase

DASHBOARD = "crm_dashboard_leadintake.spreadsheet_dashboard_intake"
# The default period: today and the 29 days before.
RECENT = "received_at >= CURRENT_DATE - 29"
BEFORE = "received_at < CURRENT_DATE - 29 AND received_at >= CURRENT_DATE - 59"


class IntakeDashboardCase(DashboardCase, IntakeCase):
    """The demo company, and what two sources have sent: leads, a duplicate, one to correct, one rejected, a test."""

    heads = {"Hours": "take_up_hours"}
    averages = ("take_up_hours",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        role = "crm_leadintake.group_intake_manager"
        cls.admin_user = new_test_user(
            cls.env, "dash_admin", f"{role},sales_team.group_sale_salesman_all_leads", tz="UTC"
        )
        cls.manager = new_test_user(cls.env, "dash_manager", "sales_team.group_sale_manager", tz="UTC")
        cls.officer = new_test_user(cls.env, "dash_officer", "crm_leadintake.group_intake_officer", tz="UTC")
        cls.sales = new_test_user(cls.env, "dash_sales", "sales_team.group_sale_salesman", tz="UTC")
        cls.fair = cls._make_source(name="Fair")

    def enter_registry_test_mode(self):
        """A test with a browser is in it already."""
        return nullcontext()

    def setUp(self):
        super().setUp()
        people = [{"email": f"{name}@shop.example", "contact_name": name} for name in ("ann", "bob", "cas")]
        self._submit(people)
        self._submit([{"email": "dan@shop.example"}, {"email": "nobody"}], self.fair)
        self.fair.duplicate_action = "reject"
        self._submit([{"email": "dan@shop.example", "description": "Again"}], self.fair)
        self.source.duplicate_action = "link"
        self._submit([{"email": "ann@shop.example", "description": "Again"}])
        self.source.action_send_test()
        first, second, third = self._leads()[:3]
        first.with_user(self.manager).description = "Called"
        self.env.cr.precommit.run()
        self._set(self._rows()[:1], take_up_hours=4.5)
        second.convert_opportunity(second.partner_id)
        second.action_set_won()
        third.action_set_lost()
        self._set(self._rows(self.fair)[:1], received_at=fields.Datetime.now() - timedelta(days=45))
        self.env.flush_all()

    def _set(self, row, **values):
        row.ensure_one()
        for name, value in values.items():
            query = SQL("UPDATE crm_lead_inbox SET %s = %s WHERE id = %s", SQL.identifier(name), value, row.id)
            self.env.cr.execute(query)
        row.invalidate_recordset()

    def _ask(self, what, where, source=None):
        self.env.flush_all()
        self.env.cr.execute(
            f"SELECT {what} FROM crm_lead_inbox WHERE is_test IS NOT TRUE AND {where}"
            + (f" AND source_id = {source.id}" if source else "")
        )
        return self.env.cr.fetchone()[0] or 0

    def _expected(self, source=None):
        """``{title: (what a click adds up, value, value of the period before or None)}`` by queries of our own."""

        def both(what, where="TRUE"):
            return [self._ask(what, f"{period} AND {where}", source) for period in (RECENT, BEFORE)]

        hours = [hours or "" for hours in both("avg(take_up_hours)", "taken_up_at IS NOT NULL")]
        due = f"{RECENT} AND state = 'done' AND lead_id IS NOT NULL AND taken_up_at IS NULL"
        return {
            "Received": ("__count", *both("count(*)")),
            "Became Leads": ("__count", *both("count(*)", "state = 'done'")),
            "Duplicates": ("__count", *both("count(*)", "state = 'duplicate'")),
            "Rejected": ("__count", *both("count(*)", "state = 'rejected'")),
            "Waiting": ("__count", self._ask("count(*)", "state IN ('new', 'failed')", source), None),
            "Hours to Take Up": ("take_up_hours", *hours),
            "Not Taken Up Yet": ("__count", self._ask("count(*)", due, source), None),
        }

    def _points(self, figures, title):
        """``{(bar, part of it): number}`` of the first form of a chart."""
        return {
            (point["label"], dataset["label"]): point["value"]
            for dataset in figures["charts"][title][0]["datasets"]
            for point in dataset["points"]
            if point["value"]
        }

    def _of(self, source):
        return {"Came In From": {"operator": "in", "ids": source.ids}}


@tagged("post_install", "-at_install")
class TestIntakeDashboard(IntakeDashboardCase):
    def test_an_administrator_reads_figures_that_a_query_confirms_each_with_its_records(self):
        figures = self.read(DASHBOARD, "dash_admin")
        self.assertFalse(figures["sample"])
        self.assert_scorecards(figures, "dash_admin", self._expected())
        self.assertGreater(self.assert_all_open(figures, "dash_admin"), 15)

    def test_filters_change_the_numbers_charts_and_tables_too_and_tests_never_count(self):
        self._leads()[:1].user_id = self.sales
        theirs = {"Salesperson": {"operator": "in", "ids": self.sales.ids}}
        of_source, of_fair, theirs = self.read_each(
            DASHBOARD, "dash_manager", [self._of(self.source), self._of(self.fair), {"Came In From": None, **theirs}]
        )
        self._assert_source(of_source)
        self._assert_what_waits(of_fair)
        self.assertEqual(theirs["scorecards"]["Received"]["value"], 2, "the lead, and its duplicate")
        self.assertEqual(theirs["scorecards"]["Waiting"]["value"], self._expected()["Waiting"][1])

    def _assert_source(self, figures):
        self.assert_scorecards(figures, "dash_manager", self._expected(self.source))
        self.assertEqual(figures["scorecards"]["Received"]["value"], 4)
        name = self.source.name
        self.assertEqual(self._points(figures, "By Source"), {(name, "Lead"): 3, (name, "Duplicate"): 1})
        days = self._points(figures, "Received by Day")
        self.assertEqual({part: number for (_day, part), number in days.items()}, {"Lead": 3, "Duplicate": 1})
        self.assertEqual(list(self._points(figures, "Received by Day and Source").values()), [4])
        hours = self._ask("avg(take_up_hours)", f"{RECENT} AND taken_up_at IS NOT NULL", self.source)
        self.assertEqual(list(self._points(figures, "Hours to Take Up by Source").values()), [hours])
        self.assertEqual(sum(self._points(figures, "Leads and Projects by Source").values()), 3)
        projects = self._leads()[:3].filtered(lambda lead: lead.type == "opportunity")
        self.assertEqual(figures["scorecards"]["Projects"]["value"], len(projects))
        [_total, line] = self.table(figures, "Won and Lost by Source")
        self.assertEqual(line, [name, 3, 1, 1, 0.5])

    def _assert_what_waits(self, figures):
        """With its reason, and without who it is from."""
        self.assert_scorecards(figures, "dash_manager", self._expected(self.fair))
        row = self._rows(self.fair).filtered(lambda row: row.state == "failed")
        [line] = self.table(figures, "What Waits")
        self.assertEqual((line[0], line[2]), (row.reason, "Fair"))
        self.assertNotIn("dan@shop.example", str(figures))

    def test_who_works_on_the_inbox_and_reads_no_leads_sees_what_came_in_and_no_leads(self):
        # the server says that it has refused the figures of leads
        with mute_logger("odoo.http"):
            figures = self.read(DASHBOARD, "dash_officer")
        self.assert_scorecards(figures, "dash_officer", self._expected())
        projects = figures["scorecards"]["Projects"]
        self.assertNotEqual(projects["type"], "number")
        self.assertIsNone(projects["opens"])
        self.assertFalse(self._points(figures, "Leads and Projects by Source"))

    def test_what_came_in_for_another_company_is_in_no_figure(self):
        received = self._expected()["Received"][1]
        away = self.env["res.company"].create({"name": "Away"})
        source = self._make_source(name="Away", company_id=away.id)
        self._submit([{"email": "eva@shop.example"}], source)
        self.assertEqual(self._rows(source).company_id, away)
        self.assertEqual(self.read(DASHBOARD, "dash_manager")["scorecards"]["Received"]["value"], received)

    def test_it_is_offered_to_who_works_on_the_inbox_and_to_nobody_else(self):
        dashboard = self.env.ref(DASHBOARD)
        for user, is_offered in (
            (self.manager, True),
            (self.officer, True),
            (self.admin_user, True),
            (self.sales, False),
        ):
            with self.subTest(user=user.login):
                found = self.env["spreadsheet.dashboard"].with_user(user).search([("id", "=", dashboard.id)])
                self.assertEqual(bool(found), is_offered)

    def test_before_anything_came_in_a_sample_shows_what_will_be_seen(self):
        self.env["crm.lead.inbox"].search([]).unlink()
        figures = self.read(DASHBOARD, "dash_manager")
        self.assertTrue(figures["sample"])
        self.assertEqual(figures["scorecards"]["Received"]["value"], 184)
        for title, charts in figures["charts"].items():
            for chart in charts:
                self.assertTrue(any(point["value"] for point in chart["datasets"][0]["points"]), title)


@tagged("post_install", "-at_install")
class TestIntakeBars(IntakeDashboardCase):
    # Charts out of sight are not drawn.
    browser_size = "1366x2400"

    def test_a_click_on_a_bar_of_leads_opens_them_whatever_the_sales_board_was_set_to(self):
        settings = self.env["res.users.settings"]._find_or_create_for_user(self.manager)
        settings.salesboard_period = '{"unit": "year", "start": "2001-01-01"}'
        self._leads(self.fair)[:1].write({"name": "Of the tour", "type": "lead"})
        # no other source has a bar of leads behind this one
        others = [("intake_source_id", "not in", [False, self.fair.id]), ("type", "=", "lead")]
        self.env["crm.lead"].with_context(active_test=False).search(others).type = "opportunity"
        self.env.flush_all()
        url = f"/odoo/dashboards?dashboard_id={self.env.ref(DASHBOARD).id}"
        self.start_tour(url, "crm_dashboard_drill_lead", login="dash_manager", timeout=120)
