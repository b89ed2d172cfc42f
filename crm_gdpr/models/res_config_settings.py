from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    """Settings of privacy."""

    _inherit = "res.config.settings"

    gdpr_retention_years = fields.Integer(related="company_id.gdpr_retention_years", readonly=False)
    gdpr_suppression = fields.Boolean(related="company_id.gdpr_suppression", readonly=False)

    @api.onchange("gdpr_retention_years")
    def _onchange_gdpr_retention_years(self):
        if message := self.company_id._warn_of_retention(self.gdpr_retention_years):
            return {"warning": {"title": self.env._("Fewer Years Than the Law Demands"), "message": message}}
