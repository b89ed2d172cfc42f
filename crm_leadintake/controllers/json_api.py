"""The door for JSON: ``/leadintake/v1``."""

import hashlib
import re

from odoo.http import Controller, request, route

from ..tools import desk, keys, openapi
from ..tools.json_codec import decode
from ..tools.refusal import IntakeRefusal
from .common import BODY_DOOR, RequestDatabase, answers_refusals, caller, read_body
from .problem import document, lead_answer, refused

BASE = "/leadintake/v1"
_IDEMPOTENCY_KEY = re.compile("[!-~]([ -~]{0,253}[!-~])?")


class LeadIntakeJson(Controller):
    """All addresses below BASE, so that a wrong one or a wrong method is answered with a problem document as well."""

    @route([BASE, f"{BASE}<leadintake_rest:rest>"], **BODY_DOOR)
    @answers_refusals(refused)
    def v1(self, rest=""):
        """Find the handler of an address and a method."""
        handlers, arguments = _find_handlers(request.httprequest.path.removeprefix(BASE))
        method = request.httprequest.method
        handler = handlers.get("GET" if method == "HEAD" else method)
        if not handler:
            allowed = [*handlers, *(["HEAD"] if "GET" in handlers else [])]
            return refused(IntakeRefusal("method"), Allow=", ".join(allowed))
        return handler(*arguments)


def _find_handlers(path):
    """The handlers by method of an address, and their arguments; an external id is all that follows ``/leads/``."""
    if path in _HANDLERS:
        return _HANDLERS[path], ()
    if path.startswith("/leads/") and len(path) > len("/leads/"):
        return {"GET": _get_status}, (path.removeprefix("/leads/"),)
    raise IntakeRefusal("path")


def _caller():
    """Who calls, by ``Authorization: Bearer``. What is no key at all is refused before anything is read."""
    scheme, _blank, key = request.httprequest.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not keys.prefix_of(key.strip()):
        raise IntakeRefusal("key")
    return caller(key.strip())


def _submit():
    who = _caller()
    if request.httprequest.mimetype != "application/json":
        raise IntakeRefusal("media", detail="Send application/json.")
    body = read_body()
    leads, is_single = _leads_of(decode(body))
    answers = desk.submit(RequestDatabase(), who, leads, "json", idempotency_key=_idempotency_key(body))
    return lead_answer(answers[0]) if is_single else document({"results": answers})


def _leads_of(value):
    if not isinstance(value, dict):
        raise IntakeRefusal("malformed", detail='Send an object: a lead, or {"leads": [...]}.')
    if "leads" not in value:
        return [value], True
    if len(value) > 1 or not isinstance(value["leads"], list):
        raise IntakeRefusal("malformed", detail='Send {"leads": [...]} with an array of leads and nothing beside it.')
    return value["leads"], False


def _idempotency_key(body):
    key = request.httprequest.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not _IDEMPOTENCY_KEY.fullmatch(key):
        raise IntakeRefusal("malformed", detail="Send an Idempotency-Key of 1 to 255 printable characters of ASCII.")
    return hashlib.sha256(key.encode()).hexdigest(), hashlib.sha256(body).hexdigest()


def _get_status(external_id):
    found = desk.get_status(RequestDatabase(), _caller(), [external_id])
    if not found:
        raise IntakeRefusal("unknown")
    return document(found[0])


def _get_fields():
    return document({"fields": desk.get_fields(RequestDatabase(), _caller())})


def _get_openapi():
    # sudo: the codes of countries are no secret
    countries = request.env["res.country"].sudo().search_fetch([], ["code"]).mapped("code")
    if "Authorization" not in request.httprequest.headers:
        return document(openapi.build(countries=countries))
    config = desk.get_config(RequestDatabase(), _caller())
    is_open = config.unknown_fields != "refuse"
    return document(openapi.build(config.specs.values(), list(config.mapped), is_open, countries))


_HANDLERS = {
    "/leads": {"POST": _submit},
    "/fields": {"GET": _get_fields},
    "/openapi.json": {"GET": _get_openapi},
}
