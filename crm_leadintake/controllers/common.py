"""What the doors share: who calls, how much they may send, and that no answer ever shows a traceback."""

import functools
import logging
from contextlib import contextmanager

from psycopg2.extensions import ISOLATION_LEVEL_REPEATABLE_READ, STATUS_READY
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from odoo.http import request
from odoo.sql_db import Cursor

from ..tools.desk import ByKey
from ..tools.refusal import IntakeRefusal
from .dispatcher import LeadIntakeDispatcher

_logger = logging.getLogger(__name__)

# Every door: anybody may knock, who it is says the key; nothing is kept in a session.
# Not read-only, as Odoo takes routes without a user to be: the desk works on the cursor of the request.
DOOR = {"type": "http", "auth": "none", "csrf": False, "save_session": False, "readonly": False}
# The same for a door that reads its body itself, whatever type it is said to have, and takes no parameters besides.
BODY_DOOR = {**DOOR, "type": LeadIntakeDispatcher.routing_type}
MAX_BODY_PARAMETER, DEFAULT_MAX_MB = "crm_leadintake.max_body_mb", 5
# What is too large is read up to this many times the limit and thrown away, else its client would not hear why.
_DRAINED = 4


def max_body():
    """The bytes that a request may have, by the system parameter ``crm_leadintake.max_body_mb``."""
    # as get_param does after it has checked the rights, which nobody has at a door; the limit is no secret
    value = request.env["ir.config_parameter"]._get_param(MAX_BODY_PARAMETER)
    try:
        return int(float(value or DEFAULT_MAX_MB) * 1024 * 1024)
    except ValueError:
        return DEFAULT_MAX_MB * 1024 * 1024


def read_body():
    """The body of the request, as bytes.

    :raise IntakeRefusal: it is too large, compressed, or the client hung up in the middle of it
    """
    http = request.httprequest
    if http.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        raise IntakeRefusal("media", detail="Send the request without compressing it.")
    limit = max_body()
    http.max_content_length = limit * _DRAINED
    try:
        body = http.get_data(cache=False)
    except RequestEntityTooLarge as error:
        raise IntakeRefusal("size") from error
    except (ClientDisconnected, OSError) as error:
        raise IntakeRefusal("malformed", detail="The request ended too early. Send it again.") from error
    if len(body) > limit:
        raise IntakeRefusal("size")
    return body


def caller(key):
    """Who calls with a key, from the address that Odoo's proxy mode says."""
    return ByKey(key, request.httprequest.remote_addr)


class RequestDatabase:
    """The database of the request, for the desk: its transactions run on the cursor that Odoo opens for every request.

    Nothing that has to be kept was asked on it before, and getting another one costs as much as keeping a lead. Once
    its connection is lost there are new ones.
    """

    def __init__(self):
        self._registry, self._cr = request.registry, request.env.cr

    @contextmanager
    def cursor(self):
        """A cursor that is committed at the end, as that of a registry."""
        if self._cr.closed:
            with self._registry.cursor() as cr:
                yield cr
            return
        if self._cr.connection.status != STATUS_READY:
            self._cr.rollback()
        try:
            yield self._cr
            self._cr.commit()  # a cursor of its own
        except BaseException:
            if not self._cr.closed:
                self._cr.rollback()
            raise
        finally:
            # what follows in the request is as usual again; see own_transaction
            if isinstance(self._cr, Cursor) and not self._cr.closed:
                self._cr.connection.set_isolation_level(ISOLATION_LEVEL_REPEATABLE_READ)


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
