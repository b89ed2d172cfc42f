from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The switch of the company, beside the other settings of CRM."""

    _inherit = "res.config.settings"

    crm_assignment_email = fields.Boolean(related="company_id.crm_assignment_email", readonly=False)
