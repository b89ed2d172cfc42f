from odoo import fields
from odoo.tests import tagged

from .common import FunnelCase


@tagged("post_install", "-at_install")
class TestProgressCost(FunnelCase):
    """The history is written along with what is written anyway."""

    def _queries(self, call):
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.cr.sql_log_count
        call()
        self.env.flush_all()
        return self.cr.sql_log_count - start

    def _make(self, count, team=None):
        team = team or self.team
        vals = {"type": "opportunity", "team_id": team.id, "user_id": False}
        return self.env["crm.lead"].create([{"name": str(number), **vals} for number in range(count)])

    def test_a_thousand_take_no_query_per_project(self):
        steps = {
            "made": lambda leads: self._make(len(leads)),
            "moved": lambda leads: leads.write({"board_column_id": self.at_talks.id}),
            "won": lambda leads: leads.write({"board_column_id": self.at_order.id}),
            "opened again": lambda leads: leads.action_reopen(),
            "lost": lambda leads: leads.action_set_lost(lost_reason_id=self.reason.id),
        }
        few, many = self._make(10), self._make(1000)
        for name, step in steps.items():
            with self.subTest(name):
                counts = [self._queries(lambda leads=leads, step=step: step(leads)) for leads in (few, many)]
                self.assertLess(counts[1], counts[0] + 60, "a query per project would be 990 more")
        self.assertEqual(set(many.furthest_column_id), {self.at_talks})

    def test_different_ways_behind_them_take_no_query_per_project(self):
        leads = self._make(60)
        for part, column in ((leads[:20], self.at_offer), (leads[20:40], self.at_talks)):
            part.write({"board_column_id": column.id})
        self.assertLess(
            self._queries(lambda: leads.write({"board_column_id": self.at_prospect.id})), 60, "there are 60 of them"
        )

    def test_projects_that_came_on_different_days_are_moved_together(self):
        leads = self._make(60)
        for number, lead in enumerate(leads):
            lead.funnel_date = fields.Date.subtract(fields.Date.today(), days=number)
        others = self._make(60)
        counts = [
            self._queries(lambda part=part: part.write({"board_column_id": self.at_talks.id}))
            for part in (others, leads)
        ]
        self.assertLess(counts[1], counts[0] + 20, "they came on 60 days")
        self.assertEqual(len(set(leads.mapped("funnel_date"))), 60)

    def test_native_ones_write_no_history(self):
        native = self._make(5, self.native_team)
        stages = self.env["crm.stage"].search([("process_id", "=", False), ("is_won", "=", False)])
        native.write({"stage_id": stages[1].id, "expected_revenue": 5})
        native.action_set_lost()
        native.action_unarchive()
        self.assertFalse(self.env["crm.lead.move"].search_count([("lead_id", "in", native.ids)]))

    def test_a_funnel_of_many_takes_the_queries_of_one_of_few(self):
        def ask():
            self._funnel()
            self.env["crm.lead"].with_user(self.manager).get_funnel_days(self.domain)

        self._make(2).write({"board_column_id": self.at_offer.id})
        self._queries(ask)
        few = self._queries(ask)
        self._make(500).write({"board_column_id": self.at_offer.id})
        self.assertLessEqual(self._queries(ask), few + 2, "a query per project would be 500 more")
