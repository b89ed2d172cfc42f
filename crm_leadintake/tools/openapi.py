"""The JSON door as an OpenAPI 3.1 document, made of the same FieldSpecs that leads are read by.

What a lead may hold is said exactly, so that a program can check a lead before it sends it. The door takes a little
more than is said here, as names of countries and Odoo's own names of fields; see the README.
"""

from .records import MAX_EXTERNAL_ID, MAX_FIELDS, MAX_ITEMS
from .vocabulary import IDENTIFYING, STANDARD

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
_IDEMPOTENCY_KEY = "^[!-~]([ -~]{0,253}[!-~])?$"
_BIG = {"minimum": -(2**63), "maximum": 2**63 - 1}
_STATES = ["waiting", "open", "promoted", "won", "lost", "rejected", "deleted"]
_STATUSES = ["created", "updated", "linked", "noted", "rejected", "accepted", "error"]


def build(specs=STANDARD, names=(), is_open=False, countries=()):
    """Make the document.

    :param specs: the FieldSpecs that can be sent
    :param names: what a source calls fields besides
    :param bool is_open: whether it takes fields of any name
    :param countries: codes of ISO 3166-1
    """
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Lead Intake",
            "version": "1",
            "description": "Hand in leads, and ask what became of them. The same external id never makes a second lead.",
            "license": {"name": "LGPL-3.0", "identifier": "LGPL-3.0-only"},
        },
        "servers": [{"url": "/leadintake/v1"}],
        "security": [{"key": []}],
        "paths": _paths(),
        "components": {
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "A key of a source, which the company gives."}
            },
            "schemas": {"Lead": _lead(specs, names, is_open, countries), **_schemas()},
            "responses": _responses(),
            "headers": {
                "RetryAfter": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}},
                "WWWAuthenticate": {"description": "How to show the key.", "schema": {"type": "string"}},
            },
        },
    }


# ------------------------------------------------------------
# A lead
# ------------------------------------------------------------


def _lead(specs, names, is_open, countries):
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


# ------------------------------------------------------------
# What is answered
# ------------------------------------------------------------


def _schemas():
    text = {"type": "string"}
    rule = {"field": text, "rule": text, "message": text}
    return {
        "Leads": _object(
            leads={
                "type": "array",
                "maxItems": 1000,
                "description": "Leads. What is none is answered with its problems, in its place, and keeps no other back.",
                "items": {"anyOf": [_ref("schemas/Lead"), {}]},
            }
        )
        | {"additionalProperties": False},
        "Broken": {**_object(**rule), "description": "A rule that a field breaks; no field: the lead as a whole."},
        "Answer": _object(
            external_id=text,
            status={"enum": _STATUSES, "description": "What was made of it; accepted: it is kept and made later."},
            reference={**text, "description": "Our id of it; empty where nothing was kept."},
            problems={"type": "array", "items": _ref("schemas/Broken")},
            warnings={"type": "array", "items": _ref("schemas/Broken")},
        ),
        "Results": _object(results={"type": "array", "items": _ref("schemas/Answer"), "description": "In your order."}),
        "Status": _object(
            external_id=text,
            state={"enum": _STATES},
            changed={**text, "format": "date-time", "description": "Since when it is so."},
        ),
        "Fields": _object(fields={"type": "array", "items": _ref("schemas/Field")}),
        "Field": _object(
            name=text, type=text, size={"type": "integer"}, choices={"type": "array", "items": text}, label=text
        ),
        "Problem": _problem(rule),
    }


def _problem(rule):
    text = {"type": "string"}
    listed = {"record": {"type": "integer"}, "external_id": {"type": "string"}, **rule}
    document = _object(type=text, title=text, status={"type": "integer"}, detail=text)
    document["properties"] |= {
        "external_id": text,
        "reference": text,
        "errors": {"type": "array", "items": {**_object(**{name: text for name in rule}), "properties": listed}},
        "warnings": {"type": "array", "items": _ref("schemas/Broken")},
    }
    return {**document, "description": "RFC 9457."}


