import json

from odoo.tests import tagged

from .common import FunnelCase


@tagged("post_install", "-at_install")
class TestFunnel(FunnelCase):
    """The figures of the funnel, counted by hand."""

    def _make_all(self):
        """Seven of the projects below, each worth another power of two."""
        lost, cancelled = self._column("lost"), self._column("cancelled")
        paths = [
            [self.unprocessed],
            [self.unprocessed, self.at_prospect, lost],
            [self.at_prospect],
            [self.at_prospect, self.at_talks, self.at_offer],
            [self.at_offer, cancelled],
            [self.at_prospect, self.at_talks, lost],
            [self.at_prospect, self.at_order],
        ]
        return [self._through(*path, expected_revenue=2**power) for power, path in enumerate(paths)]

    def test_number_and_value_of_each_step(self):
        self._make_all()
        self.assertEqual(self._column_names(), ["Unprocessed", "Prospect", "Offer", "Talks", "Order"])
        expected = {
            self.unprocessed: ((7, 127), (1, 1), (0, 0)),
            self.at_prospect: ((6, 126), (1, 4), (1, 2)),
            self.at_offer: ((4, 120), (0, 0), (1, 16)),
            self.at_talks: ((3, 104), (1, 8), (1, 32)),
            self.at_order: ((1, 64), (0, 0), (0, 0)),
        }
        steps = self._steps()
        for column, parts in expected.items():
            with self.subTest(column.name):
                step = steps[column.id]
                self.assertEqual(
                    tuple((step[part]["count"], step[part]["projected"]) for part in ("reached", "open", "dropped")),
                    parts,
                )

    def _column_names(self):
        return [step["name"] for step in self._funnel()["steps"]]

    def test_the_share_that_went_on(self):
        self._make_all()
        steps = list(self._steps().values())
        self.assertEqual([step["next"]["count"] for step in steps], [6 / 7, 4 / 6, 3 / 4, 1 / 3, None])
        projected = [126 / 127, 120 / 126, 104 / 120, 64 / 104, None]
        self.assertEqual([step["next"]["projected"] for step in steps], projected)

    def test_whatever_reached_a_column_went_on_or_dropped_out_or_is_open(self):
        self._make_all()
        steps = list(self._steps().values())
        for step, following in zip(steps, [*steps[1:], None], strict=True):
            for measure in ("count", "projected"):
                with self.subTest(f"{measure} of {step['name']}"):
                    went_on = following["reached"][measure] if following else self._funnel()["won"][measure]
                    rest = step["dropped"][measure] + step["open"][measure]
                    self.assertEqual(step["reached"][measure], went_on + rest)

    def test_why_they_dropped_out_most_first(self):
        silent = self.env["crm.lost.reason"].create({"name": "Silent"})
        for reason, value in ((silent, 1), (self.reason, 2), (silent, 4)):
            lead = self._through(self.at_offer, expected_revenue=value)
            lead.action_set_lost(lost_reason_id=reason.id)
        self._through(self.at_offer, self._column("cancelled"), expected_revenue=8)
        reasons = self._steps()[self.at_offer.id]["reasons"]
        self.assertEqual(
            [(reason["name"], reason["kind"], reason["count"], reason["projected"]) for reason in reasons],
            [("Silent", "lost", 2, 5), ("Stopped", "cancelled", 1, 8), ("Too slow", "lost", 1, 2)],
        )
        self.assertEqual(reasons[0]["id"], silent.id)

    def test_what_was_won(self):
        self._through(self.at_offer, expected_revenue=100)
        self._put(self._make_lead(expected_revenue=100), self.at_order, actual_revenue=90)
        self.assertEqual(self._funnel()["won"], {"count": 1, "projected": 100, "actual": 90})

    def test_a_move_that_was_taken_back_never_happened(self):
        lead = self._through(self.at_prospect).with_user(self.sales)
        before = self._funnel()
        for target in (self.at_talks, self.at_order):
            self._put(lead, target)
            self.assertNotEqual(self._funnel(), before)
            lead.action_undo_move(self.at_prospect.id, target.id)
            self.assertEqual(self._funnel(), before)

    def test_unprocessed_ones_are_a_step_once_there_ever_were_any(self):
        lead = self._through(self.at_offer)
        self.assertEqual(self._column_names()[0], "Prospect")
        self._put(lead, self.unprocessed)
        self.assertEqual(self._column_names()[0], "Prospect", "it got as far as Offer before")
        self._put(lead, self.at_offer)
        self.assertEqual(self._column_names()[0], "Unprocessed")

    def test_a_move_out_of_unprocessed_that_was_taken_back_makes_no_step(self):
        lead = self._through(self.at_offer).with_user(self.sales)
        self._put(lead, self.unprocessed)
        self._put(lead, self.at_offer)
        lead.action_undo_move(self.unprocessed.id, self.at_offer.id)
        self.assertEqual(self._column_names()[0], "Prospect", "it got as far as Offer, and never went on from there")

    def test_what_came_in_within_a_period_is_measured(self):
        self.sales.tz = "Pacific/Auckland"
        with self.at("2026-03-31 08:00:00"):
            march = self._through(self.at_prospect)
        with self.at("2026-03-31 22:00:00"):
            self._through(self.at_prospect)
        with self.at("2026-05-01 08:00:00"):
            self._put(march, self.at_order)
        periods = {("2026-03-01", "2026-03-31"): (1, 1), ("2026-04-01", "2026-04-30"): (1, 0)}
        for (first, last), expected in periods.items():
            domain = [*self.domain, ("funnel_date", ">=", first), ("funnel_date", "<=", last)]
            funnel = self._funnel(domain=domain)
            self.assertEqual((funnel["steps"][0]["reached"]["count"], funnel["won"]["count"]), expected)

    def test_two_processes_are_two_funnels_in_the_order_of_the_board(self):
        tender = self.env["crm.process"].create(
            {"name": "Tender", "sequence": self.process.sequence - 1, "status_ids": [(0, 0, {"name": "Enquiry"})]}
        )
        team = self.env["crm.team"].create({"name": "Tenders", "process_id": tender.id})
        self._through(self.at_prospect)
        self._make_lead(team_id=team.id, user_id=False)
        domain = [("team_id", "in", (self.team | team).ids)]
        funnel = self.env["crm.lead"].with_user(self.manager).get_funnel(domain)
        self.assertEqual([process["name"] for process in funnel["processes"]], ["Tender", "Standard"])
        self.assertEqual([process["steps"][0]["reached"]["count"] for process in funnel["processes"]], [1, 1])

    def test_of_nothing_there_is_nothing(self):
        leads = self.env["crm.lead"].with_user(self.manager)
        funnel = leads.get_funnel([("team_id", "=", self.team.id)])
        self.assertEqual(funnel, {"currency_id": self.env.company.currency_id.id, "processes": []})
        self.assertEqual(leads.get_funnel_days([("team_id", "=", self.team.id)]), {})

    def test_projects_put_aside_or_native_are_in_no_funnel(self):
        self._through(self.at_prospect, probability=30).active = False
        self._make_native_lead()
        self.assertFalse(self._funnel(domain=[("team_id", "in", (self.team | self.native_team).ids)]))

    def test_the_answer_can_be_sent(self):
        self._make_all()
        leads = self.env["crm.lead"].with_user(self.manager)
        self.assertTrue(json.dumps(leads.get_funnel(self.domain)))
        self.assertTrue(json.dumps(leads.get_funnel_days(self.domain)))
        self.assertTrue(json.dumps(leads.action_open_funnel(self.domain, self.at_offer.id, "open")))

    # ------------------------------------------------------------
    # Days
    # ------------------------------------------------------------

    def test_the_median_of_the_stays(self):
        for days in (1, 2, 9):
            with self.at("2026-03-01 12:00:00"):
                lead = self._through(self.at_prospect)
            with self.at(f"2026-03-{1 + days:02} 12:00:00"):
                self._put(lead, self.at_offer)
        with self.at("2026-03-20 12:00:00"):
            self._put(lead, self._column("lost"))
        leads = self.env["crm.lead"].with_user(self.sales)
        self.assertEqual(leads.get_funnel_days(self.domain), {self.at_prospect.id: 2.0, self.at_offer.id: 10.0})
        self.assertEqual(leads.get_funnel_days([("id", "=", lead.id)]), {self.at_prospect.id: 9, self.at_offer.id: 10})

    def test_a_move_that_was_taken_back_ends_no_stay(self):
        with self.at("2026-03-01 12:00:00"):
            lead = self._through(self.at_prospect).with_user(self.sales)
        with self.at("2026-03-03 12:00:00"):
            self._put(lead, self.at_talks)
        with self.at("2026-03-04 12:00:00"):
            lead.action_undo_move(self.at_prospect.id, self.at_talks.id)
        self.assertEqual(lead.get_funnel_days(self.domain), {})
        with self.at("2026-03-06 12:00:00"):
            self._put(lead, self.at_offer)
        self.assertEqual(lead.get_funnel_days(self.domain), {self.at_prospect.id: 5.0})
