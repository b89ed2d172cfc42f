from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountMoveLine(models.Model):
    """Which line of an invoice a line of its credit note takes back."""

    _inherit = "account.move.line"

    credited_line_id = fields.Many2one(
        "account.move.line",
        "Credits",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The line of the invoice that this line of its credit note takes back.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Make lines; of what they credit, only what is on the invoice that their note reverses stays."""
        lines = super().create(vals_list)
        # sudo: what is not theirs to credit is not theirs to read
        for line in lines.sudo().filtered("credited_line_id"):
            if line.credited_line_id.move_id != line.move_id.reversed_entry_id:
                line.credited_line_id = False
        return lines

    def write(self, vals):
        """Change lines.

        :raise UserError: it would be set by hand what they credit
        """
        if "credited_line_id" in vals and not self.env.su:
            raise UserError(self.env._("Which line of the invoice a line credits cannot be set by hand."))
        return super().write(vals)

    def _copy_data_extend_business_fields(self, values):
        """Each credit note that Odoo makes of an invoice, whoever asks for it, knows line by line what it credits."""
        super()._copy_data_extend_business_fields(values)
        if "move_reverse_cancel" in self.env.context and self.display_type not in ("tax", "payment_term", "rounding"):
            values["credited_line_id"] = self.id

    def _get_credited_candidates(self, lines):
        """Which of the lines of an invoice this one may credit, the likeliest first.

        Where it does not say so, as on credit notes from before, it is those that are the same.
        """
        self.ensure_one()
        if self.credited_line_id:
            return [self.credited_line_id] if self.credited_line_id in lines else []
        return self._get_same(lines)

    def _get_same(self, lines):
        """Those of the same product, or without one of the same text and account, first of the same price."""
        if self.product_id:
            same = [line for line in lines if line.product_id == self.product_id]
        else:
            same = [line for line in lines if not line.product_id and self._has_text_of(line)]
        return sorted(
            same, key=lambda line: (abs(line.price_unit), line.discount) != (abs(self.price_unit), self.discount)
        )

    def _has_text_of(self, line):
        return self.account_id == line.account_id and (self.name or "").strip() == (line.name or "").strip()

    def _take_off(self, left, quantity, lines):
        """Take a quantity of this line off what is left of others, and what is more than the first has off the next."""
        share = 1
        for line in lines:
            there = self._as_quantity_of(line, quantity)
            taken = min(there * share, left[line])
            left[line] -= taken
            share -= taken / there if there else 0

    def _as_quantity_of(self, line, quantity):
        """A quantity of this line in the unit of another one; at another price it is as much as is worth the same.

        So a price reduction, whether entered as 10 x 1 or as 1 x 10, leaves what has not been credited yet.
        """
        there = self._in_unit_of(line, quantity)
        value, price = quantity * abs(self._get_discounted_price()), abs(line._get_discounted_price())
        is_same = line.currency_id.is_zero(value - there * price)
        return there if is_same or not price or self.currency_id != line.currency_id else value / price

    def _get_discounted_price(self):
        return self.price_unit * (1 - self.discount / 100)

    def _in_unit_of(self, line, quantity):
        if not self.product_uom_id or not line.product_uom_id or self.product_uom_id == line.product_uom_id:
            return quantity
        return self.product_uom_id._compute_quantity(quantity, line.product_uom_id)
