from datetime import date

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from .common import SalesBoardCase


@tagged("post_install", "-at_install")
class TestColumn(SalesBoardCase):
    def _cases(self):
        return {
            "lead": (self._make_lead(type="lead"), "unprocessed"),
            "no status": (self._make_lead(stage_id=False), "unprocessed"),
            "status": (self._make_lead(stage_id=self.offer.id), "status"),
            "won": (self._close(self._make_lead(), "order"), "order"),
            "lost": (self._close(self._make_lead(), "lost"), "lost"),
            "cancelled": (self._close(self._make_lead(), "cancelled"), "cancelled"),
            "archived": (self._make_lead(active=False, probability=30), False),
            "native": (self._make_native_lead(), False),
            "no team": (self._make_lead(team_id=False, user_id=False), False),
        }

    def test_where_a_project_stands(self):
        for name, (lead, kind) in self._cases().items():
            with self.subTest(name):
                self.assertEqual(lead.board_column_id.kind, kind)

    def test_the_columns_filled_in_bulk_are_the_computed_ones(self):
        leads = self.env["crm.lead"].union(*(lead for lead, _kind in self._cases().values()))
        on_board = leads.filtered("process_id")
        self.env.flush_all()
        names = ["board_column_id", "board_date", "actual_revenue", "order_basis"]
        computed = leads.read(names)
        self.cr.execute(
            SQL(
                "UPDATE crm_lead SET board_column_id = NULL, board_date = NULL, actual_revenue = 5, order_basis = NULL "
                "WHERE id IN %s",
                tuple(on_board.ids),
            )
        )
        leads.invalidate_recordset()
        self.env["crm.lead"]._fill_board(SQL("lead.id IN %s", tuple(leads.ids)))
        self.assertEqual(leads.read(names), computed)

    def test_the_client_gets_every_column_in_order_but_those_switched_off(self):
        self._make_lead(stage_id=self.offer.id)
        leads = self.env["crm.lead"].with_user(self.sales).with_context(active_test=False, read_group_expand=True)

        def names(**context):
            groups = leads.with_context(**context).web_read_group(
                [("team_id", "=", self.team.id)], ["board_column_id"], ["__count"]
            )["groups"]
            ids = [group["board_column_id"][0] for group in groups]
            return (
                self.process.column_ids.browse(ids)
                .filtered(lambda column: column.process_id == self.process)
                .mapped("name")
            )

        self.assertEqual(names(), ["Unprocessed", "Prospect", "Offer", "Order", "Lost", "Cancelled"])
        self.assertEqual(names(salesboard_show_status=True, salesboard_show_lost=True), ["Prospect", "Offer", "Lost"])

    def test_the_period_of_a_project(self):
        self.sales.tz = "Pacific/Auckland"
        won = self._close(self._make_lead(), "order", date_closed="2026-03-31 12:30:00")
        self.assertEqual(won.board_date, date(2026, 4, 1), "it is tomorrow already where the owner is")
        self.sales.tz = "America/Los_Angeles"
        won = self._close(self._make_lead(), "order", date_closed="2026-04-01 03:00:00")
        self.assertEqual(won.board_date, date(2026, 3, 31))
        opened = self._make_lead(stage_id=self.offer.id, date_deadline="2026-05-05")
        self.assertEqual(opened.board_date, date(2026, 5, 5))
        self.assertFalse(self._make_lead(stage_id=self.offer.id).board_date)
        with freeze_time("2026-02-03 12:00:00"):
            self.assertTrue(self._make_lead(type="lead").board_date, "an unprocessed lead counts on the day it came in")


