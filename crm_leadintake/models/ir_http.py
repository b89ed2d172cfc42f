import psycopg2
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.routing import PathConverter

from odoo import models
from odoo.http import request

from ..controllers.dispatcher import LeadIntakeDispatcher
from ..tools.transactions import is_outage


class RestConverter(PathConverter):
    """All that is left of an address, whatever it holds: external ids may begin with a slash, or have a line end."""

    regex = "(?s:.*)"
    part_isolating = False


class IrHttp(models.AbstractModel):
    """Addresses of the JSON door, and what programs on Odoo's own API are told while the database is away."""

    _inherit = "ir.http"

    @classmethod
    def _get_converters(cls):
        return {**super()._get_converters(), "leadintake_rest": RestConverter}

    @classmethod
    def _pre_dispatch(cls, rule, args):
        """A door has no language, no cookies and no page around it, which others prepare here."""
        if _is_door():
            request.dispatcher.pre_dispatch(rule, args)
        else:
            super()._pre_dispatch(rule, args)

    @classmethod
    def _post_dispatch(cls, response):
        if _is_door():
            request.dispatcher.post_dispatch(response)
        else:
            super()._post_dispatch(response)

    @classmethod
    def _auth_method_bearer(cls):
        """As Odoo does, but a key that cannot be looked up now is not a wrong one: who sent it may send it again."""
        try:
            return super()._auth_method_bearer()
        except psycopg2.Error as error:
            if not is_outage(error):
                raise
            raise ServiceUnavailable("The database does not answer. Send it again.", retry_after=2) from error


def _is_door():
    return isinstance(request.dispatcher, LeadIntakeDispatcher)
