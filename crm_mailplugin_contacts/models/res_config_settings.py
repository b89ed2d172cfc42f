from odoo import fields, models

from .microsoft_service import ENABLED_PARAMETER


class ResConfigSettings(models.TransientModel):
    """The switch, and the application at Microsoft.

    The fields of the application have the names that Odoo's Outlook calendar gives them: where both are installed they
    are one field for one parameter, and no old value is saved over a new one.
    """

    _inherit = "res.config.settings"

    outlook_contacts_enabled = fields.Boolean(
        "Contacts to Outlook",
        config_parameter=ENABLED_PARAMETER,
        help="Salespeople may have their customers in their Outlook. Each of them connects it in the own preferences.",
    )
    cal_microsoft_client_id = fields.Char(
        "Microsoft Client_id", config_parameter="microsoft_calendar_client_id", default=""
    )
    cal_microsoft_client_secret = fields.Char(
        "Microsoft Client_key", config_parameter="microsoft_calendar_client_secret", default=""
    )
