from odoo import fields, models


class CrmChoice(models.Model):
    """What a call came to, and what follows from it."""

    _inherit = "crm.choice"

    is_campaign_again = fields.Boolean(
        "Call Again", help="Asks for the day on which to call again. Until then the call stays on the list."
    )
    campaign_logged_as = fields.Selection(
        selection=lambda self: self.env["crm.call"]._fields["result"]._description_selection(self.env),
        string="Logged As",
        help="How the call stands in CRM ▸ Calls.",
    )
