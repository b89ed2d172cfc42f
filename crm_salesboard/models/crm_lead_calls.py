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

    @api.model
    def _get_merge_links(self):
        return [*super()._get_merge_links(), ("crm.call", "lead_id")]

    def _merge_linked(self, leads, found):
        super()._merge_linked(leads, found)
        # sudo: as for messages, all that hangs on the merged projects comes along, whoever may change it
        self.env["crm.call"].sudo().browse(found["crm.call", "lead_id"]).lead_id = self.id
