from odoo import fields, models


class CrmActivityReport(models.Model):
    _inherit = "crm.activity.report"

    won_status = fields.Selection(selection_add=[("cancelled", "Cancelled")])
