import hmac
import json
import secrets

from werkzeug.exceptions import BadRequest, Forbidden

from odoo import http
from odoo.http import request

from odoo.addons.microsoft_account.controllers.main import MicrosoftAuth

from ..models.microsoft_service import FOR_CONTACTS, SERVICE

# What the session remembers of a connection that was begun in it.
STATE = "outlook_contacts_state"


class OutlookContacts(MicrosoftAuth):
    """Connecting a user's Outlook: Odoo's own way there and back, for contacts."""

    @http.route("/outlook_contacts/connect", type="http", auth="user", methods=["GET"], readonly=True)
    def connect(self):
        """Send the user to Microsoft, to allow Odoo the access to contacts.

        :raise werkzeug.exceptions.Forbidden: to who may not connect, or while it is not set up
        """
        if request.env.user._get_outlook_contacts_problem():
            raise Forbidden()
        state = secrets.token_urlsafe(32)
        request.session[STATE] = state
        root = request.httprequest.url_root.strip("/")  # as Odoo's own way back has it
        service = request.env["microsoft.service"].with_context(**{FOR_CONTACTS: True})
        uri = service._get_authorize_uri(
            self._get_return(state), SERVICE, service._get_calendar_scope(), f"{root}/microsoft_account/authentication"
        )
        return request.redirect(uri, local=False)

    @http.route()
    def oauth2callback(self, **kw):
        """Take what Microsoft answers, where it is about contacts; calendars stay as they are.

        Only in the session that the connection was begun in: else somebody could have another user's customers sent to
        a mailbox of their own, by having the user open a link.

        :raise werkzeug.exceptions.BadRequest: nothing was begun in this session
        """
        state = self._read_state(kw)
        if state.get("s") == SERVICE:
            begun = request.session.pop(STATE, None)
            if not begun or not hmac.compare_digest(str(state.get("f")).encode(), self._get_return(begun).encode()):
                raise BadRequest()
            request.update_context(**{FOR_CONTACTS: True})
        return super().oauth2callback(**kw)

    @http.route("/outlook_contacts/done/<string:state>", type="http", auth="user", methods=["GET"], readonly=True)
    def done(self, state, **kw):
        """Back to the preferences, also where the user refused: there it says whether Outlook is connected."""
        return request.redirect(f"/odoo/action-base.action_res_users_my/{request.env.uid}")

    @staticmethod
    def _get_return(state):
        return f"/outlook_contacts/done/{state}"

    @staticmethod
    def _read_state(kw):
        try:
            state = json.loads(kw.get("state") or "{}")
        except ValueError as error:
            raise BadRequest() from error
        if not isinstance(state, dict):
            raise BadRequest()
        return state
