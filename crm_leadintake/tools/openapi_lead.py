"""What a lead may hold, as a JSON schema: so exact that a program can check a lead before it sends it.

The door takes a little more than is said here, as names of countries and Odoo's own names of fields; see the README.
"""

from .records import MAX_EXTERNAL_ID, MAX_FIELDS, MAX_ITEMS
from .vocabulary import IDENTIFYING

_CONTROL = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff"
_INVISIBLE = r"\s\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_TEXT = f"^[^{_CONTROL}]*$"
_FILLED = f"^([^{_INVISIBLE}{_CONTROL}][^{_CONTROL}]*)?$"
_LABEL = "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
_EMAIL = rf"^([A-Za-z0-9_][A-Za-z0-9_+-]*(\.[A-Za-z0-9_+-]+)*@{_LABEL}(\.{_LABEL})*)?$"
_PHONE = f"^([^{_CONTROL}]*[0-9][^{_CONTROL}]*)?$"
_WEBSITE = r"^((https?://)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:[0-9]+)?([/?#][!#-;=?-~]*)?)?$"
_NUMBER = r"^([+-]?[0-9]{1,15}(\.[0-9]{1,15})?)?$"
_DATE = r"(19|2[0-9])[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])"
_DAY = r"^(19|2[0-9])[0-9]{2}-((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)$"
_TIME = rf"^({_DATE}T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])?)?$"
_BIG = {"minimum": -(2**63), "maximum": 2**63 - 1}


def lead_schema(specs, names, is_open, countries):
    """The JSON schema of a lead; see :func:`.openapi.build`."""
    plain = {"type": ["string", "number", "boolean", "null", "array"], "items": {}, "maxItems": MAX_ITEMS}
    external_id = {
        "type": ["string", "integer", "null"],
        "maxLength": MAX_EXTERNAL_ID,
        "pattern": _TEXT,
        **_BIG,
        "description": "Your own id of it. What you send again with the same id is the same lead.",
    }
    properties = {name: {**plain, "description": "Your own field."} for name in names}
    properties |= {spec.name: _field(spec, countries) for spec in specs}
    return {
        "type": "object",
        "description": f"A lead: at least one of {', '.join(IDENTIFYING)}. Null and the empty text are no value.",
        "properties": {"external_id": external_id, **properties},
        "additionalProperties": plain if is_open else False,
        "maxProperties": MAX_FIELDS,
        **({} if names or is_open else {"anyOf": [_is_filled(name) for name in IDENTIFYING]}),
    }


def _is_filled(name):
    return {"required": [name], "properties": {name: {"not": {"enum": ["", None]}}}}


def _field(spec, countries):
    schema = {"country": _country, "choice": _choice}.get(spec.kind, _simple)(spec, countries)
    return {**schema, "description": spec.label}


def _country(spec, countries):
    return {"enum": [*countries, "", None]} if countries else _text(spec, _TEXT)


def _choice(spec, _countries):
    numbers = [int(choice) for choice in spec.choices if choice.isdecimal() and str(int(choice)) == choice]
    return {"enum": [*spec.choices, *numbers, "", None]}


def _simple(spec, _countries):
    line = _text(spec, _FILLED if spec.name in IDENTIFYING else _TEXT)
    return {
        "email": _text(spec, _EMAIL),
        "phone": {**_text(spec, _PHONE), "type": ["string", "integer", "null"], **_BIG},
        "website": _text(spec, _WEBSITE),
        "number": _number(10**15, "number"),
        "integer": _number(2**31, "integer"),
        "date": {"anyOf": [{"type": "string", "format": "date", "pattern": _DAY}, {"enum": ["", None]}]},
        "datetime": {"type": ["string", "null"], "pattern": _TIME},
        "boolean": {"enum": [True, False, "true", "false", "yes", "no", "1", "0", 1, 0, "", None]},
        "tags": _several(line),
        "records": _several(line),
    }.get(spec.kind, line)


def _text(spec, pattern):
    return {"type": ["string", "null"], "maxLength": spec.size, "pattern": pattern}


def _number(limit, kind):
    return {
        "type": [kind, "string", "null"],
        "exclusiveMinimum": -limit,
        "exclusiveMaximum": limit,
        "pattern": _NUMBER if kind == "number" else "^([+-]?[0-9]{1,9})?$",
    }


def _several(line):
    return {**line, "type": ["array", "string", "null"], "items": line, "maxItems": MAX_ITEMS}
