from odoo import api, fields, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    contact_ids = fields.One2many("crm.lead.contact", "lead_id", "Contacts")
    contact_count = fields.Integer("Number of Contacts", compute="_compute_contact_count")
    contact_customer_id = fields.Many2one(
        related="partner_id.commercial_partner_id", string="Customer of the Contacts", related_sudo=False
    )

    @api.depends("contact_ids")
    def _compute_contact_count(self):
        contacts = self.env["crm.lead.contact"]
        counts = dict(contacts._read_group([("lead_id", "in", self.ids)], ["lead_id"], ["__count"]))
        for lead in self:
            lead.contact_count = counts.get(lead._origin, 0)

    def _merge_dependences(self, opportunities):
        super()._merge_dependences(opportunities)
        # sudo: as for messages, all that hangs on the merged projects comes along, whoever may change it
        opportunities.sudo().contact_ids._move_to_lead(self.sudo())
