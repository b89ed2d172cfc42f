from odoo import api, models


class CrmLead(models.Model):
    """No import makes a lead of an anonymised person."""

    _inherit = "crm.lead"

    @api.model_create_multi
    def create(self, vals_list):
        self.env["crm.gdpr.suppression"]._check_import("crm.lead", vals_list)
        return super().create(vals_list)
