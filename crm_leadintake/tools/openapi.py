"""The JSON door as an OpenAPI 3.1 document, made of the same FieldSpecs that leads are read by."""

from .openapi_lead import lead_schema
from .vocabulary import STANDARD

_IDEMPOTENCY_KEY = "^[!-~]([ -~]{0,253}[!-~])?$"
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
            "description": "Hand in leads and ask what became of them. The same external id never makes a second lead.",
            "license": {"name": "LGPL-3.0", "identifier": "LGPL-3.0-only"},
        },
        "servers": [{"url": "/leadintake/v1"}],
        "security": [{"key": []}],
        "paths": _paths(),
        "components": {
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "A source's key, which the company gives."}
            },
            "schemas": {"Lead": lead_schema(specs, names, is_open, countries), **_schemas()},
            "responses": _responses(),
            "headers": {
                "RetryAfter": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}},
                "WWWAuthenticate": {"description": "How to show the key.", "schema": {"type": "string"}},
            },
        },
    }


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
                "description": "What is no lead is answered with its problems, in its place, and keeps no other back.",
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
        "errors": {"type": "array", "items": {**_object(**dict.fromkeys(rule, text)), "properties": listed}},
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
