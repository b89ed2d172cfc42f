from odoo import api, fields, models
from odoo.exceptions import UserError
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

FROZEN = frozenset(
    {"campaign_id", "company_id", "partner_id", "lead_id", "state", "reason", "added_by_id", "result_lead_id"}
)


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
    name = fields.Char(compute="_compute_master", compute_sudo=False, search="_search_name")
    email = fields.Char("E-mail", compute="_compute_master", compute_sudo=False, search="_search_email")
    phone = fields.Char(compute="_compute_master", compute_sudo=False, search="_search_phone")
    state = fields.Selection(
        [("in", "In the Group"), ("left_out", "Left Out")], required=True, readonly=True, default="in"
    )
    reason = fields.Selection(REASONS, "Left Out Because", readonly=True)
    added_by_id = fields.Many2one("res.users", readonly=True, default=lambda self: self.env.user)
    dispatch_ids = fields.One2many("crm.campaign.dispatch", "member_id", "Addressed By", readonly=True)
    # Who sees the member need not see what the reaction became; what they see of it is seen_lead_id.
    result_lead_id = fields.Many2one(
        "crm.lead",
        "What the Reaction Became",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups=fields.NO_ACCESS,
    )
    has_result = fields.Boolean("Something Was Made", compute="_compute_has_result", compute_sudo=True)
    seen_lead_id = fields.Many2one(
        "crm.lead",
        "Made of the Reaction",
        compute="_compute_seen_lead_id",
        compute_sudo=False,
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
            member.name = partner.name or partner.complete_name or lead.contact_name or lead.partner_name or lead.name
            member.email = partner.email or lead.email_from
            member.phone = partner.phone or lead.phone

    @api.depends("result_lead_id")
    def _compute_has_result(self):
        for member in self:
            member.has_result = bool(member.result_lead_id)

    @api.depends("result_lead_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_seen_lead_id(self):
        # sudo: only to learn which lead to ask for, which is then asked as the user
        lead_of = {member: member.sudo().result_lead_id.id for member in self}
        seen = self.env["crm.lead"].browse({lead for lead in lead_of.values() if lead})._filtered_access("read")
        for member, lead in lead_of.items():
            member.seen_lead_id = seen.browse(lead) if lead in seen._ids else False

    # ------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------

    @api.model
    def _get_access_domain(self):
        """Without a project or customer it is for all whom the rules let see it.

        Who makes campaigns and sells nothing may read no leads: of those who are leads they see how many they are.
        """
        of_projects = Domain("lead_id", "=", False)
        if self.env["crm.lead"].has_access("read"):
            of_projects |= super()._get_access_domain()
        return of_projects & (Domain("partner_id", "=", False) | Domain("partner_id", "any", []))

    def _filter_out_of_reach(self, operation):
        """As for projects, and those whose customer the user may not see."""
        out_of_reach = super()._filter_out_of_reach(operation)
        # sudo: only to learn which customer to ask for, which is then asked as the user
        partner_of = {member.id: member.partner_id.id for member in self.sudo()}
        partners = self.env["res.partner"].browse({partner for partner in partner_of.values() if partner})
        readable = set(partners._filtered_access("read")._ids)
        hidden = [member for member, partner in partner_of.items() if partner and partner not in readable]
        return out_of_reach | self.browse(hidden)

    def write(self, vals):
        """Who is in the group is not written from outside.

        :raise UserError: it would be
        """
        if not self.env.su and FROZEN & vals.keys():
            raise UserError(
                self.env._(
                    "The target group is frozen: add members to the campaign, or take them out and put them back."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_addressed(self):
        """
        :raise UserError: they were addressed: what a campaign did stays with it
        """
        if not self.env.su and self._get_addressed():
            raise UserError(self.env._("Some of them were addressed already. They stay with the campaign."))

    def _get_addressed(self):
        """Those whom a step has addressed, or is about to."""
        # sudo: whether, also by a step that the user may not see
        dispatches = self.env["crm.campaign.dispatch"].sudo()
        domain = [("member_id", "in", self.ids), ("state", "!=", "left_out")]
        return self.browse(member.id for [member] in dispatches._read_group(domain, ["member_id"]))
