import json
from pathlib import Path

from odoo.fields import Date
from odoo.tests import HttpCase

READ = Path(__file__).with_name("read_dashboard.js").read_text()
# What the figures count, in words of the database.
KINDS = {"open": ("status",), "closed": ("order", "lost", "cancelled"), "all": ("status", "order", "lost", "cancelled")}


class DashboardCase(HttpCase):
    """Opens dashboards in the browser, and compares what they show with queries of our own.

    For other addons as well: ``read`` takes any dashboard that setup/dashboards wrote.
    """

    # What numbers among cells may add up, and what is an average.
    sums = ("expected_revenue", "prorated_revenue", "actual_revenue")
    averages = ()

    def read(self, dashboard, login, filters=None, timeout=120):
        """Open a dashboard as a user, and read everything on it.

        :param str dashboard: its xml id
        :param dict filters: what to choose, ``{label: value}``, values as Odoo's spreadsheets have them, None for all
        :return: dict of ``sample``, ``scorecards`` by title, ``charts``: ``{title: [{"type", "measure", "datasets"}]}``
            and ``cells``: ``{sheet: {"A1": …}}``; each number with ``value`` and ``opens``, the action of a click on it
        """
        return self.read_each(dashboard, login, [filters or {}], timeout)[0]

    def read_each(self, dashboard, login, choices, timeout=180):
        """The same, one choice after the other in one browser; each chooses from what was chosen before.

        :param list choices: filters, see ``read``
        :return: list of what ``read`` returns
        """
        options = {"dashboard": self.env.ref(dashboard).id, "choices": choices, "name": f"figures of {dashboard}"}
        code = f"{READ}; readDashboard({json.dumps(options)}).then(() => console.log('test successful'), console.error)"
        self.browser_js("/odoo", code, "odoo.isReady === true", login=login, timeout=timeout)
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
        for xc, cell in figures["cells"]["Dashboard"].items():
            # the first columns hold names, dates among them
            if cell["opens"] and cell["type"] == "number" and xc[0] not in "AG":
                records = self.opened(cell["opens"], login)
                sums = {len(records)}
                for name in self.sums:
                    sums |= {round(sum(records.mapped(name)), 2)} if name in records else set()
                for name in filter(lambda name: name in records, self.averages):
                    sums.add(round(sum(records.mapped(name)) / (len(records) or 1), 2))
                self.assertIn(round(cell["value"], 2), sums, str(cell))
                checked += 1
        return checked

    # --- tables -----------------------------------------------------------------------------

    def table(self, figures, title, limit=10):
        """The lines of a table or a list below its head, a table's totals first: lists of values."""
        cells = figures["cells"]["Dashboard"]
        heads = [xc for xc, cell in cells.items() if cell["value"] == title]
        self.assertTrue(heads, f"no table {title}")
        column, row = ord(heads[0][0]), int(heads[0][1:]) + 2
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
        self.env.cr.execute(
            f"""SELECT {what} FROM crm_lead lead JOIN crm_process_column col ON col.id = lead.board_column_id
                  JOIN crm_process process ON process.id = col.process_id
                  JOIN crm_team team ON team.id = lead.team_id
                 WHERE col.kind IN %(kinds)s AND lead.is_restricted IS NOT TRUE AND ({where})""",
            {"kinds": KINDS[kinds], **self.year(), **params},
        )
        return self.env.cr.fetchone()

    def year(self, offset=0):
        """The first and last day of this year, or of another."""
        year = Date.today().year + offset
        return {"first": f"{year}-01-01", "last": f"{year}-12-31"}
