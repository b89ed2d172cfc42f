"""This addon's own records: what they know of a person is emptied with them, see the request."""

from ..engine.treatments import SCRUB, keep
from .base import Handler

ADDRESSES = keep("names of models and fields")


class CrmGdprRequestLine(Handler):
    model = "crm.gdpr.request.line"
    no_links = ("partner_id", "lead_id")
    fields = {"*": ADDRESSES}


class CrmGdprKept(Handler):
    model = "crm.gdpr.kept"
    no_links = ("partner_id", "lead_id")
    fields = {"*": ADDRESSES}
    is_exported = False  # told on the first page


class CrmGdprHold(Handler):
    """The person is told that and until when there is a hold; why, an officer tells them."""

    model = "crm.gdpr.hold"
    fields = {"reason": SCRUB}
    export_links = ("partner_id",)
    export_fields = ("date_from", "date_to", "released_on")


class CrmGdprLog(Handler):
    """Holds fingerprints alone, and is never changed."""

    model = "crm.gdpr.log"
    fields = {"*": keep("fingerprints and technical names")}


class CrmGdprLogHead(Handler):
    model = "crm.gdpr.log.head"
    fields = {"*": keep("seals")}


class CrmGdprSuppression(Handler):
    model = "crm.gdpr.suppression"
    fields = {"*": keep("fingerprints")}


class CrmGdprRequest(Handler):
    """Who asked, previewed and agreed are officers, who answer for it."""

    model = "crm.gdpr.request"
    no_links = ("user_id", "previewer_id", "approver_id", "starter_id")
    fields = {"*": ADDRESSES}


class CrmGdprField(Handler):
    model = "crm.gdpr.field"
    fields = {"*": keep("settings of the company")}


class CrmGdprTouch(Handler):
    """Why somebody was kept is of no use when nothing is left of them; that it was done is in the log."""

    model = "crm.gdpr.touch"
    own_links = ("partner_id",)
    no_links = ("user_id",)
    deleted_by = ("partner_id",)
    is_plain = True
    has_documents = False
    fields = {"reason": SCRUB}
    export_fields = ("date", "reason", "undone")


class CrmGdprRule(Handler):
    """What an officer wrote into a rule; it may name somebody."""

    model = "crm.gdpr.rule"
    no_links = ("user_id", "confirmed_by_id")
    fields = {"preview": ADDRESSES, "problem": ADDRESSES}


class CrmGdprRuleRun(Handler):
    model = "crm.gdpr.rule.run"
    no_links = ("confirmed_by_id",)
    fields = {"*": keep("numbers and technical names")}
