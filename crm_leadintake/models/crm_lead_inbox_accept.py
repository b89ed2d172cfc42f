import json
import uuid
from operator import itemgetter

from odoo import api, models
from odoo.tools import SQL

from ..tools import desk
from ..tools import records as record_tools
from ..tools.problems import Problem, tell


class CrmLeadInbox(models.Model):
    """Taking records in: each is a row, kept once, before anything else happens to it."""

    _inherit = "crm.lead.inbox"

    @api.model
    def _accept(self, config, records, door, is_test=False):
        """Keep records in the inbox.

        :param config: the source's configuration
        :param list records: what the door decoded, of any type
        :return: for each record, in order, the id of its row, or its answer where nothing was kept
        """
        entries = [self._clean(record) for record in records]
        seen = {}
        for index, entry in enumerate(entries):
            if isinstance(entry, dict) and "answer" not in entry:
                first = seen.setdefault(entry["dedup_key"], entry)
                if first is not entry and first["content_hash"] != entry["content_hash"]:
                    entries[index] = _refused(entry["external_id"], Problem("external_id", "repeated"))
        self._prepare(config, list(seen.values()), door, is_test)
        self._forget_old_content(config, seen)
        self._insert(list(seen.values()), job=self._get_maker(config))
        answers = self._recognise(config, {key: entry for key, entry in seen.items() if not entry.get("id")})
        results = []
        for entry in entries:
            if "answer" in entry:
                results.append(entry["answer"])
            else:
                first = seen[entry["dedup_key"]]
                results.append(answers.get(entry["dedup_key"]) or first["id"])
        return results

    @api.model
    def _clean(self, record):
        """The plain values of a record with what makes it the same as another, or what is wrong with it."""
        try:
            external_id, values = record_tools.clean(record)
        except Problem as problem:
            external_id = record.get("external_id") if isinstance(record, dict) else None
            return _refused(record_tools.as_external_id(external_id), problem)
        payload = record_tools.canonical(values)
        content_hash = record_tools.fingerprint(payload)
        return {
            "external_id": external_id,
            "values": values,
            "payload": payload,
            "content_hash": content_hash,
            "dedup_key": f"id:{external_id}" if external_id else f"content:{content_hash}",
        }

    @api.model
    def _prepare(self, config, entries, door, is_test):
        """Complete the columns of new rows; one whose content breaks a rule waits to be corrected."""
        found = self._read_batch(config, [entry["values"] for entry in entries])
        for entry, (_values, problems, warnings) in zip(entries, found, strict=True):
            entry.update(
                source_id=config.id,
                company_id=config.company_id,
                door=door,
                is_test=is_test,
                reference=uuid.uuid4().hex,
                state="failed" if problems else "new",
                problems=[problem.as_dict() for problem in problems] or None,
                warnings=[warning.as_dict() for warning in warnings] or None,
            )
            if problems:
                entry["first_answer"] = _answer(
                    entry["external_id"], "error", entry["reference"], entry["problems"], entry["warnings"]
                )
            elif config.processing == "later":
                entry["first_answer"] = _answer(
                    entry["external_id"], "accepted", entry["reference"], None, entry["warnings"]
                )

    @api.model
    def _forget_old_content(self, config, seen):
        """After the window the same content is a new lead."""
        keys = [key for key in seen if key.startswith("content:")]
        if keys:
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE crm_lead_inbox SET dedup_key = NULL
                     WHERE source_id = %s AND dedup_key = ANY(%s)
                       AND received_at < now() AT TIME ZONE 'UTC' - make_interval(hours => %s)
                    """,
                    config.id,
                    keys,
                    config.window_hours,
                )
            )

    @api.model
    def _get_maker(self, config):
        """The job that makes the leads of a source, where the answer does not wait for them as that of a mail does."""
        is_later = config.processing == "later" and not self.env.context.get("intake_is_mail")
        return desk.get_job(self.env, desk.MAKE) if is_later else self.env["ir.cron"]

    @api.model
    def _insert(self, entries, job=None):
        """Insert rows that are not there yet, in one statement; entries that got a row get its ``id``.

        :param job: what is woken to process them
        """
        if not entries:
            return
        # in the order of their keys, so that two batches that overlap do not wait for each other
        rows = [_as_row(entry) for entry in sorted(entries, key=itemgetter("dedup_key"))]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_lead_inbox
                       (source_id, company_id, door, is_test, reference, external_id, dedup_key, content_hash, payload,
                        state, problems, warnings, answer, attempts, create_date, received_at)
                VALUES %s
                ON CONFLICT (source_id, dedup_key) WHERE dedup_key IS NOT NULL DO NOTHING
                RETURNING id, dedup_key, %s
                """,
                SQL(", ").join(rows),
                job._needs_waking() if job else SQL("FALSE"),
            )
        )
        inserted = self.env.cr.fetchall()
        if any(is_needed for _row_id, _key, is_needed in inserted):
            job._trigger()
        ids = {key: row_id for row_id, key, _is_needed in inserted}
        for entry in entries:
            entry["id"] = ids.get(entry["dedup_key"])
            if entry["id"] and entry.get("first_answer"):
                self._get_answers_at_hand()[entry["id"]] = entry["first_answer"]

    @api.model
    def _recognise(self, config, known):
        """What to do with records that came before, by the source's rule.

        The same content is the same row, whose first answer holds. Other content corrects a row that waits to be
        corrected; else it updates the lead, or is a conflict.

        :param dict known: entries by their key; they get the ``id`` of their row
        :return: ``{key: answer}`` of conflicts
        """
        if not known:
            return {}
        self.env.cr.execute(
            SQL(
                """
                SELECT id, dedup_key, content_hash, state FROM crm_lead_inbox
                 WHERE source_id = %s AND dedup_key = ANY(%s) ORDER BY id
                """,
                config.id,
                list(known),
            )
        )
        conflicts, changed = {}, []
        for row_id, key, content_hash, state in self.env.cr.fetchall():
            entry = known[key]
            entry["id"] = row_id
            if content_hash == entry["content_hash"]:
                continue
            if config.same_id == "update" or state == "failed":
                changed.append(entry)
            else:
                conflicts[key] = _refused(entry["external_id"], Problem("external_id", "conflict"))["answer"]
        self._replace_content(changed)
        if changed and (job := self._get_maker(config)):
            job._wake_once()
        return conflicts

    @api.model
    def _replace_content(self, entries):
        """Give rows their new content, to be processed; rows that are just being processed are waited for.

        One that was refused may no longer be a duplicate of the lead that it was.
        """
        if not entries:
            return
        for entry in entries:
            self._get_answers_at_hand().pop(entry["id"], None)
        columns = [
            {
                name: entry.get(name)
                for name in ("id", "payload", "content_hash", "state", "problems", "warnings", "first_answer")
            }
            for entry in entries
        ]
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_lead_inbox AS inbox
                   SET payload = new.payload, content_hash = new.content_hash, state = new.state, is_emptied = FALSE,
                       content_at = now() AT TIME ZONE 'UTC',
                       lead_id = CASE WHEN inbox.action <> 'rejected' THEN inbox.lead_id END,
                       partner_id = CASE WHEN inbox.action <> 'rejected' THEN inbox.partner_id END,
                       problems = new.problems, warnings = new.warnings, answer = new.first_answer
                  FROM jsonb_to_recordset(%s::jsonb) AS new
                       (id int, payload text, content_hash varchar, state varchar, problems jsonb, warnings jsonb,
                        first_answer jsonb)
                 WHERE inbox.id = new.id
                """,
                json.dumps(columns, ensure_ascii=False),
            )
        )

    @api.model
    def _get_answers(self, entries):
        """The answers of what :meth:`_accept` returned, in its order.

        A row that is not processed yet is answered as accepted: it is kept, and a job makes its lead.
        """
        at_hand = self._get_answers_at_hand()
        ids = [entry for entry in entries if isinstance(entry, int)]
        answers = {row_id: at_hand[row_id] for row_id in ids if row_id in at_hand}
        if unread := [row_id for row_id in ids if row_id not in answers]:
            self.env.cr.execute(
                SQL(
                    "SELECT id, answer, external_id, reference, warnings FROM crm_lead_inbox WHERE id = ANY(%s)", unread
                )
            )
            for row_id, answer, external_id, reference, warnings in self.env.cr.fetchall():
                answers[row_id] = answer or _answer(external_id, "accepted", reference, None, warnings)
        return [answers[entry] if isinstance(entry, int) else entry for entry in entries]

    @api.model
    def _get_answers_at_hand(self):
        """``{row id: answer}`` of rows that this transaction has inserted with their answer."""
        return self.env.cr.cache.setdefault("crm_leadintake.answers", {})


def _answer(external_id, status, reference=None, problems=None, warnings=None):
    """The answer for one record, the same through every door; without nulls, which XML-RPC does not know."""
    return {
        "external_id": external_id or "",
        "status": status,
        "reference": reference or "",
        "problems": [tell(problem) for problem in problems or []],
        "warnings": [tell(warning) for warning in warnings or []],
    }


def _as_row(entry):
    return SQL(
        """
        (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 0,
         now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC')
        """,
        entry["source_id"],
        entry["company_id"],
        entry["door"],
        entry["is_test"],
        entry["reference"],
        entry["external_id"],
        entry["dedup_key"],
        entry["content_hash"],
        entry["payload"],
        entry["state"],
        _as_json(entry["problems"]),
        _as_json(entry["warnings"]),
        _as_json(entry.get("first_answer")),
    )


def _as_json(value):
    return json.dumps(value, ensure_ascii=False) if value is not None else None


def _refused(external_id, problem):
    return {"answer": _answer(external_id, "error", problems=[problem.as_dict()])}
