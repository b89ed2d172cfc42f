from odoo import api, fields, models
from odoo.fields import Domain


class CrmTicket(models.Model):
    _inherit = "crm.ticket"

    is_overdue = fields.Boolean("Overdue", compute="_compute_is_overdue", search="_search_is_overdue")

    @api.depends("date_deadline", "is_closed")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for ticket in self:
            ticket.is_overdue = not ticket.is_closed and bool(ticket.date_deadline) and ticket.date_deadline < now

    @api.model
    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        overdue = Domain("is_closed", "=", False) & Domain("date_deadline", "<", fields.Datetime.now())
        return overdue if True in value else ~overdue
