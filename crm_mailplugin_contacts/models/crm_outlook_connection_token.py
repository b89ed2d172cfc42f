from datetime import timedelta

import requests

from odoo import fields, models
from odoo.addons.microsoft_account.models import microsoft_service

from ..tools import graph

# What Microsoft says where the fault is with the company's application rather than with the user.
OF_CLIENT = frozenset({"invalid_client", "unauthorized_client"})


class CrmOutlookConnection(models.Model):
    """The token: had anew when its time is over, or when Microsoft does not take it any more."""

    _inherit = "crm.outlook.connection"

    def _get_graph(self):
        return graph.Graph(
            self.env["microsoft.service"]._do_request,
            microsoft_service.DEFAULT_MICROSOFT_GRAPH_ENDPOINT,
            self._get_token,
        )

    def _get_token(self, renew=False):
        """The token to ask Microsoft with.

        :param bool renew: the last one is not taken any more
        :raise tools.graph.Stop: there is none to be had
        """
        self.ensure_one()
        settings = self.user_id.res_users_settings_ids.sudo()  # sudo: the token is nobody's to read
        if not settings.outlook_contacts_rtoken:
            raise graph.Stop("grant")
        validity = settings.outlook_contacts_token_validity
        if renew or not validity or validity < fields.Datetime.now() + timedelta(minutes=1):
            self._renew_token(settings)
        return settings.outlook_contacts_token

    def _renew_token(self, settings):
        try:
            answer = self.env["microsoft.service"]._refresh_contacts_token(settings.outlook_contacts_rtoken)
        except requests.HTTPError as error:
            raise self._why_no_token(error.response) from error
        except requests.RequestException as error:
            raise graph.Stop("network") from error
        if not answer.get("access_token"):
            raise graph.Stop("server")
        settings.write(
            {
                "outlook_contacts_token": answer["access_token"],
                "outlook_contacts_rtoken": answer.get("refresh_token") or settings.outlook_contacts_rtoken,
                "outlook_contacts_token_validity": fields.Datetime.now()
                + timedelta(seconds=int(answer.get("expires_in") or 0)),
            }
        )
        # whatever comes next, the former token may not be taken again
        self.env["ir.cron"]._commit_progress()

    @staticmethod
    def _why_no_token(response):
        told = graph.read_json(response)
        code = told.get("error") if isinstance(told, dict) else None
        if code in OF_CLIENT:
            return graph.Stop("client")
        if response.status_code in (400, 401):
            return graph.Stop("grant")
        return graph.Stop("server", graph.get_wait(response.headers))
