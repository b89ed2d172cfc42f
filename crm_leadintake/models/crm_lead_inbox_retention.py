import json

from odoo import api, models
from odoo.tools import SQL

from ..tools.problems import Problem, tell
from ..tools.transactions import own_transaction

BATCH = 1000


class CrmLeadInbox(models.Model):
    """What came in is personal data: after the time that its source keeps it the content is emptied.

    The external id and the hash stay, so that the same lead sent again is still known; the lead stays as well.
    """

    _inherit = "crm.lead.inbox"

    @api.model
    def _cron_empty_content(self):
        """Empty the content of rows that are older than their source keeps it, in batches that are committed."""
        last_id = 0
        while True:
            with own_transaction(self.env.registry) as env:
                rows = env["crm.lead.inbox"]._claim_expired(last_id, BATCH)
                rows._empty_content()
                last_id = max(rows.ids, default=0)
                remaining = env["crm.lead.inbox"]._count_expired(last_id) if len(rows) == BATCH else 0
            if not self.env["ir.cron"]._commit_progress(len(rows), remaining=remaining) or not remaining:
                break

    @api.model
    def _count_expired(self, after_id):
        self.env.cr.execute(SQL("SELECT count(*) %s", self._from_expired(after_id)))
        return self.env.cr.fetchone()[0]

    @api.model
    def _claim_expired(self, after_id, limit):
        """Rows to empty, in the order of their ids so that those emptied before are passed once."""
        expired = self._from_expired(after_id)
        self.env.cr.execute(
            SQL("SELECT inbox.id %s ORDER BY inbox.id LIMIT %s FOR UPDATE OF inbox SKIP LOCKED", expired, limit)
        )
        return self.browse([row_id for (row_id,) in self.env.cr.fetchall()])

    @api.model
    def _from_expired(self, after_id):
        """Rows whose content is too old; only those received before that can be, which an index finds."""
        limit = SQL("now() AT TIME ZONE 'UTC' - make_interval(days => source.retention_days)")
        return SQL(
            """
            FROM crm_lead_inbox inbox JOIN crm_intake_source source ON source.id = inbox.source_id
            WHERE inbox.id > %(after_id)s AND inbox.is_emptied IS NOT TRUE
              AND inbox.received_at < %(limit)s AND (inbox.content_at IS NULL OR inbox.content_at < %(limit)s)
            """,
            after_id=after_id,
            limit=limit,
        )

    def _empty_content(self):
        """Forget what was sent, also where it is quoted; what still waits is rejected."""
        if not self:
            return
        self._empty_quotes()
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_lead_inbox
                   SET payload = NULL, is_emptied = TRUE,
                       problems = CASE WHEN state IN ('new', 'failed') THEN %s::jsonb ELSE problems END,
                       action = CASE WHEN state IN ('new', 'failed') AND lead_id IS NULL THEN 'rejected'
                                     ELSE action END,
                       state = CASE WHEN state IN ('new', 'failed') THEN 'rejected' ELSE state END
                 WHERE id = ANY(%s)
                """,
                json.dumps([Problem("", "expired").as_dict()]),
                self.ids,
            )
        )
        self.invalidate_recordset()
        mails = self.env["mail.message"].search(
            [("model", "=", self._name), ("res_id", "in", self.ids), ("message_type", "!=", "notification")]
        )
        mails.unlink()
        self.env["ir.attachment"].search([("res_model", "=", self._name), ("res_id", "in", self.ids)]).unlink()

    def _empty_quotes(self):
        """Problems, warnings and the first answer keep field and rule, and lose the value that they quote."""
        self.env.cr.execute(
            SQL(
                """
                SELECT id, problems, warnings, answer FROM crm_lead_inbox
                 WHERE id = ANY(%s) AND (jsonb_typeof(problems) = 'array' OR jsonb_typeof(warnings) = 'array'
                                         OR answer->'problems' <> '[]' OR answer->'warnings' <> '[]')
                """,
                self.ids,
            )
        )
        columns = [
            {
                "id": row_id,
                "problems": _without_values(problems),
                "warnings": _without_values(warnings),
                "answer": answer and {**answer, **{part: _retold(answer[part]) for part in ("problems", "warnings")}},
            }
            for row_id, problems, warnings, answer in self.env.cr.fetchall()
        ]
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_lead_inbox AS inbox
                   SET problems = new.problems, warnings = new.warnings, answer = new.answer
                  FROM jsonb_to_recordset(%s::jsonb) AS new (id int, problems jsonb, warnings jsonb, answer jsonb)
                 WHERE inbox.id = new.id
                """,
                json.dumps(columns, ensure_ascii=False),
            )
        )


def _without_values(problems):
    return [{**problem, "value": "…", "expected": _expected(problem)} for problem in problems] if problems else None


def _expected(problem):
    """What a constraint of the database says may quote the value too."""
    return "…" if problem["rule"] == "stored" else problem["expected"]


def _retold(told):
    """The sentences that a sender was told, once more and without the value."""
    quoting = {"choice", "ignored", "stored"}
    return [
        {**problem, **tell({"expected": "", "value": "…", **problem})} if problem["rule"] in quoting else problem
        for problem in told
    ]
