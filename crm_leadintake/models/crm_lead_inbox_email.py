import json

from odoo import api, models
from odoo.tools import SQL


class CrmLeadInbox(models.Model):
    """Rows of mails, which carry the mail themselves where no lead was made of it."""

    _inherit = "crm.lead.inbox"

    @api.model
    def _find_mail_row(self, config, record):
        """The row of a mail that came before under the same Message-Id, and is kept as it was."""
        return self.search([("source_id", "=", config.id), ("external_id", "=", record["external_id"])], limit=1)

    @api.model
    def _act_on_duplicates(self, config, entries):
        """A mail is posted on its lead itself, so that no note has to repeat it."""
        if self.env.context.get("intake_is_mail"):
            entries = [entry for entry in entries if entry.action != "noted"]
        super()._act_on_duplicates(config, entries)

    def _note_left_out(self, left_out):
        """Keep with a row what was left out of the mail."""
        if self and left_out:
            self.env.cr.execute(
                SQL(
                    "UPDATE crm_lead_inbox SET warnings = COALESCE(warnings, '[]') || %s::jsonb WHERE id = ANY(%s)",
                    json.dumps([problem.as_dict() for problem in left_out], ensure_ascii=False),
                    self.ids,
                )
            )
            self.invalidate_recordset(["warnings"])
