from odoo import fields, models


class CrmCampaignStepUser(models.Model):
    """How much of a step's calls and to-dos a user takes."""

    _name = "crm.campaign.step.user"
    _description = "Share of a Campaign's To-Dos"
    _order = "sequence, id"

    step_id = fields.Many2one("crm.campaign.step", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    user_id = fields.Many2one("res.users", required=True, domain=[("share", "=", False)])
    per_day = fields.Integer(
        "Per Day",
        required=True,
        default=20,
        help="How many the user can do on a working day: shares and due dates follow from it.",
    )

    _user_once = models.UniqueIndex("(step_id, user_id)", "A user takes one share of a step.")
    _per_day_positive = models.Constraint("CHECK (per_day > 0)", "Say how many a day somebody does: one at least.")
