from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import append_only, chain

PATIENCE = "60s"


class CrmGdprLogHead(models.Model):
    """Where the log ends: how many entries it has, and how the last one is sealed.

    One row, which whoever appends to the log locks: so there is one chain however many append at once.
    """

    _name = "crm.gdpr.log.head"
    _description = "End of the Privacy Log"
    _log_access = False

    number = fields.Integer(string="Entries", required=True)
    last_hash = fields.Char(required=True)
    mac = fields.Char(string="Seal", required=True)
    key_id = fields.Char(required=True)

    _one_row = models.Constraint("CHECK (id = 1)", "The log has one end.")

    def init(self):
        key = self.env["crm.gdpr.log"]._get_key(make=True)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_gdpr_log_head (id, number, last_hash, mac, key_id) VALUES (1, 0, %s, %s, %s)
                ON CONFLICT DO NOTHING
                """,
                chain.START,
                chain.seal_head(key, 0, chain.START),
                chain.identify(key),
            )
        )
        append_only.protect_head(self.env.cr, self._table)

    @api.model
    def _lock(self):
        """Return the head, locked to the end of the transaction.

        Who has waited for another one that appended meanwhile gets a serialization failure, and is tried again by Odoo.

        :return: dictionary of ``number``, ``hash``, ``mac`` and ``key_id``
        """
        return self._read(SQL("FOR UPDATE"))

    @api.model
    def _wait_for(self):
        """Wait for whoever appends, before a transaction has seen anything: it is never told that what it saw is old.

        :raise psycopg2.errors.LockNotAvailable: when somebody holds the log for so long that something is wrong
        """
        self.env.cr.execute(SQL("SET LOCAL lock_timeout = %s", PATIENCE))
        self.env.cr.execute(SQL("LOCK TABLE crm_gdpr_log_head IN EXCLUSIVE MODE"))

    @api.model
    def _read(self, lock=SQL()):
        self.env.cr.execute(
            SQL("SELECT number, last_hash AS hash, mac, key_id FROM crm_gdpr_log_head WHERE id = 1 %s", lock)
        )
        head = self.env.cr.dictfetchone()
        if not head:
            raise UserError(self.env._("The end of the privacy log is gone. Restore the database from a backup."))
        return head

    @api.model_create_multi
    def create(self, vals_list):
        raise UserError(self.env._("The end of the privacy log is set by the log alone."))

    def write(self, vals):
        raise UserError(self.env._("The end of the privacy log is set by the log alone."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The end of the privacy log is set by the log alone."))
