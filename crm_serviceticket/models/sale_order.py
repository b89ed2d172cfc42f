from odoo import fields, models


class SaleOrder(models.Model):
    """The tickets about an order, and the one that it replaces something for."""

    _name = "sale.order"
    _inherit = ["crm.ticket.link.mixin", "sale.order"]
    _ticket_field = "sale_order_id"

    ticket_id = fields.Many2one(string="Replacement for Ticket", help="The ticket that the order was prepared for.")

    _ticket_once = models.UniqueIndex(
        "(ticket_id) WHERE ticket_id IS NOT NULL AND state <> 'cancel'",
        "There is another replacement order for this ticket. Cancel that one first.",
    )
