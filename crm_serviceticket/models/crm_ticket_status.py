from odoo import fields, models


class CrmTicketStatus(models.Model):
    """How far a ticket is: a column of the ticket board."""

    _name = "crm.ticket.status"
    _description = "Status of Tickets"
    _inherit = "crm.badge.mixin"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, help="An archived status is kept where it is used and offered no more.")
    text_color = fields.Char(default="#1F2937")
    background_color = fields.Char(default="#E5E7EB")
    fold = fields.Boolean("Folded on the Board")
    closes = fields.Boolean("Closes the Ticket", help="A ticket with this status is done with, and has a result.")
    is_waiting = fields.Boolean(
        "Waits for the Customer", help="When the customer answers, a ticket with this status is worked on again."
    )
