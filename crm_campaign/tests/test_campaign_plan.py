from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import CampaignCase


@tagged("post_install", "-at_install")
class TestPlan(CampaignCase):
    """A campaign is planned in phases: what it is for, whom it goes to, in which steps, and what was learnt."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stages = {
            phase: cls.env["utm.stage"].search([("phase", "=", phase)], limit=1)
            for phase in ("preparation", "planned", "running", "evaluated")
        }

    def _run_step(self, state="running", campaign=None, **values):
        step = self._make_step("todo", campaign=campaign, **values)
        step.sudo().state = state
        return step

    # ------------------------------------------------------------
    # Planning
    # ------------------------------------------------------------

    def test_a_manager_plans_period_goal_costs_and_what_an_answer_makes(self):
        with Form(self._as(self.manager, self.env["utm.campaign"]), view="utm.utm_campaign_view_form") as form:
            form.title = "Open Day"
            form.date_start, form.date_end = "2026-03-01", "2026-03-31"
            form.goal = "Fifty visitors"
            form.cost_planned, form.cost_actual = 500, 450
            form.answer_makes = "lead"
            form.team_id = self.team
        campaign = form.save()
        self.assertEqual(
            (campaign.phase, campaign.user_id, campaign.company_id), ("preparation", self.manager, self.home)
        )
        self.assertEqual((campaign.cost_planned, campaign.answer_makes, campaign.team_id), (500, "lead", self.team))

    def test_a_period_does_not_end_before_it_starts_and_nothing_costs_less_than_nothing(self):
        for values in (
            {"date_start": "2026-03-02", "date_end": "2026-03-01"},
            {"cost_planned": -1},
            {"cost_actual": -5},
        ):
            with self.subTest(values=values), self.assertRaises(Exception) as caught, mute_logger("odoo.sql_db"):
                with self.env.cr.savepoint():
                    self.campaign.write(values)
                    self.env.flush_all()
            self.assertIn("utm_campaign", str(caught.exception))

    def test_employees_may_do_natively_what_they_could_and_not_plan(self):
        theirs = self._as(self.outsider, self.campaign)
        theirs.write({"title": "Spring Fair 2", "user_id": self.outsider.id})
        made = theirs.create({"title": "Of my own", "answer_makes": "nothing", "cost_planned": 0})
        self.assertEqual(made.phase, "preparation")
        for values in (
            {"cost_planned": 5},
            {"cost_actual": 0},
            {"goal": "x"},
            {"answer_makes": "project"},
            {"date_end": False},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError) as caught:
                theirs.write(values)
            self.assertIn("sales managers", str(caught.exception))
        with self.assertRaises(AccessError):
            theirs.create({"title": "Rich", "cost_planned": 1000})
        defaults = {"default_cost_planned": 1000, "default_answer_makes": "project", "default_team_id": self.team.id}
        made = theirs.with_context(**theirs.env.context, **defaults).create({"title": "By default"}).sudo()
        self.assertEqual((made.cost_planned, made.answer_makes, made.team_id.id), (0, "nothing", False))

    def test_what_it_costs_and_what_was_learnt_is_for_those_who_plan(self):
        self._evaluate(self.campaign)
        self.campaign.write({"cost_planned": 500, "cost_actual": 450, "goal": "Visitors"})
        readers = {self.manager, self.marketing}
        for user in (*readers, self.sales, self.all_leads, self.outsider, self.accountant):
            theirs = self._as(user, self.campaign)
            for name in ("cost_planned", "cost_actual", "conclusion"):
                calls = {
                    "read": lambda theirs=theirs, name=name: theirs.read([name]),
                    "search": lambda theirs=theirs, name=name: theirs.search([(name, "!=", False)]),
                }
                if name != "conclusion":
                    calls["sum"] = lambda theirs=theirs, name=name: theirs.formatted_read_group([], [], [f"{name}:sum"])
                for what, call in calls.items():
                    with self.subTest(user=user.login, name=name, what=what):
                        if user in readers:
                            call()
                            continue
                        with self.assertRaises(AccessError):
                            call()
        theirs = self._as(self.outsider, self.campaign)
        copy = theirs.copy().sudo()
        self.assertEqual((copy.title, copy.cost_planned, copy.goal), ("Spring Fair", 0, False))
        self.assertEqual(self._as(self.manager, self.campaign).copy().cost_planned, 500)
        # And what Odoo lets every employee do: move it between stages.
        theirs.stage_id = self.stages["running"]
        theirs.stage_id = self.stages["evaluated"]

    def test_each_role_may_do_what_the_table_says(self):
        step, member = self._make_step("todo"), self._make_members(self.customer)
        table = {  # sees numbers of members, reads steps, changes steps, sees success
            "manager": (True, True, True, True),
            "marketing": (True, True, True, True),
            "sales": (True, True, False, False),
            "all_leads": (True, True, False, False),
            "outsider": (True, False, False, False),
            "accountant": (True, False, False, False),
        }
        for role, expected in table.items():
            user = getattr(self, role)
            campaign = self._as(user, self.campaign)
            found = (
                campaign.member_count == len(member),
                self._as(user, step).has_access("read"),
                self._as(user, step).has_access("write"),
                campaign._has_field_access(campaign._fields["success"], "read"),
            )
            with self.subTest(role=role):
                self.assertEqual(found, expected)
                self.assertEqual(campaign.may_plan, expected[2])

    def test_the_form_opens_for_each_role_and_keeps_odoos_own_buttons(self):
        for role in ("manager", "marketing", "sales", "outsider", "accountant"):
            arch = self._as(getattr(self, role), self.env["utm.campaign"]).get_view(
                self.env.ref("utm.utm_campaign_view_form").id, "form"
            )["arch"]
            with self.subTest(role=role):
                self.assertEqual('name="success"' in arch, role in ("manager", "marketing"))
                self.assertEqual('name="cost_actual"' in arch, role in ("manager", "marketing"))
                self.assertEqual('name="steps"' in arch, role in ("manager", "marketing", "sales"))
                self.assertEqual('name="action_redirect_to_quotations"' in arch, role in ("manager", "sales"))
                self.assertEqual('name="action_create_mass_sms"' in arch, role == "marketing")
            # Odoo itself reads on it what is for users of e-mail marketing alone.
            with Form(self._as(getattr(self, role), self.campaign), view="utm.utm_campaign_view_form") as form:
                self.assertEqual(form.phase, "planned")

    def test_of_another_company_nothing_is_counted(self):
        self._make_members(self._make_people(2))
        self.assertEqual(self._as(self.manager, self.campaign).member_count, 2)
        self.manager.company_ids = [Command.link(self.away.id)]
        elsewhere = self._as(self.manager, self.campaign).with_context(allowed_company_ids=self.away.ids)
        self.assertEqual((elsewhere.member_count, elsewhere.reaction_count, elsewhere.success), (0, 0, False))

    def test_the_list_of_campaigns_is_counted_in_as_many_queries_as_one(self):
        campaigns = self.campaign
        for number in range(8):
            campaigns += self._make_campaign(f"Fair {number}")
        for campaign in campaigns:
            self._make_dispatches(self._make_step(campaign=campaign), self._make_members(self.customer, campaign))
        names = ["member_count", "left_out_count", "reaction_count"]
        self._as(self.manager, campaigns).read(names)
        counts = []
        for some in (campaigns[:1], campaigns):
            some = self._as(self.manager, some)
            before = self.env.cr.sql_log_count
            some.read(names)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_the_target_group_opens_in_two_lists(self):
        people = self._make_members(self._make_people(2))
        out = self._make_members(self.customer, state="left_out", reason="blacklisted")
        for state, members in (("in_group", people), ("left_out", out)):
            action = self._as(self.manager, self.campaign).with_context(members_state=state).action_open_members()
            self.assertEqual(action["context"][f"search_default_{state}"], 1)
            self.assertLessEqual(members, self.env["crm.campaign.member"].search(action["domain"]))

    def test_copying_a_campaign_copies_its_plan_and_nothing_that_happened(self):
        self.campaign.write({"goal": "Visitors", "cost_planned": 10, "cost_actual": 8, "conclusion": "<p>Good</p>"})
        self._make_members(self.customer)
        copy = self.campaign.copy()
        self.assertEqual((copy.goal, copy.cost_planned), ("Visitors", 10))
        self.assertFalse(copy.cost_actual or copy.conclusion or copy.member_ids)

    # ------------------------------------------------------------
    # Phases
    # ------------------------------------------------------------

    def test_what_is_started_or_planned_takes_its_campaign_along_and_never_back(self):
        campaign = self._make_campaign("Summer", stage_id=self.stages["preparation"].id)
        self._run_step("planned", campaign)
        self.assertEqual(campaign.stage_id, self.stages["planned"])
        self._run_step("running", campaign)
        self.assertEqual(campaign.stage_id, self.stages["running"])
        further = self.env["utm.stage"].create({"name": "Second round", "phase": "running", "sequence": 60})
        campaign.stage_id = further
        self._run_step("planned", campaign)
        self._run_step("running", campaign)
        self.assertEqual(campaign.stage_id, further)

    def test_a_real_start_takes_the_campaign_along(self):
        self._make_members(self.customer)
        self._as(self.manager, self._make_step("todo")).action_start()
        self.assertEqual(self.campaign.phase, "running")

    def test_without_a_stage_for_it_a_campaign_stays_where_it_is(self):
        stages = self.env["utm.stage"].search([("phase", "=", "running")])
        stages.phase = "preparation"
        self._run_step()
        self.assertEqual(self.campaign.stage_id, self.stage)

    def test_nothing_starts_in_an_evaluated_campaign(self):
        self._make_members(self.customer)
        step = self._make_step("todo", planned_on="2026-01-01 08:00:00")
        self.campaign.write({"conclusion": "<p>Well done</p>", "stage_id": self.stages["evaluated"].id})
        for action in ("action_start", "action_plan"):
            with self.subTest(action=action), self.assertRaises(UserError):
                getattr(self._as(self.manager, step), action)()
        with self.assertRaises(UserError) as caught:
            step.sudo().state = "running"
        self.assertIn("evaluated", str(caught.exception))
        self.campaign.stage_id = self.stages["running"]
        self._as(self.manager, step).action_start()
        self.assertEqual(step.state, "running")

    def test_evaluating_waits_for_the_steps_and_asks_what_was_learnt(self):
        step = self._run_step()
        campaign = self._as(self.manager, self.campaign)
        with self.assertRaises(UserError) as caught:
            campaign.action_evaluate()
        self.assertIn(step.name, str(caught.exception))
        step.sudo().state = "stopped"
        action = campaign.action_evaluate()
        with Form(campaign, view=self.env["ir.ui.view"].browse(action["views"][0][0])) as form:
            form.conclusion = "<p>Call earlier</p>"
            form.cost_actual = 90
        campaign.action_set_evaluated()
        campaign.action_set_evaluated()
        self.assertEqual((campaign.phase, campaign.cost_actual), ("evaluated", 90))

    def test_dragging_a_card_to_evaluated_asks_the_same(self):
        for values in ({}, {"conclusion": "<p><br></p>"}):
            with self.subTest(values=values), self.assertRaises(UserError) as caught:
                self.campaign.write({"stage_id": self.stages["evaluated"].id, **values})
            self.assertIn("Evaluate", str(caught.exception))
        step = self._run_step()
        with self.assertRaises(UserError):
            self.campaign.write({"stage_id": self.stages["evaluated"].id, "conclusion": "<p>Good</p>"})
        step.sudo().state = "done"
        self.campaign.write({"stage_id": self.stages["evaluated"].id, "conclusion": "<p>Good</p>"})
        self.campaign.user_id = self.sales  # and once it is there, nothing is asked again
        self.assertEqual(self.campaign.phase, "evaluated")

    def test_stages_show_their_phase_and_natively_made_ones_are_of_preparation(self):
        stage = self.env["utm.stage"].create({"name": "Ideas"})
        self.assertEqual(stage.phase, "preparation")
        for view in ("utm.utm_stage_view_tree", "utm.utm_stage_view_form"):
            view = self.env.ref(view)
            self.assertIn('name="phase"', self.env["utm.stage"].get_view(view.id, view.type)["arch"])

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def test_how_far_steps_are_costs_the_same_for_many_as_for_one(self):
        members = self._make_members(self._make_people(6))
        steps = self.env["crm.campaign.step"]
        for number in range(5):
            step = self._make_step(is_repeat=True, name=f"Step {number}")
            self._make_dispatches(step, members[:3], state="sent", is_repeat=True)
            self._make_dispatches(step, members[3:5], is_repeat=True)
            self._make_dispatches(step, members[5:], state="left_out", reason="no_email")
            steps += step
        names = ["recipient_count", "waiting_count", "addressed_count", "left_out_count", "failed_count", "progress"]
        counts = []
        for some in (steps[:1], steps):
            some = self._as(self.manager, some)
            some.mapped("name")
            before = self.env.cr.sql_log_count
            values = some.read(names)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertEqual([values[0][name] for name in names], [5, 2, 3, 1, 0, 60])

    def test_members_of_a_step_open_by_what_happened(self):
        members = self._make_members(self._make_people(2))
        step = self._make_step()
        self._make_dispatches(step, members)
        action = self._as(self.manager, step).with_context(dispatch_filter="left_out").action_open_dispatches()
        self.assertEqual(action["context"]["search_default_left_out"], 1)
        self.assertEqual(self.env["crm.campaign.dispatch"].search(action["domain"]).member_id, members)
