"""What came in."""

from odoo.tools import SQL

from ..engine.treatments import SCRUB, keep
from .base import Handler, describe_configuration


class CrmLeadInbox(Handler):
    """The content of what came in is emptied as after its time; that it came stays."""

    model = "crm.lead.inbox"
    own_links = ("lead_id", "partner_id")
    sequence = 30
    fields = {
        "external_id": SCRUB,
        "dedup_key": SCRUB,
        "payload": SCRUB,
        "problems": SCRUB,
        "warnings": SCRUB,
        "answer": SCRUB,
        "assignment": keep("the name of a rule"),
        "content_hash": keep("tells the same lead from another"),
        "reference": keep("a random number"),
    }
    export_fields = (
        "received_at", "source_id", "door", "external_id", "payload", "state", "action", "lead_id", "processed_at",
    )  # fmt: skip
    export_written = ("payload",)

    def erase(self, run, rows):
        own = [row_id for row_id, row in rows.items() if row.is_own] + self._find_nobodys(run, rows)
        # emptied by the addon itself, which the officer need not have rights to
        records = run.env[self.model].sudo().browse(own).filtered(lambda row: not row.is_emptied)
        for row in records:
            run.count(self.model, rows[row.id].persons, "changed")
        records._empty_content()
        return super().erase(run, rows)

    def _find_nobodys(self, run, rows):
        """What became no lead, and was found by its content."""
        swept = [row_id for row_id, row in rows.items() if row.is_swept]
        run.env.cr.execute(
            SQL("SELECT id FROM crm_lead_inbox WHERE id = ANY(%s) AND lead_id IS NULL AND partner_id IS NULL", swept)
        )
        return [row_id for (row_id,) in run.env.cr.fetchall()]


class CrmIntakeSource(Handler):
    """A partner's door; the sample of an e-mail in it may be anybody's."""

    model = "crm.intake.source"
    no_links = ("user_id",)
    fields = {"pattern_sample": SCRUB, "public_id": keep("a random number")}


class CrmIntakeKey(Handler):
    model = "crm.intake.key"
    fields = {"*": keep("digests of keys")}


class CrmIntakeRequest(Handler):
    """What a request was answered, so that it can be repeated; it goes by itself after a day."""

    model = "crm.intake.request"
    fields = {"key_digest": keep("digest of a key"), "content_hash": keep("tells the same request from another")}


describe_configuration(
    "crm.intake.form.field", "crm.intake.lock", "crm.intake.mapping", "crm.intake.mapping.value",
    "crm.intake.pattern", "crm.intake.rule", "crm.intake.usage",
)  # fmt: skip