@tagged("post_install", "-at_install")
class TestTotals(SalesBoardCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for value, user in ((100, cls.sales), (250, cls.sales), (700, cls.other)):
            cls._make_lead(stage_id=cls.offer.id, expected_revenue=value, user_id=user.id, probability=50)
        cls._close(cls._make_lead(expected_revenue=400), "order", actual_revenue=380)
        cls._close(cls._make_lead(expected_revenue=90), "lost")
        cls.domain = [("team_id", "=", cls.team.id)]

    def _board(self, user=None, domain=None):
        return self.env["crm.lead"].with_user(user or self.manager).get_salesboard(domain or self.domain)

    def test_the_sums_of_columns_and_board(self):
        board = self._board()
        offer = board["columns"][self._column("status", self.offer).id]
        self.assertEqual((offer["count"], offer["projected"], offer["weighted"], offer["actual"]), (3, 1050, 525, 0))
        order = board["columns"][self._column("order").id]
        self.assertEqual((order["count"], order["projected"], order["actual"]), (1, 400, 380))
        total = board["total"]
        self.assertEqual((total["count"], total["projected"], total["actual"]), (5, 1540, 380))
        self.assertEqual(total["currencies"], {})
        self.assertTrue(board["on"])

    def _open(self, user=None, domain=None, owners_domain=None, groupby="board_column_id"):
        """What the web client asks for on opening the board."""
        domain = domain or self.domain
        leads = self.env["crm.lead"].with_user(user or self.manager)
        leads = leads.with_context(active_test=False, read_group_expand=True)
        return leads.with_context(salesboard_owners_domain=owners_domain or domain).web_read_group(
            domain,
            [groupby],
            auto_unfold=True,
            order="priority DESC, board_date ASC, id DESC",
            unfold_read_specification={"name": {}},
            unfold_read_default_limit=2,
        )

    def test_cards_and_figures_come_together_and_agree(self):
        for user in (self.manager, self.sales):
            opened = self._open(user)
            self.assertEqual(opened["board"], self._board(user))
            columns = opened["board"]["columns"]
            for group in opened["groups"]:
                count = columns.get(group["board_column_id"][0], {"count": 0})["count"]
                self.assertEqual(group["__count"], count)
                self.assertEqual(len(group.get("__records", [])), min(count, 2) if "__records" in group else 0)
            self.assertEqual(sum(group["__count"] for group in opened["groups"]), opened["board"]["total"]["count"])
            by_owner = self._open(user, groupby="user_id")
            self.assertEqual(by_owner["board"], opened["board"])
            self.assertEqual(
                {group["user_id"][0] for group in by_owner["groups"]}, {o["id"] for o in self._board(user)["owners"]}
            )

    def test_the_other_owners_stay_there_to_choose(self):
        chosen = [*self.domain, ("user_id", "=", self.sales.id)]
        board = self._open(domain=chosen, owners_domain=self.domain)["board"]
        self.assertEqual(board["total"]["count"], 4)
        self.assertEqual(
            {owner["id"]: owner["count"] for owner in board["owners"]}, {self.sales.id: 4, self.other.id: 1}
        )

    def test_opening_goes_through_the_projects_once(self):
        self._open()
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertLogs("odoo.sql_db", "DEBUG") as logged:
            self._open()
        passes = [line for line in logged.output if 'FROM "crm_lead"' in line and "COUNT(*)" in line]
        self.assertEqual(len(passes), 1, passes)

    def test_the_section_of_the_board_finds_what_the_columns_say(self):
        leads = self.env["crm.lead"].with_context(active_test=False)
        for kind in ("status", "order", "lost", "cancelled", "unprocessed"):
            for operator in ("=", "!="):
                mine = [*self.domain, ("board_kind", operator, kind)]
                columns = [*self.domain, ("board_column_id.kind", operator, kind)]
                self.assertEqual(leads.search(mine), leads.search(columns), (operator, kind))
        self.assertEqual(leads.search([*self.domain, ("board_kind", "=", "order")]).board_kind, "order")
        off = self._make_native_lead()
        self.assertEqual(leads.search([("id", "=", off.id), ("board_kind", "=", False)]), off)

    def test_the_section_knows_a_status_that_was_added_since(self):
        leads = self.env["crm.lead"]
        leads.search([("board_kind", "=", "status")])
        added = self.env["crm.stage"].create({"name": "Demo", "process_id": self.process.id})
        lead = self._make_lead(stage_id=added.id)
        self.assertIn(lead, leads.search([("board_kind", "=", "status")]))

    def test_a_salesperson_counts_what_she_may_see(self):
        total = self._board(self.sales)["total"]
        self.assertEqual((total["count"], total["projected"]), (4, 840))
        self.assertEqual({owner["id"] for owner in self._board(self.sales)["owners"]}, {self.sales.id})

    def test_a_sum_opens_the_list_that_adds_up_to_it(self):
        measures = {
            None: None,
            "projected": "expected_revenue",
            "weighted": "prorated_revenue",
            "actual": "actual_revenue",
        }
        domains = [
            self.domain,
            [*self.domain, ("user_id", "=", self.sales.id)],
            [*self.domain, ("expected_revenue", ">", 95)],
        ]
        for user in (self.manager, self.sales):
            for domain in domains:
                board = self._board(user, domain)
                figures = {None: board["total"], **board["columns"]}
                for column, row in figures.items():
                    for measure, field in measures.items():
                        leads = self.env["crm.lead"].with_user(user)
                        action = leads.action_salesboard_list(domain, column, measure)
                        records = leads.with_context(active_test=False).search(action["domain"])
                        if measure:
                            self.assertAlmostEqual(sum(records.mapped(field)), row[measure], 2)
                        else:
                            self.assertEqual(len(records), row["count"])

    def test_other_currencies_are_converted_at_the_day_of_closing_and_told_apart(self):
        dollar = self.env.ref("base.USD")
        euro = self.env.ref("base.EUR")
        (dollar | euro).active = True
        mine, theirs = self.env["res.company"].create(
            [{"name": "Mine", "currency_id": euro.id}, {"name": "Theirs", "currency_id": dollar.id}]
        )
        self.env["res.currency.rate"].search([]).unlink()
        for day, rate in (("2026-01-01", 2.0), ("2026-06-01", 4.0)):
            self.env["res.currency.rate"].create(
                [
                    {"currency_id": dollar.id, "company_id": mine.id, "name": day, "rate": rate},
                    {"currency_id": euro.id, "company_id": theirs.id, "name": day, "rate": 1 / rate},
                ]
            )
        self.manager.write({"company_ids": [(4, mine.id), (4, theirs.id)]})
        team = self.env["crm.team"].create({"name": "Both", "process_id": self.process.id, "company_id": False})
        make = lambda company, day, value: self._close(  # noqa: E731
            self._make_lead(
                team_id=team.id,
                user_id=self.manager.id,
                partner_id=False,
                company_id=company.id,
                expected_revenue=value,
            ),
            "order",
            date_closed=f"{day} 12:00:00",
        )
        make(mine, "2026-02-01", 100)
        make(theirs, "2026-02-01", 100)
        make(theirs, "2026-07-01", 100)
        leads = self.env["crm.lead"].with_user(self.manager).with_context(allowed_company_ids=[mine.id, theirs.id])
        total = leads.get_salesboard([("team_id", "=", team.id)])["total"]
        self.assertEqual(total["count"], 3)
        self.assertAlmostEqual(total["actual"], 100 + 50 + 25)
        self.assertEqual(
            {key: row["actual"] for key, row in total["currencies"].items()}, {euro.id: 100, dollar.id: 200}
        )

    def test_the_figures_take_the_same_queries_for_many_projects(self):
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            self._board()
            return self.cr.sql_log_count - start

        queries()
        few = queries()
        self.env["crm.lead"].create(
            [{"name": str(n), "team_id": self.team.id, "expected_revenue": n} for n in range(500)]
        )
        self.assertLessEqual(queries(), few + 2)


@tagged("post_install", "-at_install")
class TestStale(SalesBoardCase):
    def setUp(self):
        super().setUp()
        self.offer.rotting_threshold_days = 7
        with freeze_time("2026-01-01 12:00:00"):
            self.lead = self._make_lead(stage_id=self.offer.id)
            self.lead.date_last_touch = fields.Datetime.now()
            self.lead.date_last_stage_update = fields.Datetime.now()
        self.cr._now = fields.Datetime.to_datetime("2026-01-20 12:00:00")
        self.addCleanup(setattr, self.cr, "_now", None)
        frozen = freeze_time("2026-01-20 12:00:00")
        frozen.start()
        self.addCleanup(frozen.stop)

    def _is_stale(self):
        self.env.flush_all()
        self.env.invalidate_all()
        stale = self.lead.is_rotting
        self.assertEqual(self.lead in self.env["crm.lead"].search([("is_rotting", "=", True)]), stale)
        return stale

    def test_untouched_without_an_activity_ahead_it_is_stale(self):
        self.assertTrue(self._is_stale())
        self.assertEqual(self.lead.rotting_days, 19)

    def test_an_activity_ahead_keeps_it_alive_and_a_passed_one_does_not(self):
        activity = self.lead.activity_schedule("mail.mail_activity_data_call", date(2026, 1, 25), user_id=self.sales.id)
        self.assertFalse(self._is_stale())
        activity.date_deadline = date(2026, 1, 10)
        self.assertTrue(self._is_stale())

    def test_an_import_a_scoring_job_or_a_log_line_is_no_touch(self):
        touches = {
            "import": lambda lead: lead.with_context(tracking_disable=True).write({"expected_revenue": 5}),
            "scoring": lambda lead: lead.env["crm.lead"]._cron_update_automated_probabilities(),
            "log line": lambda lead: lead.message_post(body="Weight changed", message_type="notification"),
        }
        for name, touch in touches.items():
            with self.subTest(name):
                touch(self.lead.with_context(tracking_disable=False))
                self.assertTrue(self._is_stale())

    def test_a_native_team_has_native_rot(self):
        stage = self.env["crm.stage"].create(
            {"name": "Rot", "rotting_threshold_days": 7, "team_ids": self.native_team.ids}
        )
        self.lead = self._make_native_lead(stage_id=stage.id)
        self.lead.date_last_stage_update = "2026-01-01 12:00:00"
        self.lead.activity_schedule("mail.mail_activity_data_call", date(2026, 1, 25), user_id=self.sales.id)
        self.assertTrue(self._is_stale(), "the time in the stage alone counts")

    def test_a_message_and_a_change_of_value_touch_it(self):
        for touch in (
            lambda lead: lead.message_post(body="Called back", message_type="comment"),
            lambda lead: lead.write({"expected_revenue": 5}),
        ):
            self.lead.date_last_touch = "2026-01-01 12:00:00"
            self.assertTrue(self._is_stale())
            touch(self.lead.with_context(tracking_disable=False))
            self.assertFalse(self._is_stale())


@tagged("post_install", "-at_install")
class TestOpenCrm(SalesBoardCase):
    def test_the_app_opens_with_the_board_for_members_of_a_team_on_a_process(self):
        self.native_team.member_ids = self.all_leads
        for user, board in ((self.sales, True), (self.all_leads, False)):
            action = self.env["crm.lead"].with_user(user).action_open_crm()
            self.assertEqual(action.get("xml_id") == "crm_salesboard.crm_lead_action_salesboard", board, user.login)
