from odoo.tests import tagged

from .common import SalesBoardCase


@tagged("post_install", "-at_install")
class TestNative(SalesBoardCase):
    """A team without a process works as native Odoo, at native cost."""

    def _queries(self, call):
        self.env.flush_all()
        start = self.cr.sql_log_count
        call()
        self.env.flush_all()
        return self.cr.sql_log_count - start

    def test_a_native_project_never_comes_on_the_board(self):
        lead = self._make_native_lead()
        steps = {
            "won": lambda: lead.action_set_won(),
            "open again": lambda: lead.write({"stage_id": self._make_native_lead().stage_id.id}),
            "lost": lambda: lead.action_set_lost(),
            "restored": lambda: lead.action_restore(),
            "archived": lambda: lead.action_archive(),
        }
        for name, step in steps.items():
            with self.subTest(name):
                step()
                self.assertFalse(lead.board_column_id or lead.board_date or lead.actual_revenue or lead.order_basis)
                self.assertFalse(self.env["crm.lead.move"].search_count([("lead_id", "=", lead.id)]))

    def test_anybody_may_write_the_closing_date_of_a_native_project_as_ever(self):
        lead = self._make_lead(team_id=self.native_team.id)
        lead.with_user(self.sales).date_closed = "2026-01-01 12:00:00"
        self.assertTrue(lead.date_closed)

    def test_writing_native_projects_takes_one_query_more_at_most(self):
        stages = self.env["crm.stage"].search([("process_id", "=", False), ("is_won", "=", False)])
        # The owner of another team would take the project along, onto the board if that one is on a process.
        self.native_team.member_ids = self.all_leads
        owner = {"user_id": self.all_leads.id}
        for values in ({"stage_id": stages[1].id}, owner, {"active": False, "probability": 0}):
            counts = []
            for way in ("_write_native", "write", "_write_native", "write"):
                leads = self.env["crm.lead"].create([dict(self._native_vals) for _n in range(5)])
                self.env.flush_all()
                self.env.invalidate_all()
                counts.append(
                    self._queries(lambda leads=leads, way=way, values=values: getattr(leads, way)(dict(values)))
                )
            with self.subTest(values):
                self.assertLessEqual(counts[3], counts[2] + 1, "one to know that the team is native")

    @property
    def _native_vals(self):
        return {"name": "N", "type": "opportunity", "team_id": self.native_team.id, "user_id": self.manager.id}

    def test_closing_a_thousand_costs_on_the_board_hardly_more_than_natively(self):
        def close(leads, **values):
            return self._queries(lambda: leads.action_set_lost(**values))

        def make(count, team):
            return self.env["crm.lead"].create(
                [{"name": str(n), "type": "opportunity", "team_id": team.id, "user_id": False} for n in range(count)]
            )

        natively = close(make(300, self.native_team))
        on_board = close(make(300, self.team), lost_reason_id=self.reason.id)
        self.assertLess(on_board, natively + 30, "a query per project would be 300 more")

    def test_reopening_many_takes_no_query_per_project(self):
        def reopened(count):
            leads = self.env["crm.lead"].create(
                [
                    {"name": str(n), "type": "opportunity", "team_id": self.team.id, "user_id": False}
                    for n in range(count)
                ]
            )
            leads.action_set_lost(lost_reason_id=self.reason.id)
            return self._queries(leads.action_reopen)

        few, many = reopened(10), reopened(300)
        self.assertLess(many, few + 30)

    def test_creating_many_in_a_column_takes_no_query_per_project(self):
        def made(count):
            column = self._column("status", self.offer).id
            vals = [
                {"name": str(n), "team_id": self.team.id, "user_id": self.sales.id, "board_column_id": column}
                for n in range(count)
            ]
            return self._queries(lambda: self.env["crm.lead"].create(vals))

        made(2)
        few, many = made(10), made(300)
        self.assertLess(many, few + 30)
