from odoo import api, models


class CrmTeam(models.Model):
    """A webhook for the projects of some teams never becomes one for those of all because its last team is deleted."""

    _inherit = "crm.team"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_last_of_webhook(self):
        self.env["crm.webhook"]._check_narrowed_by("team_ids", self)
