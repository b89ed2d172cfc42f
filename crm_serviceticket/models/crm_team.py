from odoo import fields, models


class CrmTeam(models.Model):
    _inherit = "crm.team"

    uses_tickets = fields.Boolean("Service Tickets", help="The team works on complaints of customers.")
    # Beside the alias of the team itself, whose mails become leads.
    ticket_alias_id = fields.Many2one(
        "mail.alias", "Ticket Alias", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    ticket_calendar_id = fields.Many2one(
        "resource.calendar",
        "Working Hours of Tickets",
        check_company=True,
        help="Deadlines of tickets are counted in these; in those of the company, if empty.",
    )
    ticket_hours_low = fields.Float("Deadline, Low Priority", default=40, help="In working hours.")
    ticket_hours_medium = fields.Float("Deadline, Medium Priority", default=24, help="In working hours.")
    ticket_hours_high = fields.Float("Deadline, High Priority", default=8, help="In working hours.")
    ticket_hours_urgent = fields.Float("Deadline, Very High Priority", default=4, help="In working hours.")
