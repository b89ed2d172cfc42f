from odoo import fields, models


class ResCompany(models.Model):
    """Whether people are told of leads and projects that they got."""

    _inherit = "res.company"

    crm_assignment_email = fields.Boolean(string="E-mail on Assignment of Leads", default=True)
