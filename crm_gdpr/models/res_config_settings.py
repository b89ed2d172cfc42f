from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings of privacy."""

    _inherit = "res.config.settings"

    gdpr_retention_years = fields.Integer(related="company_id.gdpr_retention_years", readonly=False)
    gdpr_suppression = fields.Boolean(related="company_id.gdpr_suppression", readonly=False)
