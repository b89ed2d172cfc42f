"""The door for XML-RPC, which needs nothing of Odoo's own ``rpc`` module."""

from typing import NamedTuple

from odoo.http import Controller, Response, request, route

from ..tools import desk
from ..tools.xmlrpc_codec import (
    FAILED,
    NO_SUCH_METHOD,
    NOT_WELL_FORMED,
    WRONG_PARAMETERS,
    XmlRpcFault,
    decode,
    encode_answer,
    encode_fault,
)
from .common import BODY_DOOR, RequestDatabase, answers_refusals, caller, read_body


class Method(NamedTuple):
    """A method that can be called: its types (the answer's first), what it does, and the function."""

    types: list
    help: str
    call: callable


# A refusal's code is its HTTP status but for these two, which have a code of their own among XML-RPC's.
_CODES = {"malformed": NOT_WELL_FORMED, "failed": FAILED}


def _fault(refusal):
    """A refusal as a fault. The status is 200 all the same: most clients read no answer that has another one."""
    text, headers = refusal.detail, {}
    if refusal.retry_after:
        text += f" Retry after {refusal.retry_after} seconds."
        headers["Retry-After"] = str(refusal.retry_after)
    return _response(encode_fault(_CODES.get(refusal.reason, refusal.status), text), **headers)


def _response(body, status=200, **headers):
    return Response(
        body,
        status=status,
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", **headers},
        content_type="text/xml; charset=utf-8",
    )


class LeadIntakeXmlRpc(Controller):
    """``/leadintake/xmlrpc``: one address, and the methods in METHODS."""

    @route("/leadintake/xmlrpc", **BODY_DOOR)
    @answers_refusals(_fault)
    def xmlrpc(self):
        """Answer a call, with a fault where it cannot be."""
        if request.httprequest.method != "POST":
            return _response(encode_fault(405, "Send XML-RPC by POST."), status=405, Allow="POST")
        try:
            name, parameters = decode(read_body())
            return _response(encode_answer(_call(name, parameters)))
        except XmlRpcFault as fault:
            return _response(encode_fault(fault.code, fault.text))


def _call(name, parameters):
    method = _known(name)
    types = method.types[1:]
    if len(parameters) != len(types) or not all(map(_is_of, parameters, types)):
        raise XmlRpcFault(WRONG_PARAMETERS, f"{name} takes ({', '.join(types)}). {method.help}")
    return method.call(*parameters)


def _known(name):
    if name not in METHODS:
        raise XmlRpcFault(NO_SUCH_METHOD, f"There is no method {name[:64]}. Ask system.listMethods.")
    return METHODS[name]


def _is_of(parameter, kind):
    return isinstance(parameter, {"string": str, "array": list}[kind])


def _submit(key, leads):
    return desk.submit(RequestDatabase(), caller(key), leads, "xmlrpc")


def _status(key, external_ids):
    return desk.get_status(RequestDatabase(), caller(key), external_ids)


def _fields(key):
    return desk.get_fields(RequestDatabase(), caller(key))


METHODS = {
    "leads.submit": Method(
        ["array", "string", "array"],
        "Takes the key of a source and an array of at most 1,000 structs, one for each lead; leads.fields tells their"
        " members, and external_id is your own id of it. Returns a struct for each, in the same order: external_id,"
        " status (created, updated, linked, noted, rejected, accepted or error), reference, and the arrays problems and"
        " warnings of structs with field, rule and message. The same external_id never makes a second lead.",
        _submit,
    ),
    "leads.status": Method(
        ["array", "string", "array"],
        "Takes the key of a source and an array of at most 1,000 external ids. Returns a struct for each one that this"
        " source has sent: external_id, state (waiting, open, promoted, won, lost, rejected or deleted) and changed.",
        _status,
    ),
    "leads.fields": Method(
        ["array", "string"],
        "Takes the key of a source. Returns a struct for each field that it can send: name, type, size in characters,"
        " choices and label.",
        _fields,
    ),
    "system.listMethods": Method(["array"], "Returns the names of all methods.", lambda: sorted(METHODS)),
    "system.methodHelp": Method(
        ["string", "string"], "Takes the name of a method. Returns what it does.", lambda name: _known(name).help
    ),
    "system.methodSignature": Method(
        ["array", "string"],
        "Takes the name of a method. Returns an array of its signatures: the type of its answer, then those of its"
        " parameters.",
        lambda name: [_known(name).types],
    ),
}
