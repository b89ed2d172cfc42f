"""The pipeline of ../shared/data in the funnel: each figure beside one that is counted from the files themselves."""

from collections import Counter
from datetime import datetime

from odoo.tools import SQL

from tests import import_sales_pipeline as outside

REACHED = {"Prospecting": "Prospect", "Engaging": "Offer", "Won": "Order", "Lost": "Prospect"}


class FunnelOfDeals:
    """Tests for a class that has imported the pipeline once for all of them: that takes longer than they do."""

    def _funnel(self, *conditions, user=None):
        leads = self.env["crm.lead"].with_user(user or self.env.ref("base.user_admin"))
        funnel = leads.get_funnel([*self.domain, *conditions])
        return next(process for process in funnel["processes"] if process["id"] == self.process.id)

    def _deals(self, condition=lambda deal: True):
        return [deal for deal in self.pipeline.deals if condition(deal)]

    def _assert_shows(self, funnel, deals):
        """The funnel is that of these deals of the files."""
        prices = self.pipeline.prices
        counts, values, dropped = Counter(), Counter(), 0
        for deal in deals:
            column = REACHED[deal["deal_stage"]]
            counts[column] += 1
            values[column] += prices[deal["product"]]
            dropped += deal["deal_stage"] == "Lost"
        names = ["Prospect", "Offer", "Order"]
        steps = {step["name"]: step for step in funnel["steps"] if step["name"] in names}
        for number, name in enumerate(names):
            beyond = names[number:]
            reached = steps[name]["reached"]
            self.assertEqual(reached["count"], sum(counts[other] for other in beyond), name)
            self.assertAlmostEqual(reached["projected"], sum(values[other] for other in beyond), 2, name)
        self.assertEqual(steps["Prospect"]["dropped"]["count"], dropped)
        self.assertEqual(sum(reason["count"] for reason in steps["Prospect"]["reasons"]), dropped)
        names = [reason["name"] for reason in steps["Prospect"]["reasons"]]
        self.assertEqual(names, ["Not recorded"] if dropped else [])
        won = [deal for deal in deals if deal["deal_stage"] == "Won"]
        self.assertEqual(funnel["won"]["count"], len(won))
        self.assertAlmostEqual(funnel["won"]["actual"], sum(float(deal["close_value"] or 0) for deal in won), 2)

    def test_all_deals(self):
        """8,800 of them, of which 4,238 were won for 10,005,534."""
        funnel = self._funnel()
        self._assert_shows(funnel, self._deals())
        self.assertEqual((funnel["won"]["count"], funnel["won"]["actual"]), (4238, 10_005_534))
        self.assertEqual(funnel["steps"][0]["reached"]["count"], 8800)

    def test_what_was_taken_up_in_a_quarter(self):
        """The cohort of a quarter is what the files say was engaged in it, whenever it was closed."""
        first, last = "2017-04-01", "2017-06-30"

        def is_of_quarter(deal):
            day = deal["engage_date"]
            return bool(day) and first <= datetime.strptime(day, "%d-%m-%y").strftime("%Y-%m-%d") <= last

        funnel = self._funnel(("funnel_date", ">=", first), ("funnel_date", "<=", last))
        self._assert_shows(funnel, self._deals(is_of_quarter))

    def test_what_one_salesperson_sees(self):
        """Own deals alone, without a filter."""
        agent = "Darcel Schlecht"
        login = next(row[2] for row in outside.user_table(self.pipeline).rows if row[1] == agent)
        user = self.env["res.users"].search([("login", "=", login)])
        self._assert_shows(self._funnel(user=user), self._deals(lambda deal: deal["sales_agent"] == agent))

    def test_by_the_database_itself(self):
        """The same by a query that knows nothing of the funnel."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(col.kind, ''), count(*), sum(lead.expected_revenue)
                  FROM crm_lead lead JOIN crm_process_column col ON col.id = lead.board_column_id
                 WHERE lead.team_id = ANY(%s) GROUP BY 1
                """,
                self.teams.ids,
            )
        )
        by_kind = {kind: (count, float(value)) for kind, count, value in rows}
        funnel = self._funnel()
        for part, kind in (("open", "status"), ("dropped", "lost")):
            count = sum(step[part]["count"] for step in funnel["steps"])
            value = sum(step[part]["projected"] for step in funnel["steps"])
            self.assertEqual((count, round(value, 2)), by_kind[kind])
        self.assertEqual((funnel["won"]["count"], funnel["won"]["projected"]), by_kind["order"])

    def test_moved_on_by_hundreds_they_are_counted_where_they_are(self):
        """Five hundred go on to Offer, and half of these are lost there."""
        leads = self.env["crm.lead"].search([*self.domain, ("stage_id", "=", self.process.status_ids[0].id)], limit=500)
        before = {step["name"]: step for step in self._funnel()["steps"]}
        offer = next(column for column in self.process.column_ids if column.stage_id == self.process.status_ids[1])
        leads.write({"board_column_id": offer.id})
        leads[:250].action_set_lost(lost_reason_id=self.env.ref("crm.lost_reason_1").id)
        after = {step["name"]: step for step in self._funnel()["steps"]}
        self.assertEqual(after["Prospect"]["reached"], before["Prospect"]["reached"])
        self.assertEqual(after["Offer"]["reached"]["count"], before["Offer"]["reached"]["count"] + 500)
        self.assertEqual(after["Offer"]["dropped"]["count"], 250)
        self.assertEqual(len(self.env["crm.lead"].get_funnel_days([("id", "in", leads.ids)])), 2)
