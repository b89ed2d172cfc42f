import json

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.crm_salesboard.tests.test_sales_board_keyboard import axe_core
from odoo.addons.crm_salesboard.tests.test_sales_board_screen import SalesBoardScreen

# What the tours read on the screen of the salesperson: how many got as far as each status, and their value.
REACHED = {"Prospect": (5, 10500), "Offer": (3, 5500), "Order": (1, 3000)}
OPEN = {"Prospect": (1, 1000), "Offer": (1, 2000), "Order": (0, 0)}
DROPPED = {"Prospect": (1, 4000), "Offer": (1, 500), "Order": (0, 0)}
URL = "/odoo/acquisition-funnel"


class FunnelScreen(SalesBoardScreen):
    """Five projects of the salesperson that came in this year, one of the year before, one of the manager."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.prospect, cls.offer = cls.columns["status", "Prospect"], cls.columns["status", "Offer"]
        cls.order, cls.lost = cls.columns["order", "Order"], cls.columns["lost", "Lost"]
        cls.alpha = cls._make_prospect("Alpha", 1000)
        cls.beta = cls._make_prospect("Beta", 2000, cls.offer)
        cls.gamma = cls._make_prospect("Gamma", 3000, cls.offer, cls.order)
        cls.delta = cls._make_prospect("Delta", 4000, cls.lost)
        cls.epsilon = cls._make_prospect("Epsilon", 500, cls.offer, cls.lost)
        cls.older = cls._make_prospect("Older", 7000)
        cls.zeta = cls._make_prospect("Zeta", 9000, cls.offer, owner=cls.manager)
        cls.older.funnel_date = fields.Date.subtract(fields.Date.today(), years=1)
        cls._stood({cls.beta: 2, cls.gamma: 4, cls.delta: 6, cls.epsilon: 8})

    @classmethod
    def _make_prospect(cls, subject, value, *columns, owner=None):
        lead = cls._make_project(subject, "status", "Prospect", value, 20, owner=owner or cls.sales)
        for column in columns:
            reason = {"lost_reason_id": cls.reason.id} if column == cls.lost else {}
            lead.write({"board_column_id": column.id, **reason})
        return lead

    @classmethod
    def _stood(cls, days_by_lead):
        """How long they were prospects."""
        moves = cls.env["crm.lead.move"].search([("from_column_id", "=", cls.prospect.id)])
        for move in moves.filtered(lambda move: move.lead_id in days_by_lead):
            move.days = days_by_lead[move.lead_id]

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

    def _tour(self, name, login="board_sales", url=URL):
        self.start_tour(url, name, login=login, timeout=120)

    def _query(self, where, *params):
        """Number and value of the salesperson's projects of this year, by the database itself."""
        self.env.flush_all()
        self.env.cr.execute(
            f"SELECT count(*), COALESCE(sum(expected_revenue), 0)::int FROM crm_lead "  # pylint: disable=sql-injection
            f"WHERE user_id = %s AND date_part('year', funnel_date) = date_part('year', now()) AND {where}",
            [self.sales.id, *params],
        )
        return self.env.cr.fetchone()

    def _check_figures(self):
        """What the tours read is what is in the database."""
        columns = [self.prospect, self.offer, self.order]
        for index, column in enumerate(columns):
            later = tuple(self.env["crm.process.column"].union(*columns[index:]).ids)
            self.assertEqual(self._query("furthest_column_id IN %s", later), REACHED[column.name])
            self.assertEqual(
                self._query("furthest_column_id = %s AND won_status = 'pending'", column.id), OPEN[column.name]
            )
            self.assertEqual(
                self._query("furthest_column_id = %s AND won_status = 'lost'", column.id), DROPPED[column.name]
            )
        self.env.cr.execute(
            "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY days) FROM crm_lead_move WHERE from_column_id = %s "
            "AND lead_id IN (SELECT id FROM crm_lead WHERE user_id = %s)",
            [self.prospect.id, self.sales.id],
        )
        self.assertEqual(self.env.cr.fetchone(), (5,))


@tagged("post_install", "-at_install")
class TestFunnelScreen(FunnelScreen):
    def test_a_salesperson_reads_the_funnel_and_opens_what_its_figures_count(self):
        self._check_figures()
        self._serve_axe_core()
        self._tour("crm_funnel")

    def test_the_funnel_is_put_on_a_dashboard_of_one_s_own(self):
        self._tour("crm_funnel_add_to_dashboard")
        self._tour("crm_funnel_on_dashboard", url="/odoo/action-board.open_board_my_dash_action")

    def test_a_bar_of_a_dashboard_s_funnel_opens_what_it_counts(self):
        dashboard = self._make_dashboard()
        self._tour("crm_funnel_chart", url=f"/odoo/dashboards?dashboard_id={dashboard.id}")

    def _make_dashboard(self):
        """A dashboard with one funnel over all of its sheet."""
        group = ["furthest_column_id"]
        domain = [["furthest_column_id", "!=", False], ["funnel_date", ">=", f"{fields.Date.today():%Y-01-01}"]]
        chart = {
            "type": "odoo_funnel",
            "cumulative": True,
            "title": {"text": "Funnel"},
            "metaData": {"groupBy": group, "measure": "__count", "order": None, "resModel": "crm.lead"},
            "searchParams": {"context": {"active_test": False}, "domain": domain, "groupBy": group, "orderBy": []},
            "dataSets": [{}],
            "fieldMatching": {},
        }
        figure = {"id": "funnel", "tag": "chart", "col": 0, "row": 0, "offset": {"x": 0, "y": 0}}
        figure.update(width=800, height=450, data={**chart, "chartId": "funnel_chart"})
        data = {"version": "18.5.10", "sheets": [{"id": "sheet1", "name": "Sheet1", "figures": [figure]}]}
        return self.env["spreadsheet.dashboard"].create(
            {
                "name": "Funnel of the tour",
                "dashboard_group_id": self.env["spreadsheet.dashboard.group"].create({"name": "Tour"}).id,
                "spreadsheet_data": json.dumps(data),
            }
        )


@tagged("post_install", "-at_install")
class TestFunnelPhone(FunnelScreen):
    browser_size = "390x844"
    touch_enabled = True

    def test_the_funnel_is_read_on_a_phone(self):
        self._serve_axe_core()
        self._tour("crm_funnel_phone")


@tagged("post_install", "-at_install")
class TestFunnelUnits(HttpCase):
    def test_javascript_units(self):
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&filter=/@crm_dashboard/",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
        )
