from odoo import api, models


class CrmLeadHiddenMixin(models.AbstractModel):
    """Messages, activities and files of a ticket are hidden with the project that the ticket belongs to."""

    _inherit = "crm.lead.hidden.mixin"

    @api.model
    def _documents_of_leads(self):
        return super()._documents_of_leads() | {"crm.ticket": "lead_id"}
