"""What came in."""

from ..engine.treatments import SCRUB, keep
from .base import Handler


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

    def erase(self, run, rows):
        own = [row_id for row_id, row in rows.items() if row.is_own]
        # emptied by the addon itself, which the officer need not have rights to
        records = run.env[self.model].sudo().browse(own).filtered(lambda row: not row.is_emptied)
        for row in records:
            run.count(self.model, rows[row.id].persons, "changed")
        records._empty_content()
        return super().erase(run, rows)
