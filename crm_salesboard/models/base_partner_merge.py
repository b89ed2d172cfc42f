from odoo import models


class BasePartnerMerge(models.TransientModel):
    """Of customers that are blocked each and become one, one block stays in force."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        self.env["crm.customer.block"]._release_doubles(src_partners | dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)
