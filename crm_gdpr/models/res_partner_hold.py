from odoo import api, models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    """A contact that is held is not deleted either."""

    _inherit = "res.partner"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        # sudo: whoever may delete contacts is told which are held, and not why
        held = self.env["crm.gdpr.hold"].sudo()._get_reasons(self)
        if held:
            names = self.browse(held).mapped("display_name")
            raise UserError(
                self.env._(
                    "These contacts are on hold. Neither they nor their leads can be deleted or merged into others: "
                    "%(names)s. Ask a privacy officer.",
                    names=", ".join(names[:5]),
                )
            )


class CrmLead(models.Model):
    """Nor are its leads."""

    _inherit = "crm.lead"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        # sudo: also a customer whom whoever deletes leads may not read
        self.sudo().partner_id._unlink_except_held()
