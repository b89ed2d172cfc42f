"""What the doors share: who calls, how much they may send, and that no answer ever shows a traceback."""

import functools
import logging

from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from odoo.http import request

from ..tools.desk import ByKey
from ..tools.refusal import IntakeRefusal

_logger = logging.getLogger(__name__)

# Every door: anybody may knock, who it is says the key; nothing is kept in a session.
DOOR = {"type": "http", "auth": "none", "csrf": False, "save_session": False}
DEFAULT_MAX_MB = 5


def max_body():
    """The bytes that a request may have, by the system parameter ``crm_leadintake.max_body_mb``."""
    # sudo: doors are open to everybody, and a limit is no secret
    value = request.env["ir.config_parameter"].sudo().get_param("crm_leadintake.max_body_mb")
    try:
        return int(float(value or DEFAULT_MAX_MB) * 1024 * 1024)
    except ValueError:
        return DEFAULT_MAX_MB * 1024 * 1024


def read_body():
    """The body of the request, as bytes.

    :raise IntakeRefusal: it is too large, or the client hung up in the middle of it
    """
    limit = max_body()
    if (request.httprequest.content_length or 0) > limit:
        raise IntakeRefusal("size")
    request.httprequest.max_content_length = limit
    try:
        return request.httprequest.get_data(cache=False)
    except RequestEntityTooLarge as error:
        raise IntakeRefusal("size") from error
    except ClientDisconnected as error:
        raise IntakeRefusal("malformed", detail="The request ended too early. Send it again.") from error


def caller(key):
    """Who calls with a key, from the address that Odoo's proxy mode says."""
    return ByKey(key, request.httprequest.remote_addr)


def answers_refusals(encode):
    """Have a door say in its own words why it took nothing.

    :param encode: takes an IntakeRefusal, and returns the response
    """

    def decorate(endpoint):
        @functools.wraps(endpoint)
        def door(*args, **kwargs):
            try:
                return endpoint(*args, **kwargs)
            except IntakeRefusal as refusal:
                return encode(refusal)
            except Exception:
                _logger.exception("Lead intake: a door failed")
                return encode(IntakeRefusal("failed"))

        return door

    return decorate
