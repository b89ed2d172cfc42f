from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merging moves what hangs on a contact in SQL, which is noticed nowhere else."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        # before the holds are moved along: of what is merged away, name and addresses are lost
        src_partners._unlink_except_held()
        super()._update_foreign_keys(src_partners, dst_partner)
        (src_partners | dst_partner)._notice_dealings()
