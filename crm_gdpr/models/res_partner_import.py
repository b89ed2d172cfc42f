from odoo import api, models


class ResPartner(models.Model):
    """No import makes a contact of an anonymised person again."""

    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        self.env["crm.gdpr.suppression"]._check_import("res.partner", vals_list)
        return super().create(vals_list)