def _object(**properties):
    return {"type": "object", "required": list(properties), "properties": properties}


def _ref(name):
    return {"$ref": f"#/components/{name}"}


def _responses():
    retry = {"Retry-After": _ref("headers/RetryAfter")}
    return {
        "Malformed": _answer("It cannot be read.", "Problem"),
        "Unauthorised": _answer(
            "No key, or not a valid one.", "Problem", {"WWW-Authenticate": _ref("headers/WWWAuthenticate")}
        ),
        "Forbidden": _answer("The source is not used from this address.", "Problem"),
        "Unknown": _answer("This source has sent no such lead.", "Problem"),
        "Conflict": _answer("The external id came before with other content.", "Problem"),
        "TooLarge": _answer("Too many bytes or leads.", "Problem"),
        "Media": _answer("Not application/json, or compressed.", "Problem"),
        "Invalid": _answer(
            "The lead breaks rules; where there is a reference it is kept, to be corrected. Or the Idempotency-Key came"
            " before with another request.",
            "Problem",
        ),
        "TooMany": _answer("The request limit of the source is reached.", "Problem", retry),
        "Failed": _answer("Something went wrong here; send it again.", "Problem"),
        "Busy": _answer("The database does not answer; send it again.", "Problem", retry),
    }


def _answer(description, schema, headers=None):
    kind = "application/problem+json" if schema == "Problem" else "application/json"
    answer = {"description": description, "content": {kind: {"schema": _ref(f"schemas/{schema}")}}}
    return {**answer, "headers": headers} if headers else answer


# ------------------------------------------------------------
# What can be asked
# ------------------------------------------------------------


def _paths():
    reading = {401: "Unauthorised", 403: "Forbidden", 429: "TooMany", 500: "Failed", 503: "Busy"}
    writing = {**reading, 400: "Malformed", 409: "Conflict", 413: "TooLarge", 415: "Media", 422: "Invalid"}
    submit = {
        "operationId": "submitLeads",
        "summary": "Hand in a lead, or up to 1,000 in an array",
        "parameters": [_idempotency_key()],
        "requestBody": _request_body(),
        "responses": {
            "200": _one_or_many("A lead that was there is updated, linked or noted, or it is rejected. Or many."),
            "201": _answer("A lead was made.", "Answer"),
            "202": _answer("It is kept, and a lead is made of it later.", "Answer"),
            **_errors(writing),
        },
    }
    status = {
        "operationId": "getLead",
        "summary": "Ask what became of a lead",
        "parameters": [
            {"name": "external_id", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        ],
        "responses": {"200": _answer("What became of it.", "Status"), **_errors({**reading, 404: "Unknown"})},
    }
    fields = {
        "operationId": "getFields",
        "summary": "Ask which fields this source can send",
        "responses": {"200": _answer("The fields.", "Fields"), **_errors(reading)},
    }
    return {
        "/leads": {"post": submit},
        "/leads/{external_id}": {"get": status},
        "/fields": {"get": fields},
    }


def _errors(names):
    return {str(status): _ref(f"responses/{name}") for status, name in sorted(names.items())}


def _idempotency_key():
    return {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "The same key with the same request is answered as the first time, for 30 days.",
        "schema": {"type": "string", "maxLength": 255, "pattern": _IDEMPOTENCY_KEY},
    }


def _request_body():
    example = {"external_id": "A-1001", "contact_name": "Jane Doe", "email": "jane@example.com", "campaign": "Spring"}
    content = {
        "schema": {"anyOf": [_ref("schemas/Lead"), _ref("schemas/Leads")]},
        "examples": {"one": {"value": example}, "many": {"value": {"leads": [example]}}},
    }
    return {"required": True, "content": {"application/json": content}}


def _one_or_many(description):
    schema = {"anyOf": [_ref("schemas/Answer"), _ref("schemas/Results")]}
    return {"description": description, "content": {"application/json": {"schema": schema}}}
