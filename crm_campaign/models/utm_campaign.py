from odoo import fields, models


class UtmCampaign(models.Model):
    """A campaign: who is addressed, in which steps, and what came of it."""

    _inherit = "utm.campaign"

    phase = fields.Selection(related="stage_id.phase")
    date_start = fields.Date("Start")
    date_end = fields.Date("End")
    goal = fields.Text(help="What the campaign is to bring about, and for whom.")
    conclusion = fields.Html(help="What was learnt from it.")
    cost_planned = fields.Monetary("Planned Cost")
    cost_actual = fields.Monetary("Actual Cost")
    answer_makes = fields.Selection(
        [("nothing", "Nothing"), ("lead", "A lead"), ("project", "A project")],
        "An Answer Makes",
        required=True,
        default="nothing",
        help="What is made by itself when a member answers; by hand it can always be made.",
    )
    team_id = fields.Many2one("crm.team", "Team", help="Of the leads and projects that reactions become.")
    member_ids = fields.One2many("crm.campaign.member", "campaign_id", "Target Group", readonly=True)
    step_ids = fields.One2many("crm.campaign.step", "campaign_id", "Steps")
