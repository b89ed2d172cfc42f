from odoo import fields, models


class CrmChoice(models.Model):
    _inherit = "crm.choice"

    ticket_prepares = fields.Selection(
        [("order", "A replacement order"), ("credit_note", "A credit note")],
        "Prepares",
        help="What is made ready, as a draft, for tickets with this measure.",
    )
