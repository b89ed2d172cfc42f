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

        Where it does not say so, as on credit notes from before, it is those of the same product, first of the same
        price.
        """
        self.ensure_one()
        if self.credited_line_id in lines:
            return [self.credited_line_id]
        same = [line for line in lines if self.product_id and line.product_id == self.product_id]
        return sorted(same, key=lambda line: (line.price_unit, line.discount) != (self.price_unit, self.discount))

    def _in_unit_of(self, line, quantity):
        if not self.product_uom_id or not line.product_uom_id or self.product_uom_id == line.product_uom_id:
            return quantity
        return self.product_uom_id._compute_quantity(quantity, line.product_uom_id)
