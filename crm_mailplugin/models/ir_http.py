from werkzeug.exceptions import BadRequest

from odoo import models
from odoo.http import request

from ..controllers.crm_ticket_client import CrmTicketClient
from .crm_mail_plugin import HELPDESK_PLUGIN


class IrHttp(models.AbstractModel):
    """Who is let in with a key of the add-in, and who answers it."""

    _inherit = "ir.http"

    @classmethod
    def _auth_method_outlook(cls):
        """Let in nobody who is no colleague any more: a key outlives what its user was when it was made.

        :raise BadRequest: the key is none, or one of a portal user
        """
        super()._auth_method_outlook()
        if not request.env.user._is_internal():
            raise BadRequest("Access token invalid")

    def _generate_routing_rules(self, modules, converters):
        """Leave the section of tickets to Odoo's Helpdesk, where that is installed."""
        for url, endpoint in super()._generate_routing_rules(modules, converters):
            is_ours = isinstance(getattr(getattr(endpoint, "func", None), "__self__", None), CrmTicketClient)
            if not (is_ours and HELPDESK_PLUGIN in modules):
                yield url, endpoint

    def session_info(self):
        """Tell the web client whether the add-in's links to tickets lead to ours."""
        return {
            **super().session_info(),
            "add_in_opens_crm_tickets": not self.env["crm.mail.plugin"]._is_left_to_helpdesk(),
        }
