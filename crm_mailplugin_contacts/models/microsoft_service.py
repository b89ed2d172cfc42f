from odoo import api, models
from odoo.tools import str2bool

from odoo.addons.microsoft_account.models import microsoft_service

from ..tools.quiet_log import expected_answers

SERVICE = "contacts"
# In the context of what Odoo does for contacts where it has only calendars in mind.
FOR_CONTACTS = "microsoft_service_contacts"
SCOPE = "offline_access openid Contacts.ReadWrite"
ENABLED_PARAMETER = "crm_mailplugin_contacts.enabled"


class MicrosoftService(models.AbstractModel):
    """Odoo's own account connection, for contacts: of the same application at Microsoft as for calendars.

    Its id and secret are the parameters that the Outlook calendar has.
    """

    _inherit = "microsoft.service"

    def _get_calendar_scope(self):
        return SCOPE if self.env.context.get(FOR_CONTACTS) else super()._get_calendar_scope()

    def _get_microsoft_client_id(self, service):
        return super()._get_microsoft_client_id("calendar" if service == SERVICE else service)

    @api.model
    def _get_microsoft_tokens(self, authorize_code, service, redirect_uri):
        return super()._get_microsoft_tokens(
            authorize_code, "calendar" if service == SERVICE else service, redirect_uri
        )

    @api.model
    def _is_contacts_enabled(self):
        """Whether an administrator has switched it on and named the application."""
        parameters = self.env["ir.config_parameter"].sudo()  # sudo: nothing of it leaves this method
        return bool(
            str2bool(parameters.get_param(ENABLED_PARAMETER), default=False)
            and self._get_microsoft_client_id(SERVICE)
            and microsoft_service._get_microsoft_client_secret(parameters, "calendar")
        )

    @api.model
    def _prepare_contacts_token(self, refresh_token):
        """What to ask a new token with. Microsoft gives a new refresh token along, which Odoo's own method forgets:
        without it a connection would end after 90 days.

        :param str refresh_token: of the user
        :return: dict of the arguments of `_ask_microsoft`
        """
        parameters = self.env["ir.config_parameter"].sudo()  # sudo: the secret goes to Microsoft alone
        return {
            "uri": self._get_token_endpoint(),
            "params": {
                "client_id": self._get_microsoft_client_id(SERVICE),
                "client_secret": microsoft_service._get_microsoft_client_secret(parameters, "calendar"),
                "grant_type": "refresh_token",
                "refresh_token": refresh_token,
                "scope": SCOPE,
            },
            "headers": {"Content-type": "application/x-www-form-urlencoded"},
            "preuri": "",
        }

    @api.model
    def _ask_microsoft(self, *args, **kwargs):
        """Odoo's own ``_do_request``, without a fault in the log for every refusal; no query is made by it.

        :raise requests.RequestException: it is refused, or nobody answers
        """
        with expected_answers(microsoft_service.__name__):
            return self._do_request(*args, **kwargs)
