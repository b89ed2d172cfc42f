from odoo import api, fields, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    bench_rest = fields.Float("Rest", compute="_compute_bench_rest", store=True)

    @api.depends("expected_revenue", "probability")
    def _compute_bench_rest(self):
        for lead in self:
            lead.bench_rest = lead.expected_revenue * (100 - lead.probability) / 100
