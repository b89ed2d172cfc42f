from odoo import fields, models
from odoo.tools import float_round

HEADINGS = ("line_section", "line_subsection")


class AccountMove(models.Model):
    """The tickets about an invoice, and the one that a credit note was prepared for."""

    _name = "account.move"
    _inherit = ["crm.ticket.link.mixin", "account.move"]
    _ticket_field = "invoice_id"

    ticket_id = fields.Many2one(
        string="Credit Note for Ticket", help="The ticket that the credit note was prepared for."
    )

    _ticket_once = models.UniqueIndex(
        "(ticket_id) WHERE ticket_id IS NOT NULL AND state <> 'cancel'",
        "There is another credit note for this ticket. Cancel that one first.",
    )

    def _get_ticket_context(self):
        context = super()._get_ticket_context()
        if self.move_type != "out_invoice":
            del context["default_invoice_id"]
        return context

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
                above = (
                    {"line_section": line}
                    if line.display_type == "line_section"
                    else {**above, "line_subsection": line}
                )
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
