from odoo import models


class BasePartnerMerge(models.TransientModel):
    """Customers who become one are one member of a campaign."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        # sudo: whoever may merge customers need not see what is planned with them
        members = self.env["crm.campaign.member"].sudo()
        members.search([("partner_id", "in", (src_partners | dst_partner).ids)])._become_one()
        return super()._update_foreign_keys(src_partners, dst_partner)
