from odoo import api, fields, models

from .res_partner import GROUPS


class CrmLead(models.Model):
    """Tickets about a project hang on it, and are hidden with it."""

    _inherit = "crm.lead"

    ticket_count = fields.Integer("Tickets", compute="_compute_ticket_count", groups=GROUPS, exportable=False)

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_ticket_count(self):
        counts = self.env["crm.ticket"]._count_by("lead_id", [("lead_id", "in", self._origin.ids)])
        for lead in self:
            lead.ticket_count = counts.get(lead._origin.id, 0)

    def action_open_tickets(self):
        """The tickets about the project.

        :return: an action
        """
        self.ensure_one()
        context = {"default_lead_id": self.id, "default_partner_id": self.partner_id.commercial_partner_id.id}
        return self.env["crm.ticket"]._action_open_list([("lead_id", "=", self.id)], **context)

    @api.model
    def _get_merge_links(self):
        return [*super()._get_merge_links(), ("crm.ticket", "lead_id")]

    def _merge_linked(self, leads, found):
        super()._merge_linked(leads, found)
        # sudo: tickets go with their project, hidden ones too; the right to merge was checked
        self.env["crm.ticket"].sudo().browse(found["crm.ticket", "lead_id"]).write({"lead_id": self.id})
