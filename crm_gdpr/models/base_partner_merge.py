from odoo import models
from odoo.exceptions import UserError


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merging moves what hangs on a contact in SQL, which is noticed nowhere else."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Refuse who was anonymised: that they were would become true of whom they are merged with.

        :raise UserError: if one of the contacts is anonymised, or kept by law alone
        """
        # sudo: contacts that are kept by law alone are not seen by everybody
        if self.env["res.partner"].sudo().browse(partner_ids).exists().filtered("gdpr_state"):
            raise UserError(self.env._("An anonymised contact cannot be merged: leave it out."))
        return super()._merge(partner_ids, dst_partner, extra_checks)

    def _update_foreign_keys(self, src_partners, dst_partner):
        # before the holds are moved along: of what is merged away, name and addresses are lost
        src_partners._unlink_except_held()
        super()._update_foreign_keys(src_partners, dst_partner)
        (src_partners | dst_partner)._notice_dealings()
