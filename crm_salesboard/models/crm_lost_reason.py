from odoo import fields, models


class CrmLostReason(models.Model):
    _inherit = "crm.lost.reason"

    outcome = fields.Selection(
        [("lost", "Lost"), ("cancelled", "Cancelled")],
        default="lost",
        required=True,
        help="Whether this reason is offered for lost or for cancelled projects.",
    )
