"""Requests to paste into a program that is to send leads, one for each door, in the words of its source."""

import json as json_module
import shlex
from html import escape

from .vocabulary import STANDARD

KEY = "YOUR-KEY"
EXTERNAL_ID = "example-1"

_SAMPLE = {
    "subject": "Quotation for 20 office chairs",
    "contact_name": "Marieke de Boer",
    "company": "De Boer Interiors",
    "email": "marieke@deboer.example",
    "phone": "+31 20 123 4567",
    "zip": "1012 JS",
    "city": "Amsterdam",
    "country": "NL",
    "description": "When could you deliver them?",
    "campaign": "Autumn",
}
_STANDARD_NAMES = {spec.name for spec in STANDARD}


def sample(mapped, values=None):
    """A lead as this source would send it.

    :param dict mapped: the source's own names, as ``config.mapped``
    :param dict values: what to say in it, by name on the wire
    :return: ``{name: value}``, under the source's name and with its value where it has one
    """
    theirs = {mapping.name: (name, mapping) for name, mapping in reversed((mapped or {}).items())}
    lead = {}
    for name, value in (_SAMPLE | (values or {})).items():
        if name in theirs:
            own_name, mapping = theirs[name]
            lead[own_name] = next((key for key, ours in mapping.values.items() if ours == value), value)
        elif name not in (mapped or {}):  # else the source means something else by it
            lead[name] = value
    return lead


def xmlrpc(address, lead):
    """XML-RPC, in Python with nothing but its standard library."""
    return "\n".join(
        [
            "from xmlrpc.client import ServerProxy",
            "",
            f'server = ServerProxy("{address}/leadintake/xmlrpc")',
            f"leads = [{_literal(_with_id(lead))}]",
            f'for answer in server.leads.submit("{KEY}", leads):',
            "    print(answer)",
            f'print(server.leads.status("{KEY}", ["{EXTERNAL_ID}"]))',
        ]
    )


def json(address, lead):
    """JSON, with curl."""
    return " \\\n".join(
        [
            f"curl {address}/leadintake/v1/leads",
            f'  -H "Authorization: Bearer {KEY}"',
            '  -H "Content-Type: application/json"',
            f"  -d {shlex.quote(_json(_with_id(lead)))}",
        ]
    )


def soap(address, lead):
    """A SOAP 1.1 request, with curl; fields that the WSDL does not know are named in an attribute."""
    elements = [_element(name, value) for name, value in _with_id(lead).items()]
    envelope = "\n".join(
        [
            '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">',
            "  <soap:Body>",
            '    <SubmitLeads xmlns="urn:leadintake:1">',
            f"      <key>{KEY}</key>",
            "      <lead>",
            *[f"        {element}" for element in elements],
            "      </lead>",
            "    </SubmitLeads>",
            "  </soap:Body>",
            "</soap:Envelope>",
        ]
    )
    head = [f"curl {address}/leadintake/soap", '  -H "Content-Type: text/xml; charset=utf-8"']
    return " \\\n".join([*head, f"  -d {shlex.quote(envelope)}"])


def json2(address, lead):
    """Odoo's own API, with curl."""
    return " \\\n".join(
        [
            f"curl {address}/json/2/crm.lead.inbox/submit",
            '  -H "Authorization: Bearer API-KEY-OF-THE-USER"',
            '  -H "Content-Type: application/json"',
            f"  -d {shlex.quote(_json({'leads': [_with_id(lead)]}))}",
        ]
    )


def _with_id(lead):
    return {"external_id": EXTERNAL_ID} | lead


def _json(value):
    return json_module.dumps(value, ensure_ascii=False, indent=2)


def _literal(lead):
    lines = [f"    {name!r}: {value!r}," for name, value in lead.items()]
    return "\n".join(["{", *lines, "}"])


def _element(name, value):
    text = escape(str(value), quote=False)
    if name == "external_id" or name in _STANDARD_NAMES - {"tags"}:
        return f"<{name}>{text}</{name}>"
    return f'<field name="{escape(name)}">{text}</field>'
