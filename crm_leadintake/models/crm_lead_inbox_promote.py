from odoo import api, models
from odoo.fields import Domain


class CrmLeadInbox(models.Model):
    """Leads that qualify become opportunities, Odoo's word for projects, at once: all of a batch together."""

    _inherit = "crm.lead.inbox"

    @api.model
    def _promote(self, config, leads):
        """Convert those leads for which the rule of the source holds, as the wizard does."""
        if config.promotion != "rule" or not leads:
            return
        domain = self.env["crm.intake.source"].browse(config.id)._get_promotion_domain()
        leads = leads.search(Domain([("id", "in", leads.ids), ("type", "=", "lead")]) & Domain(domain))
        if leads:
            # what the wizard writes is the same for all that have a stage and keep their customer
            leads.write(leads[0]._convert_opportunity_data(leads[0].partner_id))

    @api.model
    def _act_on_duplicates(self, config, entries):
        """An update can make a lead meet the rule."""
        super()._act_on_duplicates(config, entries)
        lead_ids = {entry.lead_id for entry in entries if entry.action == "updated"}
        self._promote(config, self.env["crm.lead"].browse(lead_ids - {None}))
