from odoo import api, fields, models

TOKENS = ("outlook_contacts_rtoken", "outlook_contacts_token", "outlook_contacts_token_validity")


class ResUsersSettings(models.Model):
    """The tokens that open a user's contacts at Outlook: for the job alone, nobody reads them."""

    _inherit = "res.users.settings"

    outlook_contacts_rtoken = fields.Char(copy=False, groups=fields.NO_ACCESS, export_string_translation=False)
    outlook_contacts_token = fields.Char(copy=False, groups=fields.NO_ACCESS, export_string_translation=False)
    outlook_contacts_token_validity = fields.Datetime(
        copy=False, groups=fields.NO_ACCESS, export_string_translation=False
    )

    @api.model
    def _get_fields_blacklist(self):
        return [*super()._get_fields_blacklist(), *TOKENS]
