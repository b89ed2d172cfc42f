from odoo import api, fields, models
from odoo.exceptions import AccessError

# What a campaign is to reach and what it costs: natively every employee may change campaigns, these not.
PLAN_FIELDS = frozenset(
    {"date_start", "date_end", "goal", "conclusion", "cost_planned", "cost_actual", "answer_makes", "team_id"}
)
# Natively every employee reads campaigns: what they cost and what was learnt is for those who plan them.
PLANNERS = "sales_team.group_sale_manager,mass_mailing.group_mass_mailing_user"
CONFIDENTIAL = frozenset({"conclusion", "cost_planned", "cost_actual"})


class UtmCampaign(models.Model):
    """A campaign: who is addressed, in which steps, and what came of it."""

    _inherit = "utm.campaign"

    phase = fields.Selection(related="stage_id.phase")
    date_start = fields.Date("Start", copy=False)
    date_end = fields.Date("End", copy=False)
    goal = fields.Text(help="What the campaign is to bring about, and for whom.")
    conclusion = fields.Html(copy=False, groups=PLANNERS, help="What was learnt from it.")
    cost_planned = fields.Monetary("Planned Cost", groups=PLANNERS)
    cost_actual = fields.Monetary(
        "Actual Cost", copy=False, groups=PLANNERS, help="What it did cost; the return is reckoned with it."
    )
    answer_makes = fields.Selection(
        [("nothing", "Nothing"), ("lead", "A lead"), ("project", "A project")],
        "An Answer Makes",
        required=True,
        default="nothing",
        help="What is made by itself when a member answers; by hand it can always be made.",
    )
    team_id = fields.Many2one(
        "crm.team",
        domain="[('company_id', 'in', [False, company_id])]",
        help="Of the leads and projects that reactions become.",
    )
    member_ids = fields.One2many("crm.campaign.member", "campaign_id", "Target Group", readonly=True)
    step_ids = fields.One2many("crm.campaign.step", "campaign_id", "Steps")
    member_count = fields.Integer("Members", compute="_compute_member_counts", compute_sudo=True)
    left_out_count = fields.Integer("Left Out", compute="_compute_member_counts", compute_sudo=True)
    reaction_count = fields.Integer("Reactions", compute="_compute_reaction_count", compute_sudo=True)
    may_plan = fields.Boolean("May Be Planned by Me", compute="_compute_may_plan")

    _period = models.Constraint(
        "CHECK (date_end >= date_start)", "The campaign ends before it starts. Choose a later day for its end."
    )
    _costs_positive = models.Constraint(
        "CHECK (cost_planned >= 0 AND cost_actual >= 0)", "A campaign cannot cost less than nothing."
    )

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("member_ids")
    @api.depends_context("allowed_company_ids")
    def _compute_member_counts(self):
        """How many there are, whoever of them the user may see; of other companies nothing is told."""
        counts = {
            (campaign, state): count
            for campaign, state, count in self.env["crm.campaign.member"]._read_group(
                [("campaign_id", "in", self._within_reach().ids)], ["campaign_id", "state"], ["__count"]
            )
        }
        for campaign in self:
            campaign.member_count = counts.get((campaign._origin, "in"), 0)
            campaign.left_out_count = counts.get((campaign._origin, "left_out"), 0)

    @api.depends_context("allowed_company_ids")
    def _compute_reaction_count(self):
        counts = dict(
            self.env["crm.campaign.dispatch"]._read_group(
                [("campaign_id", "in", self._within_reach().ids), ("outcome", "in", ("clicked", "answered"))],
                ["campaign_id"],
                ["member_id:count_distinct"],
            )
        )
        for campaign in self:
            campaign.reaction_count = counts.get(campaign._origin, 0)

    @api.depends_context("uid")
    def _compute_may_plan(self):
        self.may_plan = self._has_planning_rights()

    def _within_reach(self):
        """Those that are saved, and not of a company that the user does not work in now."""
        return self._origin.filtered(
            lambda campaign: campaign.id and (not campaign.company_id or campaign.company_id in self.env.companies)
        )

    # ------------------------------------------------------------
    # Who plans
    # ------------------------------------------------------------

    @api.model
    def _has_planning_rights(self):
        """Whether the user makes campaigns: as a sales manager or as a user of e-mail marketing."""
        return self.env.su or any(
            self.env.user.has_group(group)
            for group in ("sales_team.group_sale_manager", "mass_mailing.group_mass_mailing_user")
        )

    @api.model
    def _check_may_plan(self):
        """:raise AccessError: it says who may, instead of naming a model and a group"""
        if not self._has_planning_rights():
            raise AccessError(
                self.env._(
                    "Period, goal, costs and what answers make are set by sales managers and by those who work with "
                    "e-mail marketing. Ask one of them."
                )
            )

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # What a form sends along unchanged is no plan.
        nothing = (None, False, 0, "", "nothing")
        if any(vals.get(name) not in nothing for vals in vals_list for name in PLAN_FIELDS):
            self._check_may_plan()
        if not self._has_planning_rights():
            # Nor does a default of the request plan, such as the team of a lead that a campaign is made on.
            vals_list = [
                {name: value for name, value in vals.items() if name not in CONFIDENTIAL} for vals in vals_list
            ]
            defaults = {f"default_{name}" for name in PLAN_FIELDS}
            self = self.with_context({key: value for key, value in self.env.context.items() if key not in defaults})
        return super().create(vals_list)

    def copy_data(self, default=None):
        """Who may not plan copies the campaign without its plan."""
        if self._has_planning_rights():
            return super().copy_data(default)
        default = {**dict.fromkeys(CONFIDENTIAL, False), **(default or {})}
        return [
            {name: value for name, value in vals.items() if name not in PLAN_FIELDS}
            for vals in super().copy_data(default)
        ]

    def write(self, vals):
        if not PLAN_FIELDS.isdisjoint(vals):
            self._check_may_plan()
        return super().write(vals)

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_open_members(self):
        """Open the target group as a list of its own, grouped by nothing, left out ones included.

        :return: an action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_campaign.crm_campaign_member_action")
        return {
            **action,
            "display_name": self.env._("Target group of %(campaign)s", campaign=self.title),
            "domain": [("campaign_id", "=", self.id)],
            "context": {**self._get_members_context(), "create": False},
        }

    def _get_members_context(self):
        """What the list of members is opened with; ``members_state`` in the context chooses those in or left out."""
        state = self.env.context.get("members_state")
        return {f"search_default_{state}": 1} if state in ("in_group", "left_out") else {}
