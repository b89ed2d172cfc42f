from odoo import api, fields, models


class SaleOrderLine(models.Model):
    """A line that replaces what was complained about costs nothing, also when its quantity or price list changes."""

    _inherit = "sale.order.line"

    is_replacement = fields.Boolean(
        "Free of Charge",
        copy=False,
        groups=fields.NO_ACCESS,
        help="Replaces what a ticket is about: its price is 0 and stays so.",
    )

    @api.model
    def default_get(self, fields):
        """Only a ticket says that a line replaces something."""
        defaults = super().default_get(fields)
        defaults.pop("is_replacement", None)
        return defaults

    def _reset_price_unit(self):
        """A price that somebody types stays, as on every line."""
        # sudo: users do not set it, and whoever changes the line follows it
        if not self.sudo().is_replacement:
            return super()._reset_price_unit()
        return self.update({"price_unit": 0, "technical_price_unit": 0})

    def _is_replaceable(self):
        """Goods or a service that the customer got by this line."""
        self.ensure_one()
        is_sold = self.product_id and not self.display_type and self.product_id.type != "combo"
        return is_sold and self.product_uom_qty > 0 and not self.is_downpayment and not self._is_global_discount()
