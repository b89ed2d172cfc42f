"""The pipeline of ../shared/data, imported through the real server by an outside program, and read from the board."""

import itertools
import unittest
from collections import Counter
from unittest.mock import patch

import odoo.modules.module
from odoo.tests import HttpCase, tagged
from odoo.tests.common import Opener

from tests import import_sales_pipeline as outside

# The batch of deals after which the first run is killed.
CUT_AFTER = 3
# Of some of our salespeople the figures are counted by hand from the files.
SALESPEOPLE = ("Darcel Schlecht", "Mei-Mei Johns", "Zane Levy")


class KilledError(Exception):
    """Ends the program in the middle."""


def ignore(_line):
    """The progress of a run that nobody watches."""


@tagged("post_install", "-at_install")
class TestSalesPipeline(HttpCase):
    """One import serves all tests; it is killed in the middle first, so that each of them also sees a run resumed."""

    # The server makes 500 deals in one request, on a machine that may be busy.
    test_cursor_lock_timeout = 120

    @classmethod
    def setUpClass(cls):
        if not outside.FOLDER.is_dir():
            raise unittest.SkipTest(f"No pipeline to import: there is no {outside.FOLDER}")
        super().setUpClass()
        cls.pipeline = outside.Pipeline.read(outside.FOLDER)
        case = cls._case_before_tests()
        with patch.object(odoo.modules.module, "current_test", case):
            client = case._client("admin")
            case._run_killed(client)
            cls.deals_at_kill = len(client.known_ids("crm.lead"))
            cls.made = outside.run_import(client, cls.pipeline, progress=ignore)
        cls.env.invalidate_all()

    @classmethod
    def _case_before_tests(cls):
        """A test that can send requests although it is not run.

        Odoo's server answers only the test that is running, and what a test does is undone at its end.
        """
        case = cls("test_figures")
        case.http_request_key = ""
        case.http_request_allow_all = False
        case.http_key_sequence = itertools.count()
        case.opener = Opener(case)
        return case

    def _client(self, login):
        """The program with a key of this user."""
        user = self.env["res.users"].search([("login", "=", login)])
        key = self.env["res.users.apikeys"].with_user(user).sudo()._generate("rpc", "Import", False)
        return outside.Client(self.base_url(), self.env.cr.dbname, key, session=self.opener)

    def _run_killed(self, client):
        batches = itertools.count(1)

        def progress(line):
            if line.startswith("deals:") and " after " in line and next(batches) == CUT_AFTER:
                raise KilledError

        # no assertRaises: Odoo's rolls back what was done in it
        try:
            outside.run_import(client, self.pipeline, progress=progress)
        except KilledError:
            return
        self.fail("The run was not killed.")

    def _deals(self):
        ids = self.env["ir.model.data"].search([("module", "=", outside.NAMESPACE), ("model", "=", "crm.lead")])
        return self.env["crm.lead"].browse(ids.mapped("res_id"))

    def test_figures(self):
        """The board shows every figure of data/README.md."""
        lines = []
        matches = outside.check(self._client("admin"), self.pipeline, progress=lines.append)
        self.assertTrue(matches, "\n" + "\n".join(lines))

    def test_resumed(self):
        """A run that was killed leaves whole batches; the next one makes the others, and none twice."""
        self.assertEqual(self.deals_at_kill, CUT_AFTER * outside.BATCH)
        self.assertEqual(self.made["deals"], len(self.pipeline.deals) - self.deals_at_kill)
        self.assertEqual({made for label, made in self.made.items() if label != "deals"}, {0})
        teams = self._deals().team_id
        everything = self.env["crm.lead"].with_context(active_test=False).search([("team_id", "in", teams.ids)])
        names = everything.mapped("name")
        self.assertEqual(len(names), len(self.pipeline.deals))
        self.assertEqual(len(set(names)), len(names))

    def test_run_again(self):
        """A run after the last one makes and changes nothing."""
        models = ("crm.lead", "res.partner", "res.users", "crm.team", "crm.team.member", "product.product")
        before = {model: self._state(model) for model in models}
        made = outside.run_import(self._client("admin"), self.pipeline, progress=ignore)
        self.env.invalidate_all()
        self.assertEqual(set(made.values()), {0})
        self.assertEqual({model: self._state(model) for model in models}, before)

    def _state(self, model):
        table = self.env[model]._table
        self.env.cr.execute(f"SELECT count(*), max(id), max(write_date) FROM {table}")
        return self.env.cr.fetchone()

    def test_dates(self):
        """A deal counts on the day that the file names, wherever its salesperson sits."""
        deals = {deal["opportunity_id"]: deal for deal in self.pipeline.deals if deal["close_date"]}
        self._deals().user_id.tz = "Pacific/Auckland"
        for lead in self._deals().filtered("date_closed")[:200]:
            day = deals[lead.name.rpartition(" ")[2]]["close_date"]
            self.assertEqual(lead.board_date.strftime("%d-%m-%y"), day, lead.name)

    def test_tour(self):
        """In Chromium the board reads the figures of 2017 Q2, and the totals follow what is closed and undone."""
        teams = self.env["crm.team"].search([("process_id", "!=", False)])
        for team in teams - self._deals().team_id:
            team.switch_process(self.env["crm.process"])  # the demo's deals are not in the figures
        self.start_tour("/odoo/sales-board", "salesboard_real_data", login="admin", timeout=180)

    def test_salesperson(self):
        """A salesperson's board counts their own deals alone."""
        own = {agent: Counter() for agent in SALESPEOPLE}
        for deal in self.pipeline.deals:
            if deal["sales_agent"] in own:
                column = outside.COLUMN_OF_STAGE[deal["deal_stage"]]
                own[deal["sales_agent"]][outside.ALL, column, "count"] += 1
                own[deal["sales_agent"]][outside.ALL, column, "actual"] += float(deal["close_value"] or 0)
        teams = [["team_id", "in", self._deals().team_id.ids]]
        logins = {row[1]: row[2] for row in outside.user_table(self.pipeline).rows}
        for agent, expected in own.items():
            with self.subTest(agent=agent):
                figures = outside.period_figures(self._client(logins[agent]), outside.ALL, teams)
                shown = {key: figure for key, figure in figures.items() if key[2] != "projected" and figure}
                self.assertEqual(shown, {key: figure for key, figure in expected.items() if figure})

    def test_wrong_key(self):
        """Who may not import is told why, and what to do."""
        client = outside.Client(self.base_url(), self.env.cr.dbname, "0" * 40, session=self.opener)
        with self.assertRaisesRegex(outside.ImportFailure, "API key is wrong"):
            outside.run_import(client, self.pipeline, progress=ignore)

    def test_missing_right(self):
        salesperson = outside.user_table(self.pipeline).rows[-1][2]
        with self.assertLogs("odoo.http", "WARNING"), self.assertRaisesRegex(outside.ImportFailure, "lacks a right"):
            outside.run_import(self._client(salesperson), self.pipeline, progress=ignore)
