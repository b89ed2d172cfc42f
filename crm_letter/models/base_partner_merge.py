from odoo import models


class BasePartnerMerge(models.TransientModel):
    """Of customers who become one, one letter of a batch that is not printed yet is enough."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        self.env["crm.letter"]._leave_out_doubles(src_partners | dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)
