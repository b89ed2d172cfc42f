from odoo import api, models


class CrmCustomField(models.Model):
    _inherit = "crm.custom.field"

    @api.model
    def _selection_model(self):
        return [*super()._selection_model(), ("crm.ticket", self.env._("Service tickets"))]
