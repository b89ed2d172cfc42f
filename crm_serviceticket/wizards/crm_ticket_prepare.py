from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmTicketPrepare(models.TransientModel):
    """Which lines, and how much of each, an order or credit note for a ticket is prepared of.

    The ticket opens it, with what it is about. Users enter quantities and add products; nobody can point it, or its
    lines, at anything else and read what that is.
    """

    _name = "crm.ticket.prepare"
    _description = "Prepare for a Ticket"

    ticket_id = fields.Many2one("crm.ticket", required=True, ondelete="cascade", groups=fields.NO_ACCESS)
    kind = fields.Selection(
        [("order", "Order"), ("credit_note", "Credit Note")], required=True, groups=fields.NO_ACCESS
    )
    about = fields.Char("Of", compute="_compute_about")
    currency_id = fields.Many2one("res.currency", compute="_compute_about")
    line_ids = fields.One2many("crm.ticket.prepare.line", "prepare_id", "Lines")

    @api.depends("ticket_id", "kind")
    def _compute_about(self):
        for wizard in self:
            # sudo: the ticket and the kind are those that the dialogue was opened for; the document is asked as user
            ticket, kind = wizard.sudo().ticket_id, wizard.sudo().kind
            document = (ticket.sale_order_id if kind == "order" else ticket.invoice_id).sudo(False)
            document = document if document.has_access("read") else document.browse()
            wizard.about = document.name
            wizard.currency_id = document.currency_id

    def action_prepare(self):
        """Make the draft and open it, or the one that a colleague made meanwhile.

        :return: an action
        :raise UserError: no quantity was entered, or more than there is
        """
        self.ensure_one()
        lines = self._get_chosen()
        # sudo: what the dialogue was opened for; the ticket is asked as the user
        ticket, kind = self.sudo().ticket_id.sudo(False), self.sudo().kind
        if kind == "order":
            document = ticket._prepare_order([line._prepare_order_row() for line in lines])
        else:
            document = ticket._prepare_credit_note(self._get_quantities(lines))
        return ticket._action_open_prepared(document)

    def _get_chosen(self):
        if any(line.quantity < 0 for line in self.line_ids):
            raise UserError(self.env._("A quantity cannot be below 0."))
        lines = self.line_ids.filtered("quantity")
        if not lines:
            raise UserError(self.env._("Enter a quantity for at least one line."))
        return lines

    def _get_quantities(self, lines):
        # sudo: the ticket makes sure that they are lines of its invoice, which the user may read
        lines = lines.sudo()
        if not all(line.move_line_id for line in lines):
            raise UserError(self.env._("Only lines of the invoice can be credited."))
        quantities = {}
        for line in lines:
            of = line.move_line_id
            quantities[of] = quantities.get(of, 0) + line.quantity
        return quantities


class CrmTicketPrepareLine(models.TransientModel):
    """One line of what is prepared."""

    _name = "crm.ticket.prepare.line"
    _description = "Line of What Is Prepared for a Ticket"
    _order = "id"

    prepare_id = fields.Many2one("crm.ticket.prepare", required=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one(related="prepare_id.currency_id")
    sale_line_id = fields.Many2one("sale.order.line", ondelete="cascade", groups=fields.NO_ACCESS)
    move_line_id = fields.Many2one("account.move.line", ondelete="cascade", groups=fields.NO_ACCESS)
    is_ordered = fields.Boolean("Of the Order", readonly=True)
    product_id = fields.Many2one("product.product", domain=[("sale_ok", "=", True)], ondelete="cascade")
    name = fields.Text("Description", readonly=True)
    uom_id = fields.Many2one("uom.uom", "Unit", readonly=True, ondelete="cascade")
    price = fields.Float(readonly=True, digits="Product Price", help="Of one, after its discount.")
    quantity_ordered = fields.Float("Ordered", readonly=True, digits="Product Unit")
    quantity_left = fields.Float("Left to Credit", readonly=True, digits="Product Unit")
    quantity = fields.Float(digits="Product Unit", default=1)

    def write(self, vals):
        """Change lines.

        :raise AccessError: to the dialogue of somebody else
        """
        res = super().write(vals)
        if "prepare_id" in vals:
            # Odoo checks before writing: the dialogue that it is moved to must be one's own as well.
            self.check_access("write")
        return res

    def _prepare_order_row(self):
        if not self.product_id:
            raise UserError(self.env._("Choose a product for each line."))
        self.product_id.check_access("read")
        row = {"product_id": self.product_id.id, "product_uom_qty": self.quantity}
        # sudo: only whether it is a line of the order that the ticket is about, which the user may read
        line = self.sudo().sale_line_id
        about = self.sudo().prepare_id.ticket_id.sale_order_id
        if line and line.order_id == about and line.product_id == self.product_id:
            row.update(product_uom_id=line.product_uom_id.id, name=line.name)
        return row
