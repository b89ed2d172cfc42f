from odoo import api, models


class CrmProcess(models.Model):
    """A webhook for the projects of some processes never becomes one for all because its last process is deleted."""

    _inherit = "crm.process"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_last_of_webhook(self):
        self.env["crm.webhook"]._check_narrowed_by("process_ids", self)
