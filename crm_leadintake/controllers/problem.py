"""Answers of the JSON door: documents, and problem documents of RFC 9457."""

from odoo.http import Response

from ..tools.json_codec import encode

_HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}


def document(value, status=200, **headers):
    """Answer with a JSON document."""
    return Response(encode(value), status=status, headers={**_HEADERS, **headers}, content_type="application/json")


def problem(reason, status, title, detail, headers=None, **members):
    """Answer with a problem document, whose type ends with the reason."""
    value = {"type": f"urn:leadintake:{reason}", "title": title, "status": status, "detail": detail, **members}
    return Response(
        encode(value), status=status, headers={**_HEADERS, **(headers or {})}, content_type="application/problem+json"
    )


def refused(refusal, **headers):
    """Answer an IntakeRefusal, with the headers that its status asks for."""
    if refusal.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="leadintake"'
    if refusal.retry_after:
        headers["Retry-After"] = str(refusal.retry_after)
    return problem(refusal.reason, refusal.status, refusal.title, refusal.detail, headers)


def lead_answer(answer):
    """Answer for a single lead: what was made of it, or a problem document that lists the rules it breaks."""
    if answer["status"] != "error":
        return document(answer, {"created": 201, "accepted": 202}.get(answer["status"], 200))
    errors = [{"record": 0, "external_id": answer["external_id"], **error} for error in answer["problems"]]
    is_conflict = any(error["rule"] == "conflict" for error in errors)
    return problem(
        "conflict" if is_conflict else "invalid",
        409 if is_conflict else 422,
        "Conflict" if is_conflict else "Not a lead yet",
        " ".join(f"{error['field'] or 'lead'}: {error['message']}" for error in errors),
        errors=errors,
        **{name: answer[name] for name in ("external_id", "reference", "warnings")},
    )
