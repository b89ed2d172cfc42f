from odoo import api, fields, models

GROUPS = "sales_team.group_sale_salesman,crm_serviceticket.group_ticket_user,account.group_account_invoice"


class ResPartner(models.Model):
    """The tickets of a customer and its contact persons."""

    _inherit = "res.partner"

    ticket_count = fields.Integer("Tickets", compute="_compute_ticket_count", groups=GROUPS, exportable=False)

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_ticket_count(self):
        companies = self._origin.commercial_partner_id
        counts = self.env["crm.ticket"]._count_by(
            "commercial_partner_id", [("commercial_partner_id", "in", companies.ids)]
        )
        for partner in self:
            partner.ticket_count = counts.get(partner._origin.commercial_partner_id.id, 0)

    def action_open_tickets(self):
        """The tickets of the customer and its contact persons.

        :return: an action
        """
        self.ensure_one()
        company = self.commercial_partner_id
        context = {"default_partner_id": company.id}
        if self != company:
            context["default_contact_id"] = self.id
        return self.env["crm.ticket"]._action_open_list([("commercial_partner_id", "=", company.id)], **context)
