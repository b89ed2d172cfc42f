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

    @api.model
    def _get_merge_links(self):
        return [*super()._get_merge_links(), ("crm.lead.contact", "lead_id")]

    def _merge_linked(self, leads, found):
        super()._merge_linked(leads, found)
        # sudo: as for messages, all that hangs on the merged projects comes along, whoever may change it
        self.env["crm.lead.contact"].sudo().browse(found["crm.lead.contact", "lead_id"])._bring_together(self.sudo())
