import json
import logging

from odoo import api, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ..tools import desk
from ..tools.entry import Entry
from ..tools.problems import Problem, tell
from ..tools.transactions import is_outage, own_transaction
from .crm_lead_inbox import WITH_LEAD

_logger = logging.getLogger(__name__)

BATCH, TRIES = 500, 3


class CrmLeadInbox(models.Model):
    """The pipeline: what was kept becomes leads, all rows of a batch together."""

    _inherit = "crm.lead.inbox"

    def _process_waiting(self):
        """Make leads of those rows that still wait; rows that somebody else is processing are waited for."""
        self.env.cr.execute(
            SQL(
                """
                SET LOCAL jit = off;
                SELECT id FROM crm_lead_inbox WHERE id = ANY(%s) AND state = 'new' ORDER BY id FOR NO KEY UPDATE
                """,
                self.ids,
            )
        )
        self.browse([row_id for (row_id,) in self.env.cr.fetchall()])._process({})

    @api.model
    def _cron_process(self):
        """Make leads of what waits: of sources that do so later, and of what a failure has left behind."""
        failures = 0
        while True:
            try:
                done, remaining = self._process_batch()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                failures += 1
                if failures > TRIES:
                    raise
                _logger.info("Lead intake: a batch met another transaction, and is tried again")
                continue
            if not self.env["ir.cron"]._commit_progress(done, remaining=remaining) or not remaining:
                break

    @api.model
    def _process_batch(self):
        """Make leads of some that wait, in a transaction of its own.

        :return: how many rows were processed, and how many wait still
        """
        with own_transaction(self.env.registry) as env:
            rows = env["crm.lead.inbox"]._claim_waiting(BATCH)
            rows._process({})
            if rows:
                desk.wake(env, desk.ANNOUNCE)
            return len(rows), rows.search_count([("state", "=", "new")]) if rows else 0

    @api.model
    def _claim_waiting(self, limit):
        self.env.cr.execute(
            SQL(
                """
                SET LOCAL jit = off;
                SELECT id FROM crm_lead_inbox WHERE state = 'new'
                 ORDER BY id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
                """,
                limit,
            )
        )
        return self.browse([row_id for (row_id,) in self.env.cr.fetchall()])

    def _process(self, turns):
        """Process locked rows. What one of them breaks does not keep the others: it is found by halving the batch.

        :param dict turns: whose turn it was, by rule and row, kept over the halves so that nobody's is skipped
        """
        if not self:
            return
        failure = self._try_process(turns)
        if failure and len(self) == 1:
            self._fail(failure)
        elif failure:
            half = len(self) // 2
            self[:half]._process(turns)
            self[half:]._process(turns)

    def _try_process(self, turns):
        """Process rows, or undo all of it and return the exception."""
        try:
            with self.env.cr.savepoint():
                self.fetch(["source_id"])  # and nothing of what came in
                for source, rows in self.grouped("source_id").items():
                    rows.with_company(source.company_id)._process_source(source, turns)
        except Exception as error:  # whatever a constraint or another addon raises concerns these rows alone
            if is_outage(error):
                raise
            return error

    def _fail(self, error):
        """Let a row wait with the reason."""
        if isinstance(error, UserError):
            reason = str(error)
        else:
            _logger.error("Lead intake: row %s cannot be processed", self.id, exc_info=error)
            reason = self.env._("an unexpected error, which is in the server's log")
        entry = Entry(self.id, {}, [Problem("", "stored", reason)], [])
        self._write_back([entry])

    def _process_source(self, source, turns):
        config = source._get_config(source.id)
        source.fetch(["user_id", "team_id", "campaign_id", "utm_source_id", "medium_id", "notify"])
        entries = self._read_rows(config)
        good = self._screen(config, [entry for entry in entries if not entry.problems])
        self._find_duplicates(config, good)
        self._decide_duplicates(config, good)
        self._run_wave(config, [entry for entry in good if not entry.action], turns)
        self._follow_leaders(config, good)
        self._act_on_duplicates(config, good)
        self._write_back(entries)

    @api.model
    def _screen(self, config, entries):
        """Refuse records of which nothing is to be made, whatever they say; for addons that have a reason to.

        :param config: the source's configuration
        :param list entries: records that break no rule; one that is refused gets ``reject(Problem("", "refused"))``
        :return: those that go on
        """
        return entries

    def _read_rows(self, config):
        self.env.cr.execute(
            SQL("SELECT id, payload, lead_id, action FROM crm_lead_inbox WHERE id = ANY(%s) ORDER BY id", self.ids)
        )
        rows = self.env.cr.fetchall()
        read = self._read_batch(config, [json.loads(payload or "{}") for _id, payload, _lead, _action in rows])
        return [
            Entry(
                row_id,
                *of_row,
                lead_id=lead_id if action in WITH_LEAD else None,
                is_update=bool(lead_id and action == "created"),
                is_gone=action in WITH_LEAD and not lead_id,
            )
            for (row_id, _payload, lead_id, action), of_row in zip(rows, read, strict=True)
        ]

    def _run_wave(self, config, entries, turns):
        """Make the leads of records that are no duplicates."""
        if entries:
            self._assign(config, entries, turns)
            self._create_leads(config, entries)

    @api.model
    def _write_back(self, entries):
        """Keep what was decided, in one statement. The first answer stays."""
        self.env.flush_all()
        columns = [self._get_outcome(entry) for entry in entries]
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_lead_inbox AS inbox
                   SET state = new.state, action = COALESCE(new.action, inbox.action),
                       lead_id = COALESCE(new.lead_id, inbox.lead_id),
                       partner_id = COALESCE(new.partner_id, inbox.partner_id),
                       problems = new.problems, warnings = new.warnings,
                       to_announce = inbox.to_announce IS TRUE OR new.action = 'created',
                       assignment = COALESCE(new.assignment, inbox.assignment), attempts = COALESCE(attempts, 0) + 1,
                       answer = COALESCE(answer, jsonb_build_object(
                           'external_id', COALESCE(external_id, ''), 'status', new.status, 'reference', reference,
                           'problems', new.told, 'warnings', new.warned)),
                       processed_at = clock_timestamp() AT TIME ZONE 'UTC',
                       processing_seconds = COALESCE(processing_seconds,
                           extract(epoch FROM clock_timestamp() AT TIME ZONE 'UTC' - received_at))
                  FROM jsonb_to_recordset(%s::jsonb) AS new
                       (id int, state varchar, status varchar, action varchar, lead_id int, partner_id int,
                        problems jsonb, warnings jsonb, told jsonb, warned jsonb, assignment jsonb)
                 WHERE inbox.id = new.id
                RETURNING inbox.id, inbox.answer
                """,
                json.dumps(columns, ensure_ascii=False),
            )
        )
        self._get_answers_at_hand().update(self.env.cr.fetchall())
        self.browse([entry.row_id for entry in entries]).invalidate_recordset()

    @api.model
    def _get_outcome(self, entry):
        problems = [problem.as_dict() for problem in entry.problems]
        warnings = [warning.as_dict() for warning in entry.warnings]
        if entry.action == "rejected":
            state = "rejected"
        elif problems:
            state = "failed"
        else:
            state = "done" if entry.action == "created" or entry.is_update else "duplicate"
        return {
            "id": entry.row_id,
            "state": state,
            "status": "error" if state == "failed" else entry.action,
            # whose lead it is stays, so that a further correction of it is known as one
            "action": None if entry.is_update else entry.action,
            "lead_id": entry.lead_id,
            "partner_id": entry.partner_id,
            "problems": problems or None,
            "warnings": warnings or None,
            "told": [tell(problem) for problem in problems],
            "warned": [tell(warning) for warning in warnings],
            "assignment": entry.assignment,
        }
