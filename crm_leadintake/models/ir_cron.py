from odoo import models
from odoo.tools import SQL


class IrCron(models.Model):
    """Jobs are woken once for many requests of the intake, as each waking opens a connection of its own."""

    _inherit = "ir.cron"

    def _needs_waking(self):
        """SQL that tells whether a job has to be woken to run after this transaction, for a query that is made anyway.

        A trigger that waits is kept from being taken until then; who takes it sees what this transaction leaves. One
        that is being taken at this moment does not count. A job that is switched off is not woken.
        """
        self.ensure_one()
        return SQL(
            """
            EXISTS (SELECT FROM ir_cron WHERE id = %(job)s AND active AND NOT EXISTS (
                SELECT FROM ir_cron_trigger WHERE cron_id = %(job)s AND call_at <= now() AT TIME ZONE 'UTC'
                 LIMIT 1 FOR KEY SHARE SKIP LOCKED))
            """,
            job=self.id,
        )

    def _wake_once(self):
        """Have a job run soon after this transaction, unless it will do so anyway."""
        self.env.cr.execute(SQL("SELECT %s", self._needs_waking()))
        (is_needed,) = self.env.cr.fetchone()
        if is_needed:
            self._trigger()
