from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

BATCH, TRIES = 5000, 5


class CrmGdprDealingPending(models.Model):
    """The job: what was noticed is dated at once, and everything else piece by piece after it."""

    _inherit = "crm.gdpr.dealing.pending"

    @api.model
    def _cron_date_contacts(self):
        """Date the contacts that are due, in batches that are committed: a job that is stopped goes on where it was."""
        failures = 0
        while True:
            try:
                done = self._date_batch()
                is_finished = not self.env["ir.cron"]._commit_progress(done, remaining=self._count_due()) or not done
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # somebody was writing the same contacts
                self.env.cr.rollback()
                failures += 1
                if failures > TRIES:
                    raise
                continue
            if is_finished:
                break

    @api.model
    def _cron_date_all(self):
        """Have all contacts dated anew now and then, for what no transaction of Odoo has told of."""
        self._add_all()

    @api.model
    def _date_batch(self):
        """Date some contacts that are due, those that were noticed before those of a range.

        :return: how many
        """
        self.env.cr.execute(SQL("SET LOCAL jit = off"))
        return self._date_noticed() or self._date_piece()

    @api.model
    def _date_noticed(self):
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM crm_gdpr_dealing_pending WHERE id IN (
                    SELECT id FROM crm_gdpr_dealing_pending
                     WHERE due <= %s AND first_contact = last_contact ORDER BY due, id LIMIT %s)
                RETURNING first_contact
                """,
                fields.Datetime.now(),
                BATCH,
            )
        )
        contacts = [contact for (contact,) in self.env.cr.fetchall()]
        self.env["res.partner"].browse(set(contacts))._date_anew()
        return len(contacts)

    @api.model
    def _date_piece(self):
        """Date the next contacts of a range, and take them off it."""
        self.env.cr.execute(
            SQL(
                """
                SELECT id, first_contact, last_contact FROM crm_gdpr_dealing_pending
                 WHERE due <= %s ORDER BY due, id LIMIT 1
                """,
                fields.Datetime.now(),
            )
        )
        if not (piece := self.env.cr.fetchone()):
            return 0
        row_id, first, last = piece
        self.env.cr.execute(
            SQL("SELECT id FROM res_partner WHERE id BETWEEN %s AND %s ORDER BY id LIMIT %s", first, last, BATCH)
        )
        contacts = [contact for (contact,) in self.env.cr.fetchall()]
        if contacts:
            self.env["res.partner"]._date_range(contacts[0], contacts[-1])
        if len(contacts) < BATCH:
            self.env.cr.execute(SQL("DELETE FROM crm_gdpr_dealing_pending WHERE id = %s", row_id))
        else:
            self.env.cr.execute(
                SQL("UPDATE crm_gdpr_dealing_pending SET first_contact = %s WHERE id = %s", contacts[-1] + 1, row_id)
            )
        return max(len(contacts), 1)

    @api.model
    def _count_due(self):
        """How many contacts wait, with ids that are not in use among those of a range."""
        self.env.cr.execute(
            SQL(
                """
                SELECT COALESCE(sum(last_contact - first_contact + 1), 0) FROM crm_gdpr_dealing_pending WHERE due <= %s
                """,
                fields.Datetime.now(),
            )
        )
        return self.env.cr.fetchone()[0]
