from ast import literal_eval

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import FunnelCase


@tagged("post_install", "-at_install")
class TestFunnelDrill(FunnelCase):
    """A click on a figure opens exactly the projects that it counts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.silent = cls.env["crm.lost.reason"].create({"name": "Silent"})

    def _make_all(self):
        """Projects of two owners that came to each column and stayed, were lost for either reason, or cancelled."""
        value = 0
        for user in (self.sales, self.other):
            for last in self.path[:-1]:
                for end in (None, "lost", "cancelled", "order", "reopened"):
                    value += 1
                    lead = self._through(last, user_id=user.id, expected_revenue=value)
                    if end == "lost":
                        lead.action_set_lost(lost_reason_id=(self.reason | self.silent)[value % 2].id)
                    elif end == "cancelled":
                        self._put(lead, self._column("cancelled"))
                    elif end:
                        self._put(lead, self.at_order, *([self.at_prospect] if end == "reopened" else []))

    def _figures(self, funnel):
        """All figures of a funnel, each with the arguments that open it."""
        for step in funnel["steps"]:
            for part in ("reached", "open", "dropped"):
                yield step[part], (step["column_id"], part)
            for reason in step["reasons"]:
                yield reason, (step["column_id"], "dropped", reason["kind"], reason["id"])

    def test_every_figure_is_what_its_list_holds(self):
        self._make_all()
        filters = {
            "all": self.domain,
            "of one": [*self.domain, ("user_id", "=", self.sales.id)],
            "one or the other": ["|", ("expected_revenue", "<", 7), ("user_id", "=", self.other.id)],
            "archived, as the board shows them": [*self.domain, ("active", "=", False)],
        }
        checked = 0
        for user in (self.manager, self.sales, self.all_leads):
            leads = self.env["crm.lead"].with_user(user)
            for name, domain in filters.items():
                for figures, arguments in self._figures(self._funnel(user, domain)):
                    with self.subTest(f"{user.login}, {name}, {arguments}"):
                        action = leads.action_open_funnel(domain, *arguments)
                        context = {"active_test": False}
                        found = leads.with_context(**context).search(action["domain"])
                        self.assertEqual(len(found), figures["count"])
                        self.assertEqual(sum(found.mapped("expected_revenue")), figures["projected"])
                        checked += 1
        self.assertGreater(checked, 150)

    def test_pivot_and_list_of_the_menu_count_what_the_first_bar_counts(self):
        self._make_all()
        self._through(self.at_prospect, probability=30).active = False  # put aside: on no board
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_dashboard.crm_lead_action_funnel")
        domain = [*literal_eval(action["domain"]), *self.domain]
        leads = self.env["crm.lead"].with_user(self.manager).with_context(active_test=False)
        bar = next(iter(self._steps(domain=domain).values()))["reached"]
        self.assertEqual(leads.search_count(domain), bar["count"])
        self.assertEqual(self._steps(domain=domain), self._steps())

    def test_what_dropped_out_opens_by_outcome_too(self):
        self._make_all()
        leads = self.env["crm.lead"].with_user(self.manager).with_context(active_test=False)
        for kind in ("lost", "cancelled"):
            action = leads.action_open_funnel(self.domain, self.at_offer.id, "dropped", kind)
            found = leads.search(action["domain"])
            self.assertEqual(found.mapped("won_status"), [kind] * 2)

    def test_a_reason_that_was_never_given_is_one_too(self):
        lead = self._make_native_lead()
        lead.action_set_lost()
        self.native_team.switch_process(self.process)
        domain = [("team_id", "=", self.native_team.id)]
        column = lead.furthest_column_id
        (reason,) = self._steps(domain=domain)[column.id]["reasons"]
        self.assertEqual((reason["id"], reason["name"], reason["count"]), (False, "Without a Reason", 1))
        leads = self.env["crm.lead"].with_user(self.manager)
        action = leads.action_open_funnel(domain, column.id, "dropped", "lost", False)
        self.assertEqual(leads.with_context(active_test=False).search(action["domain"]), lead)

    def test_the_list_shows_closed_ones_and_says_what_it_is(self):
        action = (
            self.env["crm.lead"]
            .with_user(self.sales)
            .action_open_funnel(self.domain, self.at_offer.id, "dropped", "lost", self.reason.id)
        )
        self.assertEqual(action["type"], "ir.actions.act_window")
        self.assertIn("'active_test': False", action["context"])
        self.assertEqual(action["name"], "Dropped out at Offer: Too slow")
        self.assertTrue({"list", "kanban", "form"} <= {mode for _view, mode in action["views"]})

    def test_what_is_no_figure_is_refused(self):
        leads = self.env["crm.lead"].with_user(self.sales)
        for arguments in (
            (0, "open"),
            (False, "open"),
            (10**9, "open"),
            ("x", "open"),
            (self._column("lost").id, "reached"),
            (self._column("cancelled").id, "dropped"),
            (self.at_offer.id, "won"),
            (self.at_offer.id, None),
            (self.at_offer.id, "dropped", "stolen"),
        ):
            with self.subTest(arguments), self.assertRaises(UserError):
                leads.action_open_funnel(self.domain, *arguments)
