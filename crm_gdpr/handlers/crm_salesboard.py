"""What the Sales Board adds."""

from odoo.tools import SQL

from ..engine.persons import identify
from ..engine.same_person import is_same
from ..engine.treatments import EMPTY, SCRUB, keep, replace
from ..tools.identity import Identity
from .base import Handler, describe_configuration


class CrmCall(Handler):
    """That there was a call stays; with whom and about what goes."""

    model = "crm.call"
    own_links = ("partner_id", "lead_id")
    fields = {
        "number": (EMPTY, SCRUB),
        "number_sanitized": (EMPTY, SCRUB),
        "recording_url": (EMPTY, SCRUB),
        "note": (EMPTY, SCRUB),
        "source": keep("the name of a telephone system"),
        "call_id": keep("a number of the telephone system"),
    }
    export_fields = (
        "start", "duration", "direction", "result", "number", "recording_url", "note", "user_id", "lead_id",
    )  # fmt: skip

    def find(self, run):
        """Calls by number that nobody assigned."""
        by_number = run.by_value("phones")
        run.env.cr.execute(
            SQL(
                "SELECT id, number_sanitized FROM crm_call"
                " WHERE number_sanitized = ANY(%s) AND partner_id IS NULL AND lead_id IS NULL",
                list(by_number),
            )
        )
        for row_id, number in run.env.cr.fetchall():
            for person in by_number[number]:
                run.found.add(self.model, row_id, person, "number", is_own=True)


class CrmNote(Handler):
    """That something was to be done, by whom and when, stays; what was written about the person goes."""

    model = "crm.note"
    own_links = ("partner_id", "lead_id")
    fields = {"text": (EMPTY, SCRUB), "plain_text": (EMPTY, SCRUB), "visit_place": (EMPTY, SCRUB)}
    export_fields = (
        "date", "text", "visit_place", "activity_type_id", "user_id", "date_deadline", "status_id", "status_date",
        "lead_id",
    )  # fmt: skip


class CrmLeadContact(Handler):
    """People of a project: one's own lines, also one-off ones with one's address; others' stay."""

    model = "crm.lead.contact"
    own_links = ("partner_id",)
    fields = {
        "one_off_name": (replace("…"), SCRUB),
        **dict.fromkeys(
            ("one_off_email", "one_off_phone", "one_off_function", "one_off_phone_sanitized"), (EMPTY, SCRUB)
        ),
    }
    export_fields = ("lead_id", "role_id", "one_off_name", "one_off_email", "one_off_phone", "one_off_function")

    def find(self, run):
        by_number = run.by_value("phones")
        by_email = run.by_value("emails")
        run.env.cr.execute(
            SQL(
                """
                SELECT id, one_off_phone_sanitized, lower(one_off_email), one_off_name FROM crm_lead_contact
                 WHERE one_off_phone_sanitized = ANY(%s) OR lower(one_off_email) = ANY(%s)
                """,
                list(by_number),
                list(by_email),
            )
        )
        for row_id, number, email, name in run.env.cr.fetchall():
            for person in by_email.get(email) or by_number.get(number, ()):
                # a switchboard has one number for all
                if is_same(person, {"name": name, "email": email}, is_known=not email):
                    run.found.add(self.model, row_id, person, "one_off", is_own=True)

    def get_others(self, run, rows):
        run.env.cr.execute(
            SQL(
                """
                SELECT one_off_name, one_off_email, COALESCE(one_off_phone_sanitized, one_off_phone)
                  FROM crm_lead_contact WHERE id = ANY(%s)
                """,
                [row_id for row_id, row in rows.items() if not row.is_own],
            )
        )
        for name, email, phone in run.env.cr.fetchall():
            identity = Identity()
            identify(identity, {"name": name, "email": email, "phone": phone})
            yield identity


class CrmSmsRecipient(Handler):
    model = "crm.sms.recipient"
    own_links = ("partner_id", "lead_id")
    has_documents = False
    fields = {"number": (EMPTY, SCRUB), "failure": SCRUB, "uuid": keep("a random number")}
    export_fields = ("sent_on", "number", "state", "reason", "failure", "lead_id")


class CrmLeadMove(Handler):
    """What a move can be undone to."""

    model = "crm.lead.move"
    has_documents = False
    fields = {"before": SCRUB}
    is_exported = False


class CrmLeadUser(Handler):
    """A colleague's part in a project."""

    model = "crm.lead.user"
    fields = {"note": SCRUB}
    export_links = ("lead_id",)
    export_fields = ("lead_id", "note")


class CrmCustomerBlock(Handler):
    """That accounting blocked a customer stays; why goes."""

    model = "crm.customer.block"
    own_links = ("partner_id", "commercial_partner_id")
    has_documents = False
    fields = {"reason": (replace("…"), SCRUB)}
    export_fields = ("date", "reason", "company_id", "date_released")


class CrmSmsSending(Handler):
    """What was sent to many, the person among them."""

    model = "crm.sms.sending"
    has_documents = False

    def find_last(self, run):
        recipients = run.found.get("crm.sms.recipient")
        run.env.cr.execute(SQL("SELECT id, sending_id FROM crm_sms_recipient WHERE id = ANY(%s)", list(recipients)))
        for row_id, sending_id in run.env.cr.fetchall():
            run.found.follow(self.model, sending_id, recipients[row_id], "recipient_ids", is_own=False)

    fields = {"body": SCRUB, "stop_reason": SCRUB}
    is_exported = False  # told with the message


describe_configuration(
    "crm.choice", "crm.choice.list", "crm.custom.field", "crm.note.status", "crm.process", "crm.search.field",
    "crm.search.list", "crm.stage", "mail.activity.type",
)  # fmt: skip
