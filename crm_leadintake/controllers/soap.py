"""The door for SOAP 1.1 and 1.2, and its WSDL."""

import logging

from odoo.http import Controller, Response, request, route

from ..tools import desk, soap_codec, soap_xml, wsdl
from ..tools.refusal import IntakeRefusal
from .common import BODY_DOOR, RequestDatabase, caller, read_body

_logger = logging.getLogger(__name__)

PATH = "/leadintake/soap"
_MEDIA_TYPES = ("text/xml", "application/soap+xml", "application/xml")


class LeadIntakeSoap(Controller):
    """``/leadintake/soap``: messages by POST, and the WSDL by ``GET /leadintake/soap?wsdl``."""

    @route(PATH, **BODY_DOOR)
    def soap(self):
        """Answer a message in its own version of SOAP, with a fault where nothing was taken."""
        http = request.httprequest
        if http.method in ("GET", "HEAD") and any(name.lower() == "wsdl" for name in http.args):
            return _response(wsdl.describe(http.base_url), "text/xml")
        # until the envelope is read, the media type tells the version
        version = soap_codec.SOAP12 if http.mimetype == soap_codec.SOAP12.media_type else soap_codec.SOAP11
        try:
            envelope = _read_envelope(http)
            version = soap_codec.version_of(envelope)
            return _response(_answer(envelope, version), version.media_type)
        except IntakeRefusal as refusal:
            return _fault(version, refusal)
        except Exception:
            _logger.exception("Lead intake: a door failed")
            return _fault(version, IntakeRefusal("failed"))


def _read_envelope(http):
    if http.method != "POST":
        raise IntakeRefusal("method", detail=f"Send messages by POST. What they are made of tells GET {PATH}?wsdl.")
    if http.mimetype.startswith("multipart/"):
        detail = "Attachments (MTOM, SwA) are not taken. Send the message by itself, as text/xml."
        raise IntakeRefusal("media", detail=detail)
    if http.mimetype not in _MEDIA_TYPES:
        raise IntakeRefusal("media", detail="Send text/xml for SOAP 1.1, or application/soap+xml for SOAP 1.2.")
    return soap_xml.parse(read_body(), http.mimetype_params.get("charset"))


def _answer(envelope, version):
    call = soap_codec.read(envelope, version)
    return soap_codec.write_answer(version, call.operation, _CALLS[call.operation](caller(call.key), call.items))


_CALLS = {
    "SubmitLeads": lambda who, leads: desk.submit(RequestDatabase(), who, leads, "soap"),
    "GetStatus": lambda who, external_ids: desk.get_status(RequestDatabase(), who, external_ids),
    "GetFields": lambda who, _items: desk.get_fields(RequestDatabase(), who),
}


def _fault(version, refusal):
    status, message = soap_codec.write_fault(version, refusal)
    headers = {"Retry-After": str(refusal.retry_after)} if refusal.retry_after else {}
    if refusal.reason == "method":
        headers["Allow"] = "GET, HEAD, POST"
    return _response(message, version.media_type, status, headers)


def _response(body, media_type, status=200, headers=None):
    return Response(
        body,
        status=status,
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", **(headers or {})},
        content_type=f"{media_type}; charset=utf-8",
    )
