import logging

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..tools import graph

_logger = logging.getLogger(__name__)


class CrmOutlookConnection(models.Model):
    """The job: every user in turn, who was served longest ago first. Odoo runs it once at a time."""

    _inherit = "crm.outlook.connection"

    @api.model
    def _cron_sync(self):
        """Job: bring the Outlook of those who are due in step."""
        if not self.env["microsoft.service"]._is_contacts_enabled():
            return
        due = self._find_due()
        seconds = self.env["ir.cron"]._commit_progress(remaining=len(due))
        for connection in due:
            if seconds <= 0:
                break
            connection._take_turn()
            seconds = self.env["ir.cron"]._commit_progress(1, remaining=len(self._find_due()))
        self._wake_for_next()

    @api.model
    def _find_due(self):
        in_use = Domain("state", "in", ("on", "leaving")) & Domain("next_sync", "<=", fields.Datetime.now())
        return self.search(in_use, order="turn_on NULLS FIRST, id")

    def _take_turn(self):
        """Do one user's work; what goes wrong with it is no business of the others."""
        user_id = self.user_id.id
        try:
            try:
                self._work()
            except graph.Stop as stop:
                _logger.info("Outlook contacts of user %s: %s", user_id, stop.code)
                self._note_stop(stop)
            self.env.flush_all()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # somebody changed what the job was at: the next turn sees it
            self.env.cr.rollback()
            self.env.invalidate_all()
        except Exception as error:  # noqa: BLE001  whatever it is, the others have their turn
            # without its words, which may quote a contact
            _logger.error("Outlook contacts of user %s: %s", user_id, type(error).__name__)
            self.env.cr.rollback()
            self.env.invalidate_all()
            self._note_stop(graph.Stop("server"))

    def _work(self):
        connection = self.exists()
        if not connection:
            return
        connection._begin_turn()
        # who has left the company, or its sales, has no customers in the own mailbox any more
        if connection.state == "on" and not connection.user_id._is_with_outlook_contacts():
            connection.state = "leaving"
        if connection.state == "leaving":
            connection._leave()
        elif connection.state == "on":
            connection._sync()

    @api.model
    def _wake_for_next(self):
        """Come again when Microsoft asked to, and not only with the next regular run."""
        later = Domain("state", "in", ("on", "leaving")) & Domain("next_sync", ">", fields.Datetime.now())
        connection = self.search(later & Domain("error", "!=", False), order="next_sync", limit=1)
        if connection:
            self._wake(connection.next_sync)
