from odoo import api, models


class MailActivityPlan(models.Model):
    """Which plans are in use is kept at hand, see ``crm.process.column``."""

    _inherit = "mail.activity.plan"

    def write(self, vals):
        if "active" in vals:
            self.env.registry.clear_cache()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_forget_cached(self):
        self.env.registry.clear_cache()
