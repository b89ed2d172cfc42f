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
            self.env["microsoft.service"]._ask_microsoft,
            microsoft_service.DEFAULT_MICROSOFT_GRAPH_ENDPOINT,
            self._renew_token,
        )

    def _end_transaction(self, client):
        """Before Microsoft is asked: with the token at hand, so that none is begun meanwhile.

        :param tools.graph.Graph client: gets the token
        :raise tools.graph.Stop: there is none to be had
        """
        client.token = self._get_token()
        self.env["ir.cron"]._commit_progress()

    def _get_settings(self):
        """The user's settings, where the tokens are.

        :raise tools.graph.Stop: it is switched off, or broken
        """
        settings = self.exists().user_id.res_users_settings_ids.sudo()  # sudo: the token is nobody's to read
        if not settings.outlook_contacts_rtoken:
            raise graph.Stop("grant")
        return settings

    def _get_token(self):
        settings = self._get_settings()
        validity = settings.outlook_contacts_token_validity
        if not validity or validity < fields.Datetime.now() + timedelta(minutes=1):
            return self._renew_token()
        return settings.outlook_contacts_token

    def _renew_token(self):
        """Have a new token; no transaction is open meanwhile, nor afterwards.

        :return: the token
        :raise tools.graph.Stop: there is none to be had
        """
        former = self._get_settings().outlook_contacts_rtoken
        answer = self._ask_for_token(former)
        settings = self._get_settings()
        # who has connected anew meanwhile has better ones
        if settings.outlook_contacts_rtoken == former:
            settings.write(
                {
                    "outlook_contacts_token": answer["access_token"],
                    "outlook_contacts_rtoken": answer.get("refresh_token") or former,
                    "outlook_contacts_token_validity": fields.Datetime.now()
                    + timedelta(seconds=int(answer.get("expires_in") or 0)),
                }
            )
        token = settings.outlook_contacts_token
        # whatever comes next, the former token may not be taken again
        self.env["ir.cron"]._commit_progress()
        return token

    def _ask_for_token(self, refresh_token):
        service = self.env["microsoft.service"]
        request = service._prepare_contacts_token(refresh_token)
        self.env["ir.cron"]._commit_progress()
        try:
            _status, answer, _time = service._ask_microsoft(**request)
        except requests.HTTPError as error:
            raise self._why_no_token(error.response) from error
        except requests.RequestException as error:
            raise graph.Stop("network") from error
        if not answer.get("access_token"):
            raise graph.Stop("server")
        return answer

    @staticmethod
    def _why_no_token(response):
        told = graph.read_json(response)
        code = told.get("error") if isinstance(told, dict) else None
        if code in OF_CLIENT:
            return graph.Stop("client")
        if response.status_code in (400, 401):
            return graph.Stop("grant")
        return graph.Stop("server", graph.get_wait(response.headers))
