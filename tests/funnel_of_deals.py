"""The pipeline of ../shared/data in the funnel: each figure beside one that is counted from the files themselves."""

from collections import Counter

REACHED = {"Prospecting": "Prospect", "Engaging": "Offer", "Won": "Order", "Lost": "Prospect"}


class FunnelOfDeals:
    """What the funnel shows to a user, and what the files say of the same deals."""

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
