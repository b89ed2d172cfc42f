from odoo import api, fields, models
from odoo.fields import Domain

from .res_partner import GROUPS


class SaleOrder(models.Model):
    """The tickets about an order, and the one that it replaces something for.

    That one is told to nobody as such, nor set by hand: who may see the order may not see the ticket for that.
    """

    _inherit = "sale.order"

    ticket_id = fields.Many2one(
        "crm.ticket",
        "Replacement for Ticket",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups=fields.NO_ACCESS,
        help="The ticket that the order was prepared for.",
    )
    crm_ticket_count = fields.Integer(
        "Tickets", compute="_compute_crm_ticket_count", groups=GROUPS, exportable=False
    )

    _ticket_once = models.UniqueIndex(
        "(ticket_id) WHERE ticket_id IS NOT NULL AND state <> 'cancel'",
        "There is another replacement order for this ticket. Cancel that one first.",
    )

    @api.model
    def default_get(self, fields):
        """Only a ticket says that something was prepared for it."""
        defaults = super().default_get(fields)
        defaults.pop("ticket_id", None)
        return defaults

    @api.depends("ticket_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_crm_ticket_count(self):
        counts = self.env["crm.ticket"]._count_by_document("sale_order_id", self)
        for order in self:
            order.crm_ticket_count = counts.get(order._origin.id, 0)

    def action_open_crm_tickets(self):
        """Open the tickets about an order, and the one that it was prepared for.

        :return: an action
        """
        self.ensure_one()
        domain = Domain("sale_order_id", "=", self.id) | Domain("id", "=", self.sudo().ticket_id.id)
        context = {"default_partner_id": self.partner_id.id, "default_sale_order_id": self.id}
        return self.env["crm.ticket"]._action_open_list(domain, **context)
