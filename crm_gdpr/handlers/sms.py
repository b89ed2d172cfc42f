"""Text messages and letters."""

from odoo.tools import SQL

from ..engine.treatments import EMPTY, SCRUB
from .base import Handler, Plain


class SmsSms(Plain):
    """Deleted, whether sent or waiting; what was written is in the history, where it is treated."""

    model = "sms.sms"
    export_links = ("partner_id",)
    export_fields = ("create_date", "number", "body", "state", "failure_type")
    export_written = ("body",)

    def find(self, run):
        by_number = run.by_value("phones")
        run.env.cr.execute(SQL("SELECT id, number FROM sms_sms WHERE number = ANY(%s)", list(by_number)))
        for row_id, number in run.env.cr.fetchall():
            for person in by_number[number]:
                run.found.add(self.model, row_id, person, "number", is_own=True)


class SnailmailLetter(Handler):
    model = "snailmail.letter"
    own_links = ("partner_id",)
    fields = dict.fromkeys(("street", "street2", "zip", "city"), (EMPTY, SCRUB))
    export_fields = ("create_date", "state", "street", "street2", "zip", "city", "country_id")
