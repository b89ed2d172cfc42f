"""The door for visitors: a form that works without JavaScript, on a page of its own or pasted on any website."""

import logging
import time
from io import BytesIO

from werkzeug.exceptions import HTTPException
from werkzeug.formparser import FormDataParser

from odoo import SUPERUSER_ID, http
from odoo.http import request

from ..tools import desk, form_guard
from ..tools.form_page import UTM
from ..tools.refusal import IntakeRefusal
from .common import BODY_DOOR, read_body

_logger = logging.getLogger(__name__)

# Showing a form takes nothing in: a replica of the database can do that.
PAGE = {**BODY_DOOR, "methods": ["GET"], "readonly": True}


class IntakeForm(http.Controller):
    """A form is shown, sent, and thanked for."""

    @http.route("/leadintake/form/<string:public_id>", **PAGE)
    def show(self, public_id):
        """The form's own page; campaign, source and medium come along from the address that led here."""
        form = _find_form(public_id)
        if not form:
            return _closed()
        return _show(form, _campaign())

    @http.route("/leadintake/form/<string:public_id>/sent", **PAGE)
    def sent(self, public_id):
        """Thanks; a page of its own, so that reloading it sends nothing again."""
        form = _find_form(public_id)
        return _respond(form, _source()._render_form("form_sent", form)) if form else _closed()

    @http.route("/leadintake/form/<string:public_id>", methods=["POST"], **BODY_DOOR)
    def receive(self, public_id):
        """Take what was typed, or show it again with what is wrong with it; what looks like spam is thanked for too."""
        form = _find_form(public_id)
        if not form:
            return _closed()
        typed = {}
        try:
            typed = _read(form)
            errors = _take(form, typed)
        except IntakeRefusal as refusal:
            return _show(form, typed, refusal=refusal)
        except Exception:
            _logger.exception("Lead intake: a form failed")
            return _show(form, typed, refusal=IntakeRefusal("failed"))
        if errors:
            return _show(form, typed, errors=errors)
        after = form.redirect_url or f"/leadintake/form/{public_id}/sent"
        return request.redirect(after, 303, local=not form.redirect_url)


def _source():
    # superuser: a form is open to everybody; what it shows and takes is what it is set up for, and nothing else
    return request.env(user=SUPERUSER_ID, context={})["crm.intake.source"]


def _find_form(public_id):
    try:
        return _source()._get_form(public_id)
    except IntakeRefusal:
        return None


def _read(form):
    """What was sent of the form's own fields, urlencoded or multipart; files are left where they are.

    :raise IntakeRefusal: it is too large, or does not hang together
    """
    body = read_body()
    parser = FormDataParser(max_form_memory_size=len(body) + 1, silent=False)
    http_request = request.httprequest
    try:
        _stream, sent, _files = parser.parse(
            BytesIO(body), http_request.mimetype, len(body), dict(http_request.mimetype_params)
        )
    except (HTTPException, ValueError) as error:
        raise IntakeRefusal("malformed") from error
    return form.pick(_campaign() | sent.to_dict())


def _campaign():
    """Campaign, source and medium of the page's address."""
    return {key: value for key, value in request.httprequest.args.items() if key in UTM}


def _take(form, typed):
    """Take what was typed.

    :return: what is wrong with it, ``{name of the field: sentence}``
    :raise IntakeRefusal: it is not taken as a whole
    """
    caller = _caller(form)
    record = form.as_record(typed)
    if form.is_trapped(typed) or _age(form, typed, otherwise=form_guard.MIN_SECONDS) < form_guard.MIN_SECONDS:
        desk.quarantine(request.env.registry, caller, record, "form")
        return {}
    missing = form.find_missing(typed)
    visible = {name: value for name, value in record.items() if name not in UTM.values()}
    problems = desk.find_problems(request.env.registry, caller, visible)
    if missing or problems:
        return _source().with_context(lang=form.lang)._get_form_errors(form, missing, problems)
    if _age(form, typed, otherwise=0) > form_guard.MAX_SECONDS:
        return {"": _source().with_context(lang=form.lang)._get_form_refusal("expired")}
    desk.submit(request.env.registry, caller, [record], "form")
    return {}


def _caller(form):
    origin = request.httprequest.headers.get("Origin") or request.httprequest.headers.get("Referer")
    return form_guard.ByForm(form, request.httprequest.remote_addr, origin, request.httprequest.host)


def _age(form, typed, otherwise):
    """How long ago the form was shown; a pasted one does not say, and what is not ours is as old as can be."""
    if not typed.get(form_guard.STAMP):
        return otherwise
    secret = _source()._get_form_secret()
    age = form_guard.age_of(secret, form.public_id, typed[form_guard.STAMP], time.time())
    return form_guard.MAX_SECONDS + 1 if age is None else age


# ------------------------------------------------------------
# Pages
# ------------------------------------------------------------


def _show(form, typed, errors=None, refusal=None):
    """The form with what was typed, the errors beside their fields, and above them why nothing was taken."""
    source = _source()
    message = (errors or {}).get("")
    if refusal:
        message = source.with_context(lang=form.lang)._get_form_refusal(refusal.reason)
    # whoever corrects what they typed may be quick about it
    shown = time.time() - (form_guard.MIN_SECONDS if errors or refusal else 0)
    page = source._render_form(
        "form_page",
        form,
        typed=typed,
        errors=errors or {},
        message=message,
        utm={key: typed.get(key, "") for key in UTM},
        stamp=form_guard.stamp(source._get_form_secret(), form.public_id, shown),
        stamp_name=form_guard.STAMP,
    )
    response = _respond(form, page, status=refusal.status if refusal else 422 if errors else 200)
    if refusal and refusal.retry_after:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def _closed():
    page = _source().env["ir.qweb"]._render("crm_leadintake.form_closed", {})
    return _respond(None, page, status=404)


def _respond(form, page, status=200):
    """A page that runs nothing, loads nothing but its own style, and stands in no frames but those of its websites."""
    # browsers hold a redirect after sending against form-action too
    after = form and form_guard.origin_of(form.redirect_url)
    policy = {
        "default-src": "'none'",
        "style-src": "'self'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": f"'self' {after}" if after else "'self'",
        "frame-ancestors": " ".join(["'self'", *(form.origins if form else ())]),
    }
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        # not no-referrer, as browsers would then not say where a form was sent from
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Cache-Control": "no-store",
    }
    return request.make_response(f"<!DOCTYPE html>\n{page}", list(headers.items()), status=status)
