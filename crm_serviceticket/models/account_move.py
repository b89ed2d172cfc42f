from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import float_round

from .res_partner import GROUPS

HEADINGS = ("line_section", "line_subsection")


class AccountMove(models.Model):
    """The tickets about an invoice, and the one that a credit note was prepared for.

    That one is told to nobody as such, nor set by hand: who may see the invoice may not see the ticket for that.
    """

    _inherit = "account.move"

    ticket_id = fields.Many2one(
        "crm.ticket",
        "Credit Note for Ticket",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups=fields.NO_ACCESS,
        help="The ticket that the credit note was prepared for.",
    )
    crm_ticket_count = fields.Integer(
        "Tickets", compute="_compute_crm_ticket_count", groups=GROUPS, exportable=False
    )

    _ticket_once = models.UniqueIndex(
        "(ticket_id) WHERE ticket_id IS NOT NULL AND state <> 'cancel'",
        "There is another credit note for this ticket. Cancel that one first.",
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
        counts = self.env["crm.ticket"]._count_by_document("invoice_id", self)
        for move in self:
            move.crm_ticket_count = counts.get(move._origin.id, 0)

    def action_open_crm_tickets(self):
        """Open the tickets about an invoice, and the one that a credit note was prepared for.

        :return: an action
        """
        self.ensure_one()
        domain = Domain("invoice_id", "=", self.id) | Domain("id", "=", self.sudo().ticket_id.id)
        context = {"default_partner_id": self.partner_id.id}
        if self.move_type == "out_invoice":
            context["default_invoice_id"] = self.id
        return self.env["crm.ticket"]._action_open_list(domain, **context)

    # ------------------------------------------------------------
    # What is left to credit
    # ------------------------------------------------------------

    def _get_creditable(self):
        """How much of each line of an invoice has not been credited, drafts of credit notes counted as credited.

        A line that takes something off is none to credit: what it takes off is less of the other lines of its product.

        :return: dict of quantity by ``account.move.line``, in their order, 0 where nothing is left
        """
        self.ensure_one()
        left = self._get_net_quantities()
        for note in self._get_credit_notes():
            for credited, quantity in note._get_net_quantities().items():
                credited._take_off(left, quantity, credited._get_credited_candidates(left))
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return {line: float_round(quantity, digits, rounding_method="DOWN") for line, quantity in left.items()}

    def _get_net_quantities(self):
        """What each line of an invoice or credit note stands for, less what others of its product take off.

        :return: dict of quantity by ``account.move.line``, in their order
        """
        lines = self.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        lines = lines.sorted(lambda line: (line.sequence, line.id))
        net = {line: line.quantity for line in lines if line.quantity > 0 and line.price_unit >= 0}
        for line in lines:
            if line.quantity < 0 <= line.price_unit or line.price_unit < 0 < line.quantity:
                line._take_off(net, abs(line.quantity), line._get_same(net))
        return net

    def _get_credit_notes(self):
        return self.reversal_move_ids.filtered(lambda note: note.move_type == "out_refund" and note.state != "cancel")

    def _get_amount_left(self):
        """What has not been credited of the total of an invoice, in its currency, drafts counted as credited."""
        self.ensure_one()
        return self.amount_total - sum(
            note.currency_id._convert(note.amount_total, self.currency_id, self.company_id, note.date or self.date)
            for note in self._get_credit_notes()
        )

    def _get_rounding_of_notes(self):
        """By how much the sum of partial credit notes may differ from their invoice, as each rounds its taxes."""
        taxes = self.line_ids.filtered(lambda line: line.display_type == "tax")
        return self.currency_id.rounding * len(self._get_credit_notes()) * len(taxes)

    def _get_partial_commands(self, quantities):
        """What makes a credit note of the whole invoice one of some of its lines.

        A heading stays where something under it does, and a remark where what it follows does.

        :param dict quantities: quantity by ``account.move.line`` of the invoice
        :return: commands for ``invoice_line_ids``
        """
        lines = self.invoice_line_ids.sorted(lambda line: (line.sequence, line.id))
        kept, above, last = self.env["account.move.line"], {}, None
        remarks = []
        for line in lines:
            if line.display_type in HEADINGS:
                above = {"line_section": line} if line.display_type == "line_section" else {**above, "line_subsection": line}
                last = line
            elif line.display_type == "line_note":
                remarks.append((line, last))
            else:
                last = line
                if quantities.get(line.credited_line_id):
                    kept = kept.union(line, *above.values())
        kept = kept.union(*(remark for remark, owner in remarks if owner is None or owner in kept))
        update, delete = fields.Command.update, fields.Command.delete
        return [
            *(delete(line.id) for line in lines - kept),
            *(
                update(line.id, {"quantity": quantities[line.credited_line_id]})
                for line in kept
                if line.display_type == "product" and line.quantity != quantities[line.credited_line_id]
            ),
        ]
