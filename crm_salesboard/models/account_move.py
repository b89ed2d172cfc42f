from odoo import models


class AccountMove(models.Model):
    """Whose invoices are whose: with private customers a salesperson sees the customers of the own invoices."""

    _inherit = "account.move"

    _salesboard_salesperson_index = models.Index(
        "(invoice_user_id, partner_id) INCLUDE (partner_shipping_id) WHERE invoice_user_id IS NOT NULL"
    )
