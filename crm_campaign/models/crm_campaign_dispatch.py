from odoo import fields, models

from .crm_campaign_member import REASONS
from .crm_campaign_step import CHANNELS

STEP_REASONS = [
    ("no_email", "No e-mail address"),
    ("invalid_email", "Not an e-mail address"),
    ("no_number", "No phone number"),
    ("invalid_number", "Not a valid number"),
    ("not_mobile", "Not a mobile number"),
    ("no_address", "No postal address"),
    ("no_customer", "A lead without a customer"),
    ("same_address", "Same address as another member"),
    ("had_one", "Was addressed on this channel already"),
]
# In the order in which one follows the other: of several, the last counts.
OUTCOMES = [
    ("waiting", "Waiting"),
    ("left_out", "Left Out"),
    ("failed", "Failed"),
    ("bounced", "Bounced"),
    ("sent", "Sent"),
    ("opened", "Opened"),
    ("clicked", "Clicked"),
    ("done", "Done"),
    ("answered", "Answered"),
]


class CrmCampaignDispatch(models.Model):
    """One member in one step: whether they were addressed, or why not, and what Odoo's own records say came of it."""

    _name = "crm.campaign.dispatch"
    _description = "Member in a Step of a Campaign"
    _order = "id"
    _rec_name = "member_id"

    step_id = fields.Many2one("crm.campaign.step", required=True, readonly=True, index=True, ondelete="cascade")
    member_id = fields.Many2one("crm.campaign.member", required=True, readonly=True, index=True, ondelete="cascade")
    campaign_id = fields.Many2one("utm.campaign", required=True, readonly=True, index=True, ondelete="cascade")
    channel = fields.Selection(CHANNELS, required=True, readonly=True)
    is_repeat = fields.Boolean(readonly=True)
    state = fields.Selection(
        [("waiting", "Waiting"), ("sent", "Sent"), ("failed", "Failed"), ("left_out", "Left Out")],
        required=True,
        readonly=True,
        default="waiting",
    )
    reason = fields.Selection([*REASONS, *STEP_REASONS], "Left Out Because", readonly=True)
    # What a trace says is for who may read mailings; everybody else reads what happened here.
    trace_id = fields.Many2one(
        "mailing.trace",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups="mass_mailing.group_mass_mailing_user",
    )
    letter_id = fields.Many2one("crm.letter", readonly=True, index="btree_not_null", ondelete="set null")
    activity_id = fields.Many2one("mail.activity", readonly=True, index="btree_not_null", ondelete="set null")
    user_id = fields.Many2one("res.users", "Who Does It", readonly=True, index="btree_not_null")
    result_id = fields.Many2one(
        "crm.choice", index="btree_not_null", ondelete="restrict", domain=[("usage", "=", "campaign_result")]
    )
    outcome = fields.Selection(
        OUTCOMES, "What Happened", compute="_compute_outcome", store=True, index=True, default="waiting"
    )

    _member_once = models.UniqueIndex("(step_id, member_id)", "A member is in a step once.")
    _channel_once = models.UniqueIndex(
        "(member_id, channel) WHERE state <> 'left_out' AND is_repeat IS NOT TRUE",
        "A member is addressed once on a channel.",
    )
    _waiting_index = models.Index("(step_id, id) WHERE state = 'waiting'")
    _left_out_has_reason = models.Constraint(
        "CHECK ((state = 'left_out') = (reason IS NOT NULL))", "Who is left out is left out for a reason."
    )
