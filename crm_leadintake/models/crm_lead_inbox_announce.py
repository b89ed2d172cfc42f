import logging
import time

from odoo import api, models
from odoo.tools import SQL

from ..tools.transactions import is_outage, own_transaction

_logger = logging.getLogger(__name__)

BATCH, FEW = 1000, 50


class CrmLeadInbox(models.Model):
    """New leads are announced after their sender was answered, many at once, also those that came one by one."""

    _inherit = "crm.lead.inbox"

    @api.model
    def _cron_announce(self, pause=0):
        """Give the leads that were made followers and a note, and tell who they are for.

        :param float pause: seconds to wait where few are there, as leads that come one by one cost little together
        """
        waiting = [("to_announce", "=", True)]
        if self.search_count(waiting, limit=FEW) < FEW:
            time.sleep(pause)
        while True:
            with own_transaction(self.env.registry) as env:
                rows = env["crm.lead.inbox"]._claim_unannounced(BATCH)
                rows._announce()
                remaining = rows.search_count(waiting) if rows else 0
            if not self.env["ir.cron"]._commit_progress(len(rows), remaining=remaining) or not remaining:
                break

    @api.model
    def _claim_unannounced(self, limit):
        self.env.cr.execute(
            SQL(
                """
                SELECT id FROM crm_lead_inbox WHERE to_announce IS TRUE
                 ORDER BY id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
                """,
                limit,
            )
        )
        return self.browse([row_id for (row_id,) in self.env.cr.fetchall()])

    def _announce(self):
        """Announce the leads of these rows, each once. What goes wrong there is logged, and loses no lead."""
        rows = self.filtered("to_announce")
        for source, of_source in rows.grouped("source_id").items():
            leads = of_source.with_company(source.company_id).lead_id.exists()
            try:
                with self.env.cr.savepoint():
                    leads._announce_intake(source)
            except Exception as error:  # whatever a template or another addon raises, the leads are there
                if is_outage(error):
                    raise
                _logger.exception("Lead intake: leads of %s cannot be announced", source.name)
        self.env.cr.execute(SQL("UPDATE crm_lead_inbox SET to_announce = FALSE WHERE id = ANY(%s)", rows.ids))
        rows.invalidate_recordset(["to_announce"])
