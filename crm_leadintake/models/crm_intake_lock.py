from odoo import api, fields, models
from odoo.tools import SQL


class CrmIntakeLock(models.Model):
    """Lets those requests wait for each other, and those alone, that bring the same person at the same moment.

    A row is written and removed in one transaction, so that nobody ever sees one; whoever writes the same key waits
    until the other is through. Advisory locks would do the same, but a batch of a thousand needs more of them than
    PostgreSQL has room for.
    """

    _name = "crm.intake.lock"
    _description = "Lead Intake Lock"
    _log_access = False

    key = fields.Char(required=True)

    _once = models.UniqueIndex("(key)")

    @api.model
    def _hold(self, keys):
        """Hold keys until the end of the transaction.

        They are taken in one order, so that two requests never wait for each other.
        """
        keys = sorted(set(keys))
        if not keys:
            return
        self.env.cr.execute(
            SQL(
                "INSERT INTO crm_intake_lock (key) SELECT * FROM unnest(%s) ON CONFLICT DO NOTHING",
                keys,
            )
        )
        self.env.cr.execute(SQL("DELETE FROM crm_intake_lock WHERE key = ANY(%s)", keys))
