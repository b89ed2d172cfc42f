from odoo import fields, models
from odoo.tools import SQL


class IrCron(models.Model):
    """Jobs are woken once for many requests of the intake, as each waking opens a connection of its own."""

    _inherit = "ir.cron"

    def _trigger_list(self, at_list):
        is_now = at_list and max(at_list) <= fields.Datetime.now()
        if is_now and self.env.context.get("intake_batch") and self._is_triggered_after_this():
            return self.env["ir.cron.trigger"]
        return super()._trigger_list(at_list)

    def _is_triggered_after_this(self):
        """Whether a trigger waits that is taken after this transaction; who takes it then sees what this one leaves.

        It is kept from being taken until then. One that is being taken at this moment does not count.
        """
        self.ensure_one()
        self.env.cr.execute(
            SQL(
                """
                SELECT 1 FROM ir_cron_trigger WHERE cron_id = %s AND call_at <= now() AT TIME ZONE 'UTC'
                 LIMIT 1 FOR KEY SHARE SKIP LOCKED
                """,
                self.id,
            )
        )
        return bool(self.env.cr.fetchone())
