from odoo import models
from odoo.fields import Domain


class SpreadsheetDashboard(models.Model):
    """Odoo's trackers make campaigns of their own, which no dashboard counts."""

    _inherit = "spreadsheet.dashboard"

    def _get_counted_domain(self, model):
        if model != "utm.campaign":
            return super()._get_counted_domain(model)
        return Domain("is_auto_campaign", "=", False) & Domain("is_of_my_companies", "=", True)
