from odoo import fields, models

from .crm_intake_source import OFFICER


class CrmLead(models.Model):
    """The way from a lead to what came in for it."""

    _inherit = "crm.lead"

    intake_inbox_count = fields.Integer(compute="_compute_intake_inbox_count", groups=OFFICER)

    def _compute_intake_inbox_count(self):
        counts = dict(self.env["crm.lead.inbox"]._read_group([("lead_id", "in", self.ids)], ["lead_id"], ["__count"]))
        for lead in self:
            lead.intake_inbox_count = counts.get(lead, 0)

    def action_view_intake(self):
        """What came in for the lead: of one row the row, else a list."""
        self.ensure_one()
        rows = self.env["crm.lead.inbox"].search([("lead_id", "=", self.id)])
        return rows._get_records_action(name=self.env._("What Came In"))
