from odoo import api, fields, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    call_ids = fields.One2many("crm.call", "lead_id", "Calls")
    call_count = fields.Integer("Number of Calls", compute="_compute_call_count")

    @api.depends("call_ids")
    def _compute_call_count(self):
        calls = self.env["crm.call"]
        counts = dict(calls._read_group([("lead_id", "in", self.ids)], ["lead_id"], ["__count"]))
        for lead in self:
            lead.call_count = counts.get(lead._origin, 0)

    def _merge_dependences(self, opportunities):
        super()._merge_dependences(opportunities)
        # sudo: as for messages, all that hangs on the merged projects comes along, whoever may change it
        opportunities.sudo().call_ids.lead_id = self.id
