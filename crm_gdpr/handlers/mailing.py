"""Mailings: their figures stay, without addresses."""

from odoo.tools import SQL

from ..engine.found import Row
from ..engine.treatments import EMPTY, SCRUB, keep
from .base import Handler


class MailingContact(Handler):
    """Who is on a mailing list by an address of the person."""

    model = "mailing.contact"
    sequence = 40
    own_text = EMPTY
    export_lines = {"subscription_ids": ("list_id", "opt_out", "opt_out_datetime", "opt_out_reason_id")}

    def find(self, run):
        by_email = run.by_value("emails")
        run.env.cr.execute(
            SQL("SELECT id, email_normalized FROM mailing_contact WHERE email_normalized = ANY(%s)", list(by_email))
        )
        for row_id, email in run.env.cr.fetchall():
            for person in by_email[email]:
                run.found.add(self.model, row_id, person, "email_normalized", is_own=True)


class MailingTrace(Handler):
    model = "mailing.trace"
    has_documents = False
    fields = {
        "email": (EMPTY, SCRUB),
        "sms_number": (EMPTY, SCRUB),
        "message_id": keep("a random number"),
        "sms_code": keep("a random code"),
    }
    export_fields = (
        "mass_mailing_id", "trace_type", "email", "sms_number", "trace_status", "sent_datetime", "open_datetime",
        "links_click_datetime", "reply_datetime", "failure_type", "failure_reason",
    )  # fmt: skip


class MailingMailing(Handler):
    """A mailing that names the person, and the source that Odoo has called by the beginning of its subject."""

    model = "mailing.mailing"
    sequence = 45

    def erase(self, run, rows):
        run.env.cr.execute(
            SQL("SELECT id, source_id FROM mailing_mailing WHERE id = ANY(%s) AND source_id IS NOT NULL", list(rows))
        )
        found = run.env.cr.fetchall()
        sources = {source_id: Row(rows[row_id].persons, links={"source_id"}) for row_id, source_id in found}
        run.rewrite("utm.source", sources)
        return super().erase(run, rows)


class LinkTrackerClick(Handler):
    """From where a link was clicked."""

    model = "link.tracker.click"
    has_documents = False
    fields = {"ip": EMPTY}
    export_fields = ("create_date", "link_id", "mass_mailing_id", "ip", "country_id")

    def find_last(self, run):
        traces = run.found.get("mailing.trace")
        if "mailing_trace_id" not in run.env[self.model]._fields:
            return
        run.env.cr.execute(
            SQL("SELECT id, mailing_trace_id FROM link_tracker_click WHERE mailing_trace_id = ANY(%s)", list(traces))
        )
        for row_id, trace_id in run.env.cr.fetchall():
            run.found.follow(self.model, row_id, traces[trace_id])
