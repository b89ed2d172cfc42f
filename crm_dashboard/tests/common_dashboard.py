import json
from pathlib import Path

from odoo.fields import Date
from odoo.tests import HttpCase
from odoo.tools import SQL

READ = Path(__file__).with_name("read_dashboard.js").read_text()
# What the figures count, in words of the database.
KINDS = {"open": ("status",), "closed": ("order", "lost", "cancelled"), "all": ("status", "order", "lost", "cancelled")}


class DashboardCase(HttpCase):
    """Opens dashboards in the browser, and compares what they show with queries of our own.

    For other addons as well: ``read`` takes any dashboard that setup/dashboards wrote.
    """

    # What numbers among cells add up, by the heads of their columns, where they do not count; and what is an average.
    heads = {"Projected": "expected_revenue", "Weighted": "prorated_revenue", "Actual": "actual_revenue"}
    averages = ()

    def read(self, dashboard, login, filters=None, timeout=120, companies=None):
        """Open a dashboard as a user, and read everything on it.

        :param str dashboard: its xml id
        :param dict filters: what to choose, ``{label: value}``, values as Odoo's spreadsheets have them, None for all
        :return: dict of ``sample``, ``scorecards`` by title, ``charts``: ``{title: [{"type", "measure", "datasets"}]}``
            and ``cells``: ``{sheet: {"A1": …}}``; each number with ``value`` and ``opens``, the action of a click on it
        """
        return self.read_each(dashboard, login, [filters or {}], timeout, companies)[0]

    def read_each(self, dashboard, login, choices, timeout=180, companies=None):
        """The same, one choice after the other in one browser; each chooses from what was chosen before.

        :param list choices: filters, see ``read``
        :param companies: ``res.company`` that the user works in, the present one first
        :return: list of what ``read`` returns
        """
        options = {"dashboard": self.env.ref(dashboard).id, "choices": choices, "name": f"figures of {dashboard}"}
        code = f"{READ}; readDashboard({json.dumps(options)}).then(() => console.log('test successful'), console.error)"
        cookies = {"cids": "-".join(map(str, companies.ids))} if companies else None
        self.browser_js("/odoo", code, "odoo.isReady === true", login=login, timeout=timeout, cookies=cookies)
        self.env.invalidate_all()
        attachments = self.env["ir.attachment"].search([("name", "=", options["name"])], order="id desc")
        figures = json.loads(attachments[0].raw)
        attachments.unlink()
        return figures

    # --- what a click opens -----------------------------------------------------------------

    def opened(self, action, login):
        """The records that an action shows to a user."""
        user = self.env["res.users"].search([("login", "=", login)])
        model = self.env[action["res_model"]].with_user(user).with_context(**action["context"])
        return model.search(action["domain"])

    def assert_opens(self, figure, login, measure="__count"):
        """A click on a number opens exactly the records that it counts, or adds up."""
        self.assertIsNotNone(figure["opens"], f"nothing opens: {figure}")
        records = self.opened(figure["opens"], login)
        number = len(records) if measure == "__count" else sum(records.mapped(measure))
        if measure in self.averages:
            number /= len(records) or 1
        self.assertAlmostEqual(number, figure["value"] or 0, 2, str(figure))

    def assert_scorecards(self, figures, login, expected):
        """
        :param dict expected: ``{title: (what a click adds up or None, value, value of the period before)}``, the last
            one where it is compared; "" for a share or an average of nothing
        """
        for title, (measure, value, *before) in expected.items():
            with self.subTest(title=title, login=login):
                card = figures["scorecards"][title]
                self.assert_shown(card["value"], value)
                for number in before:
                    if number is not None:
                        self.assert_shown(card["before"], number)
                if measure and value != "":
                    self.assert_opens(card, login, measure)

    def assert_shown(self, shown, expected):
        """A number, or nothing where ``expected`` is empty."""
        if expected == "":
            self.assertEqual(shown, "")
        else:
            self.assertIsInstance(shown, int | float)
            self.assertAlmostEqual(shown, float(expected or 0), 2)

    def assert_all_open(self, figures, login):
        """Every number of every chart and every count among the cells opens what it counts.

        :return: how many numbers were looked at
        """
        checked = 0
        for charts in figures["charts"].values():
            for chart in charts:
                for dataset in chart["datasets"]:
                    for point in filter(lambda point: point["value"], dataset["points"]):
                        self.assert_opens(point, login, chart["measure"])
                        checked += 1
        cells = figures["cells"]["Dashboard"]
        for xc, cell in cells.items():
            # the first columns hold names, dates among them
            if cell["opens"] and cell["type"] == "number" and xc[0] not in "AG":
                self.assert_opens(cell, login, self._measure_of(cells, xc))
                checked += 1
        return checked

    def _measure_of(self, cells, xc):
        """What a number among cells adds up, which the head of its column has to say."""
        above = (cells.get(f"{xc[0]}{row}") for row in range(int(xc[1:]) - 1, 0, -1))
        head = next(cell for cell in above if cell and cell["type"] == "text" and cell["value"])
        measure = cells[xc]["measure"].partition(":")[0]
        # a head that opens records is a value of the second field of a chart
        if not head["opens"]:
            self.assertEqual(measure, self.heads.get(head["value"], "__count"), f"{xc} below {head['value']}")
        return measure

    # --- tables -----------------------------------------------------------------------------

    def table(self, figures, title, limit=10):
        """The lines of a table or a list below its head, a table's totals first: lists of values."""
        cells = figures["cells"]["Dashboard"]
        heads = [xc for xc, cell in cells.items() if cell["value"] == title]
        self.assertTrue(heads, f"no table {title}")
        return self._lines(cells, ord(heads[0][0]), int(heads[0][1:]) + 2, limit)

    def chart_table(self, figures, *heads, limit=12):
        """The lines of the first table behind a chart whose columns have these heads, the totals first."""
        cells = figures["cells"]["Dashboard"]
        for xc in cells:
            column, row = ord(xc[0]), int(xc[1:])
            found = (cells.get(f"{chr(column + offset)}{row}", {}).get("value") for offset in range(len(heads)))
            if tuple(found) == heads:
                return self._lines(cells, column, row + 1, limit)
        return self.fail(f"no table {heads}")

    def _lines(self, cells, column, row, limit):
        lines = [
            [cells.get(f"{chr(column + offset)}{line}", {}).get("value", "") for offset in range(5)]
            for line in range(row, row + limit + 1)
        ]
        return [line for line in lines if any(value != "" for value in line)]

    # --- queries ----------------------------------------------------------------------------

    def query(self, what, kinds, where="TRUE", **params):
        """Ask the database for what projects add up to that are not restricted, as nobody else does here.

        :param str what: SQL of what is selected from ``lead``, ``col``, ``process``
        :param str kinds: a key of ``KINDS``
        """
        self.env.flush_all()
        question = SQL(
            """SELECT %(what)s FROM crm_lead lead JOIN crm_process_column col ON col.id = lead.board_column_id
                  JOIN crm_process process ON process.id = col.process_id
                  JOIN crm_team team ON team.id = lead.team_id
                 WHERE col.kind IN %(kinds)s AND lead.is_restricted IS NOT TRUE AND (%(where)s)""",
            what=SQL(what),  # pylint: disable=sql-injection
            kinds=KINDS[kinds],
            where=SQL(where, **{**self.year(), **params}),  # pylint: disable=sql-injection
        )
        self.env.cr.execute(question)
        return self.env.cr.fetchone()

    def year(self, offset=0):
        """The first and last day of this year, or of another."""
        year = Date.today().year + offset
        return {"first": f"{year}-01-01", "last": f"{year}-12-31"}
