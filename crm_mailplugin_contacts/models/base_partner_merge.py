from odoo import models


class BasePartnerMerge(models.TransientModel):
    """Of customers who become one, one stays in Outlook, and the others are removed there."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        # sudo: whoever may merge customers need not see in whose Outlook they are
        links = self.env["crm.outlook.contact"].sudo()
        links.search([("partner_id", "in", src_partners.ids)]).partner_id = False
        links.flush_model(["partner_id"])
        return super()._update_foreign_keys(src_partners, dst_partner)
