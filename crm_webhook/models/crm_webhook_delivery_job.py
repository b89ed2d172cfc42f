import logging

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ..tools import backoff, sender

_logger = logging.getLogger(__name__)
# Of one receiver, before what became of them is committed.
PORTION = 25
# No delivery of a portion is begun after these seconds.
PORTION_SECONDS = 5
CONFLICTS = 20


class CrmWebhookDelivery(models.Model):
    """The job that delivers.

    A portion is locked, sent, and what became of it is committed. A process that is killed in between has locked rows
    that are free again, and they are sent once more: at least once, with the same id. While a row is locked, another
    process leaves its receiver alone: so nothing is sent twice at once, and the order is kept.

    The order is that of the changes, per receiver. A receiver that does not work (no connection, no answer, an error of
    its own) is left alone for a while, with all that waits for it. What a receiver that works does not want steps aside
    with what comes after it of the same record, and the rest goes on.
    """

    _inherit = "crm.webhook.delivery"

    @api.model
    def _cron_deliver(self):
        """Job: deliver what is due, as long as there is time."""
        cron, conflicts = self.env["ir.cron"], 0
        while conflicts < CONFLICTS:
            try:
                done = self._deliver_portion()
                if not cron._commit_progress(done, remaining=self._count_due()) or not done:
                    break
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # another process has delivered them since
                self.env.cr.rollback()
                self.env.invalidate_all()
                conflicts += 1
        self._wake_for_next()

    @api.model
    def _deliver_portion(self):
        """Deliver some to each receiver that something is due for.

        :return: how many were tried
        """
        deliveries = self._claim()
        work = [
            (webhook._get_receiver(), [delivery._get_message() for delivery in of_webhook])
            for webhook, of_webhook in deliveries.grouped("webhook_id").items()
        ]
        outcomes = sender.send_all(work, PORTION_SECONDS)
        for outcome in outcomes:
            deliveries.browse(outcome.key)._note_outcome(outcome)
        self.env.flush_all()
        return len(outcomes)

    # ------------------------------------------------------------
    # What is due
    # ------------------------------------------------------------

    @api.model
    def _due_sql(self, limit):
        """The ids of what may be sent now, in its order, some per receiver."""
        return SQL(
            """
            SELECT due.id, webhook.id
              FROM crm_webhook webhook
              CROSS JOIN LATERAL (
                SELECT delivery.id FROM crm_webhook_delivery delivery
                 WHERE delivery.webhook_id = webhook.id AND delivery.state = 'waiting'
                   AND delivery.next_attempt <= %(now)s
                   AND NOT EXISTS (
                        SELECT FROM crm_webhook_delivery earlier
                         WHERE earlier.webhook_id = webhook.id AND earlier.state = 'waiting'
                           AND earlier.res_model = delivery.res_model AND earlier.res_id = delivery.res_id
                           AND earlier.id < delivery.id AND earlier.next_attempt > %(now)s)
                 ORDER BY delivery.id LIMIT %(limit)s
              ) due
             WHERE webhook.active
               AND NOT EXISTS (
                    SELECT FROM crm_webhook_delivery blocking
                     WHERE blocking.webhook_id = webhook.id AND blocking.state = 'waiting' AND blocking.blocks
                       AND blocking.next_attempt > %(now)s)
             ORDER BY due.id
            """,
            now=fields.Datetime.now(),
            limit=limit,
        )

    @api.model
    def _claim(self):
        """Lock what is due, of receivers that no other process is at.

        :return: ``crm.webhook.delivery``, in the order they are to be sent
        """
        self.env.flush_all()
        rows = self.env.execute_query(self._due_sql(PORTION))
        ids = [row_id for row_id, _webhook_id in rows]
        first = {webhook_id: row_id for row_id, webhook_id in reversed(rows)}
        locked = {
            row_id
            for (row_id,) in self.env.execute_query(
                SQL(
                    "SELECT id FROM crm_webhook_delivery WHERE id = ANY(%s) AND state = 'waiting' ORDER BY id"
                    " FOR UPDATE SKIP LOCKED",
                    ids,
                )
            )
        }
        # the others are being sent by another process, from their first one on
        return self.browse(row_id for row_id, webhook_id in rows if row_id in locked and first[webhook_id] in locked)

    @api.model
    def _count_due(self):
        return len(self.env.execute_query(self._due_sql(PORTION)))

    @api.model
    def _wake_for_next(self):
        """Run again when the next one is due, and not before."""
        [(at,)] = self.env.execute_query(
            SQL(
                """
                SELECT min(next_attempt)
                  FROM crm_webhook_delivery delivery JOIN crm_webhook webhook ON webhook.id = delivery.webhook_id
                 WHERE delivery.state = 'waiting' AND webhook.active AND next_attempt > %s
                """,
                fields.Datetime.now(),
            )
        )
        if at:
            self._wake(at)

    # ------------------------------------------------------------
    # One of them
    # ------------------------------------------------------------

    def _get_message(self):
        """What the sender has to know, which is nothing of Odoo."""
        self.ensure_one()
        row = self.sudo()  # sudo: the content is for server code
        return sender.Message(row.id, row.uuid, row.event, row.attempts + 1, row.payload.encode())

    def _note_outcome(self, outcome):
        """Write down what became of a delivery, and when it is tried again."""
        self.ensure_one()
        now = fields.Datetime.now()
        vals = self._prepare_outcome(outcome, now)
        if outcome.is_delivered:
            vals |= {"state": "delivered", "blocks": False}
        elif now >= self.give_up_on:
            vals |= {"state": "parked", "blocks": False}
        else:
            vals |= {"next_attempt": now + backoff.delay(self.attempts + 1), "blocks": outcome.concerns_all}
        self.write(vals)
        if vals.get("state") == "parked" and outcome.concerns_all:
            self._park_with(now)
        if not outcome.is_delivered:
            _logger.info("Webhook %s: delivery %s failed (%s)", self.webhook_id.id, self.id, outcome.status or "-")

    def _prepare_outcome(self, outcome, now):
        return {
            "attempts": self.attempts + 1,
            "last_attempt_on": now,
            "delivered_on": now if outcome.is_delivered else False,
            "status_code": outcome.status,
            "error": outcome.error,
            "milliseconds": outcome.milliseconds,
        }

    def _park_with(self, now):
        """Park whatever has waited for a receiver for a day as well: it did not work all that time."""
        waiting = [("webhook_id", "=", self.webhook_id.id), ("state", "=", "waiting"), ("give_up_on", "<=", now)]
        self.search(waiting).write({"state": "parked", "blocks": False, "error": "silent"})

    def _note_test(self, outcome):
        self.write(
            {
                **self._prepare_outcome(outcome, fields.Datetime.now()),
                "state": "delivered" if outcome.is_delivered else "parked",
            }
        )
