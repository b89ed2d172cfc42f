from odoo import api, fields, models
from odoo.fields import Domain

REASONS = [
    ("double", "Same person as another member"),
    ("out_of_reach", "Customer or project you may not see"),
    ("archived", "Archived"),
    ("anonymised", "Anonymised"),
    ("blacklisted", "Wants no advertising"),
    ("company", "Of another company"),
    ("removed", "Taken out by hand"),
]


class CrmCampaignMember(models.Model):
    """One person of the target group of a campaign: a customer, or a lead without one. Mailings are sent to members.

    The list is frozen: it says who was to be addressed when it was made, and of whoever is left out the reason. What a
    member is called and where they are reached is read from the customer or lead at any time.
    """

    _name = "crm.campaign.member"
    _description = "Member of a Campaign"
    _inherit = ["mail.thread", "crm.access.mixin"]
    _mailing_enabled = True
    _order = "id"
    _rec_name = "name"

    campaign_id = fields.Many2one("utm.campaign", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True, index="btree_not_null", ondelete="cascade")
    lead_id = fields.Many2one(readonly=True, index="btree_not_null")
    name = fields.Char(compute="_compute_master", compute_sudo=False)
    email = fields.Char(compute="_compute_master", compute_sudo=False)
    phone = fields.Char(compute="_compute_master", compute_sudo=False)
    state = fields.Selection(
        [("in", "In the Group"), ("left_out", "Left Out")], required=True, readonly=True, default="in"
    )
    reason = fields.Selection(REASONS, "Left Out Because", readonly=True)
    added_by_id = fields.Many2one("res.users", "Added By", readonly=True, default=lambda self: self.env.user)
    dispatch_ids = fields.One2many("crm.campaign.dispatch", "member_id", "What Happened", readonly=True)
    result_lead_id = fields.Many2one(
        "crm.lead",
        "Made of the Reaction",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The lead or project that the reaction became.",
    )

    _customer_once = models.UniqueIndex(
        "(campaign_id, partner_id) WHERE partner_id IS NOT NULL AND state = 'in'", "A customer is in a campaign once."
    )
    _lead_once = models.UniqueIndex(
        "(campaign_id, lead_id) WHERE lead_id IS NOT NULL AND state = 'in'", "A lead is in a campaign once."
    )
    _is_somebody = models.Constraint(
        "CHECK (partner_id IS NOT NULL OR lead_id IS NOT NULL)", "A member is a customer or a lead."
    )
    _left_out_has_reason = models.Constraint(
        "CHECK ((state = 'left_out') = (reason IS NOT NULL))", "Who is left out is left out for a reason."
    )

    @api.depends("partner_id", "lead_id")
    def _compute_master(self):
        for member in self:
            partner, lead = member.partner_id, member.lead_id
            member.name = partner.name or lead.contact_name or lead.partner_name or lead.name
            member.email = partner.email or lead.email_from
            member.phone = partner.phone or lead.phone

    @api.model
    def _get_access_domain(self):
        """Without a project or customer it is for all whom the rules let see it."""
        of_projects = Domain("lead_id", "=", False) | super()._get_access_domain()
        of_customers = Domain("partner_id", "=", False) | Domain("partner_id", "any", [])
        return of_projects & of_customers
