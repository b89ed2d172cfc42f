from odoo import fields, models


class CrmChoice(models.Model):
    _inherit = "crm.choice"

    is_campaign_reaction = fields.Boolean(
        "Is a Reaction", help="Whoever answered like this reacted to the campaign, as somebody who answers an e-mail."
    )
