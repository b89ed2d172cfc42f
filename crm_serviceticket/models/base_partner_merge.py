from odoo import models


class BasePartnerMerge(models.TransientModel):
    """Tickets follow the customers that become one, and are those of its company then, in the portal too."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        res = super()._update_foreign_keys(src_partners, dst_partner)
        # sudo: of hidden tickets and of other companies as well; the right to merge was checked
        tickets = self.env["crm.ticket"].sudo()
        tickets.invalidate_model(["partner_id", "contact_id", "commercial_partner_id"])
        moved = tickets.search([("partner_id", "=", dst_partner.id)])
        self.env.add_to_compute(tickets._fields["commercial_partner_id"], moved)
        return res
