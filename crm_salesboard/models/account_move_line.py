from odoo import models


class AccountMoveLine(models.Model):
    """What is due, found without going through what was ever paid: every card of the board asks for it."""

    _inherit = "account.move.line"

    _salesboard_due_index = models.Index(
        "(partner_id, date_maturity) INCLUDE (company_id, move_id, amount_residual) "
        "WHERE display_type = 'payment_term' AND parent_state = 'posted' AND reconciled IS NOT TRUE"
    )
