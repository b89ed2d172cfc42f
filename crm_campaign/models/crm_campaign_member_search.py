from odoo import api, fields, models
from odoo.fields import Domain

from .crm_campaign_dispatch import OUTCOMES

RANK = {outcome: rank for rank, (outcome, _label) in enumerate(OUTCOMES)}


class CrmCampaignMember(models.Model):
    """What a member is found by: what the customer or lead is called today, and what happened in all steps together."""

    _inherit = "crm.campaign.member"

    outcome = fields.Selection(
        OUTCOMES,
        "What Happened",
        compute="_compute_outcome",
        search="_search_outcome",
        help="In all steps together. Of several, the furthest: whoever answered once has answered.",
    )

    @api.depends("dispatch_ids.outcome")
    def _compute_outcome(self):
        # sudo: of members that the user may read, which is what decides on it
        dispatches = self.env["crm.campaign.dispatch"].sudo()
        furthest = {}
        for member, outcome in dispatches._read_group(
            [("member_id", "in", self._origin.ids)], ["member_id", "outcome"]
        ):
            furthest[member.id] = max(furthest.get(member.id, outcome), outcome, key=lambda key: RANK.get(key, -1))
        for member in self:
            member.outcome = furthest.get(member._origin.id, False)

    def _search_outcome(self, operator, value):
        """Those for whom it is the furthest; without one: whom no step has asked for yet."""
        if operator != "in":
            return NotImplemented
        domain = Domain("dispatch_ids", "=", False) if False in value else Domain.FALSE
        for outcome in set(value) & RANK.keys():
            further = [other for other, rank in RANK.items() if rank > RANK[outcome]]
            domain |= Domain("dispatch_ids.outcome", "=", outcome) & ~Domain("dispatch_ids.outcome", "in", further)
        return domain

    def _search_name(self, operator, value):
        return self._search_master(operator, value, ["complete_name"], ["contact_name", "partner_name", "name"])

    def _search_email(self, operator, value):
        return self._search_master(operator, value, ["email"], ["email_from"])

    def _search_phone(self, operator, value):
        return self._search_master(operator, value, ["phone"], ["phone"])

    @api.model
    def _search_master(self, operator, value, of_partner, of_lead):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        partners = Domain.OR(Domain(f"partner_id.{name}", operator, value) for name in of_partner)
        if not self.env["crm.lead"].has_access("read"):
            return partners
        leads = Domain.OR(Domain(f"lead_id.{name}", operator, value) for name in of_lead)
        return partners | (Domain("partner_id", "=", False) & leads)
