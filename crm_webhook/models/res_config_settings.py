from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import addresses


class ResConfigSettings(models.TransientModel):
    """What webhooks may reach of the server's own network."""

    _inherit = "res.config.settings"

    crm_webhook_allowed = fields.Char(
        "Receivers in the Own Network", config_parameter=addresses.ALLOWED_PARAMETER, groups="base.group_system"
    )

    @api.constrains("crm_webhook_allowed")
    def _check_crm_webhook_allowed(self):
        for settings in self:
            try:
                addresses.Allowed(settings.crm_webhook_allowed)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "Receivers in the own network: %(error)s. Write names, addresses or networks, as in "
                        "erp.example.com or 10.1.0.0/16.",
                        error=error,
                    )
                ) from error
