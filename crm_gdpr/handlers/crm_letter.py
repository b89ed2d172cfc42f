"""Letters: that one was written stays; what it said goes, and the PDF with the person's files."""

from odoo.tools import SQL

from ..engine.treatments import EMPTY, SCRUB, keep
from .base import Handler, describe_configuration


class CrmLetter(Handler):
    model = "crm.letter"
    own_links = ("partner_id", "lead_id")
    fields = {
        "subject": (EMPTY, SCRUB),
        "salutation": (EMPTY, SCRUB),
        "body": (EMPTY, SCRUB),
        "closing": (EMPTY, SCRUB),
        "place": keep("where the sender is"),
        "failure": (EMPTY, SCRUB),
        "lang": keep("a language"),
    }
    export_fields = ("date", "subject", "salutation", "body", "closing", "state", "printed_on", "user_id", "lead_id")


class CrmLetterBatch(Handler):
    """What went to many, the person among them; the PDF of all is a file in which they are."""

    model = "crm.letter.batch"
    is_exported = False  # told with the letter
    fields = {
        **dict.fromkeys(("name", "subject", "salutation", "body", "closing", "stop_reason"), SCRUB),
        "place": keep("where the sender is"),
        "lang": keep("how the language is chosen"),
    }

    def find_last(self, run):
        letters = run.found.get("crm.letter")
        run.env.cr.execute(
            SQL("SELECT id, batch_id FROM crm_letter WHERE id = ANY(%s) AND batch_id IS NOT NULL", list(letters))
        )
        for row_id, batch_id in run.env.cr.fetchall():
            run.found.follow(self.model, batch_id, letters[row_id], "letter_ids", is_own=False)


describe_configuration("crm.letter.template")
