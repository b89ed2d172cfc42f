import logging
import time
from datetime import timedelta
from functools import partial
from typing import NamedTuple

from psycopg2.errors import ForeignKeyViolation

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ..tools import backoff, sender

_logger = logging.getLogger(__name__)
# Of one receiver at a time.
PORTION = 25
# No delivery of a portion is begun after these seconds, so that a slow receiver is sent fewer at a time.
PORTION_SECONDS = 5
# Beyond what a portion may take: for name servers, and for writing down what became of it.
CLAIM_MARGIN = timedelta(minutes=2)
# Receivers that take longer than this to answer never have all threads: half of them are for the others.
SLOW_MILLISECONDS = 2_000
SLOW_THREADS = sender.THREADS // 2
# While slow receivers are waited for, whether something is due for others.
LOOK_AGAIN_SECONDS = 1
CONFLICTS = 20
# Another process was faster, or somebody has deleted a webhook.
_CONFLICTS = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, ForeignKeyViolation)


class Turn(NamedTuple):
    """What one process sends to one receiver."""

    webhook_id: int
    claimed_until: fields.Datetime
    is_slow: bool
    receiver: sender.Receiver
    messages: list


class CrmWebhookDelivery(models.Model):
    """The job that delivers.

    A process takes the turn of a receiver, commits that, sends a portion, and commits what became of it together with
    the end of the turn. While something is sent no transaction is open and no row is locked. As long as a turn is taken
    other processes leave the receiver alone: so nothing is sent twice at once, and the order is kept. A process that is
    killed has a turn that runs out, and what it sent is sent once more: at least once, with the same id.

    The order is that of the changes, per receiver. A receiver that does not work (no connection, no answer, an error of
    its own) is left alone for a while, with all that waits for it. What a receiver that works does not want steps aside
    with what comes after it of the same record, and the rest goes on.
    """

    _inherit = "crm.webhook.delivery"

    @api.model
    def _cron_deliver(self):
        """Job: deliver what is due, as long as there is time."""
        end = float("inf")
        with sender.Crew() as crew:
            while True:
                if time.monotonic() < end:
                    self._begin_turns(crew)
                if not crew.busy:
                    break
                for turn, outcomes in crew.wait(LOOK_AGAIN_SECONDS):
                    seconds = self._despite_conflicts(partial(self._end_turn, turn, outcomes))
                    end = end if seconds is None else time.monotonic() + seconds
        self._wake_for_next()

    @api.model
    def _despite_conflicts(self, step):
        """Do a step that commits; anew where another process was faster.

        :return: what it returns, None where there is no end of that: a turn runs out, and is had by somebody later
        """
        for _time in range(CONFLICTS):
            try:
                return step()
            except _CONFLICTS:
                self.env.cr.rollback()
                self.env.invalidate_all()
        _logger.warning("Webhooks: too many conflicts with other processes")
        return None

    @api.model
    def _begin_turns(self, crew):
        if not crew.room:
            return
        for turn in self._despite_conflicts(partial(self._claim, crew)) or ():
            crew.begin(turn, turn.receiver, turn.messages, PORTION_SECONDS)

    @api.model
    def _end_turn(self, turn, outcomes):
        """Write down what became of a turn, and leave the receiver to others.

        :return: how many seconds are left to the job
        """
        # who was anonymised meanwhile is told of no more
        rows = self.browse(outcome.key for outcome in outcomes).exists().filtered(lambda row: row.state == "waiting")
        for outcome in outcomes:
            if outcome.key in rows._ids:
                rows.browse(outcome.key)._note_outcome(outcome)
        self.env.flush_all()
        self._release(turn, outcomes)
        return self.env["ir.cron"]._commit_progress(len(outcomes), remaining=len(self._find_due()))

    # ------------------------------------------------------------
    # What is due
    # ------------------------------------------------------------

    @api.model
    def _is_due_sql(self, now):
        """Whether what is called ``delivery`` may be sent as far as its own record goes."""
        return SQL(
            """
            delivery.webhook_id = webhook.id AND delivery.state = 'waiting' AND delivery.next_attempt <= %(now)s
            AND NOT EXISTS (
                SELECT FROM crm_webhook_delivery earlier
                 WHERE earlier.webhook_id = webhook.id AND earlier.state = 'waiting'
                   AND earlier.res_model = delivery.res_model AND earlier.res_id = delivery.res_id
                   AND earlier.id < delivery.id AND earlier.next_attempt > %(now)s)
            """,
            now=now,
        )

    @api.model
    def _find_due(self):
        """Receivers that something may be sent to now and that nobody is at, who was served longest ago first.

        :return: list of ``(webhook id, whether it is slow)``
        """
        now = fields.Datetime.now()
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                SELECT webhook.id, COALESCE(turn.is_slow, FALSE)
                  FROM crm_webhook webhook LEFT JOIN crm_webhook_turn turn ON turn.webhook_id = webhook.id
                 WHERE webhook.id = ANY(%(in_use)s)
                   AND (turn.claimed_until IS NULL OR turn.claimed_until <= %(now)s)
                   AND EXISTS (SELECT FROM crm_webhook_delivery delivery WHERE %(is_due)s)
                   AND NOT EXISTS (
                        SELECT FROM crm_webhook_delivery blocking
                         WHERE blocking.webhook_id = webhook.id AND blocking.state = 'waiting' AND blocking.blocks
                           AND blocking.next_attempt > %(now)s)
                 ORDER BY turn.began NULLS FIRST, webhook.id
                """,
                in_use=self.env["crm.webhook"]._in_use().ids,
                is_due=self._is_due_sql(now),
                now=now,
            )
        )

    @api.model
    def _choose(self, due, busy, room):
        """Those of the receivers that are due that there is room for.

        :param list due: ``(webhook id, whether it is slow)``
        :param list busy: Turn, of those that are sent to at the moment
        :param int room: how many there is room for
        :return: ``{webhook id: whether it is slow}``
        """
        at_work = {turn.webhook_id for turn in busy}
        slow = [row for row in due if row[1]][: max(0, SLOW_THREADS - sum(turn.is_slow for turn in busy))]
        return dict([row for row in due if row[0] not in at_work and (not row[1] or row in slow)][:room])

    # ------------------------------------------------------------
    # Turns
    # ------------------------------------------------------------

    @api.model
    def _claim(self, crew):
        """Take the turn of receivers that something is due for, and commit that.

        :return: list of Turn
        """
        chosen = self._choose(self._find_due(), crew.busy, crew.room)
        turns = [self._claim_one(webhook, chosen[webhook.id]) for webhook in self.env["crm.webhook"].browse(chosen)]
        self.env["ir.cron"]._commit_progress()
        return turns

    @api.model
    def _claim_one(self, webhook, is_slow):
        now = fields.Datetime.now()
        receiver = webhook._get_receiver()
        until = now + timedelta(seconds=PORTION_SECONDS + receiver.timeout) + CLAIM_MARGIN
        # Of two at the same moment the second is refused by the database, as it began before the first one ended.
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_webhook_turn (webhook_id, claimed_until, began) VALUES (%s, %s, %s)
                ON CONFLICT (webhook_id) DO UPDATE SET claimed_until = EXCLUDED.claimed_until, began = EXCLUDED.began
                """,
                webhook.id,
                until,
                now,
            )
        )
        return Turn(webhook.id, until, is_slow, receiver, self._get_portion(webhook, now))

    @api.model
    def _get_portion(self, webhook, now):
        """What is sent in one turn, in its order."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT delivery.id FROM crm_webhook_delivery delivery, crm_webhook webhook
                 WHERE webhook.id = %s AND %s
                 ORDER BY delivery.id LIMIT %s
                """,
                webhook.id,
                self._is_due_sql(now),
                PORTION,
            )
        )
        return [delivery._get_message() for delivery in self.browse(row_id for (row_id,) in rows)]

    @api.model
    def _release(self, turn, outcomes):
        """End a turn, unless it has run out and is somebody else's by now."""
        is_slow = turn.is_slow
        if outcomes:
            is_slow = outcomes[-1].milliseconds > SLOW_MILLISECONDS
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_webhook_turn SET claimed_until = NULL, is_slow = %s
                 WHERE webhook_id = %s AND claimed_until = %s
                """,
                is_slow,
                turn.webhook_id,
                turn.claimed_until,
            )
        )

    @api.model
    def _wake_for_next(self):
        """Run again when the next one is due or a turn of another process runs out, and not before."""
        now = fields.Datetime.now()
        [(at,)] = self.env.execute_query(
            SQL(
                """
                SELECT min(at)
                  FROM crm_webhook webhook CROSS JOIN LATERAL (
                        SELECT min(next_attempt) AS at FROM crm_webhook_delivery
                         WHERE webhook_id = webhook.id AND state = 'waiting' AND next_attempt > %(now)s
                        UNION ALL
                        SELECT claimed_until FROM crm_webhook_turn turn
                         WHERE webhook_id = webhook.id AND claimed_until > %(now)s AND EXISTS (
                            SELECT FROM crm_webhook_delivery WHERE webhook_id = webhook.id AND state = 'waiting')
                       ) next
                 WHERE webhook.id = ANY(%(in_use)s)
                """,
                in_use=self.env["crm.webhook"]._in_use().ids,
                now=now,
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
