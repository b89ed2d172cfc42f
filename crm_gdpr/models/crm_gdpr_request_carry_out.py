import logging
from collections import Counter
from datetime import timedelta
from traceback import format_tb

from psycopg2 import Error as DatabaseError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.http import root
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ..engine.outside import told_when_done
from ..tools.parts import Parts

_logger = logging.getLogger(__name__)
CHUNK = 250
# persons of one search of everything, whose former names are in memory meanwhile
PORTION = 2000


class ChangedSince(Exception):
    """What some persons' records are like is not what it was in the preview.

    :param lines: theirs
    """

    def __init__(self, lines):
        super().__init__()
        self.lines = lines


class CrmGdprRequest(models.Model):
    """Carrying it out: part by part, each committed, so that it can be stopped, killed, and continued."""

    _inherit = "crm.gdpr.request"

    @api.model
    def _cron_carry_out(self):
        """Work on what is running, as long as there is time; then search for what is left of those done."""
        broken = self._work_through(
            # in the name of the officer who had it carried out, which is in the log; sudo: also when they have left
            self._find_running(),
            lambda request: request.with_user(request.starter_id or request.user_id).sudo()._work(),
        )
        self._go_on(self._count_to_carry_out(broken), "crm_gdpr.ir_cron_carry_out")

    @api.model
    def _find_running(self):
        return self.search([("state", "=", "running")], order="id")

    @api.model
    def _count_to_carry_out(self, broken=None):
        """What the job has to do: persons to anonymise, and requests to close."""
        running = self._find_running() - (broken or self.browse())
        return len(running) + self._count_lines(running, "planned")

    def _work(self):
        """Carry out the lines that are left, a portion at a time; return whether there is time for more.

        Everything is searched once for all of a portion, which takes the same time for one person as for many. So a
        portion is finished also where the job's time is over.
        """
        has_time = True
        while has_time and self._is_running():
            identities, has_time = self._work_on_portion()
            self._finish(identities)
            if not identities:
                break
        return has_time

    def _work_on_portion(self):
        """Carry out parts, each committed; return who they were, and whether there is time left."""
        identities, has_time, parts = {}, True, Parts(self.env, CHUNK)
        while len(identities) < PORTION and self._is_running() and (lines := self._claim("planned", parts.size)):
            # somebody may change one of these rows, or the log, at the same time
            with parts.attempt():
                done = lines._carry_out()
                left = self._count_to_carry_out()
                has_time = bool(self.env["ir.cron"]._commit_progress(len(lines), remaining=left))
                identities.update(done)
                self._clean_up()
            if parts.is_hopeless:
                # later; who is done already is searched for now, as long as it is known who they were
                return identities, False
        return identities, has_time

    def _is_running(self):
        self.invalidate_recordset(["state"])
        return self.state == "running"

    def _claim(self, state, size):
        """The next lines that are in a state, locked: another server works on others."""
        self.env.cr.execute(
            SQL(
                """
                SELECT id FROM crm_gdpr_request_line WHERE request_id = %s AND state = %s
                 ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
                """,
                self.id,
                state,
                size,
            )
        )
        return self.env["crm.gdpr.request.line"].browse([line_id for (line_id,) in self.env.cr.fetchall()])

    def _count_left(self):
        return self._count_lines(self, "planned")

    def _clean_up(self):
        """Remove the files that nothing refers to any more, and the sessions of accounts that were closed."""
        self.env["ir.attachment"].sudo()._gc_file_store()

    def _finish(self, identities):
        """Search for what is left, and close the request where all is done."""
        self._search_remains(identities)
        if self.state == "running" and not self._count_left():
            self.write({"state": "done", "done_at": fields.Datetime.now()})
            self._tell_done()

    def _tell_done(self):
        """Tell who had it carried out that it is."""
        officer = self.starter_id or self.user_id
        text = self.with_context(lang=officer.lang).env._(
            "%(request)s is done: %(number)s of %(total)s persons are anonymised.",
            request=self._get_name_for(officer),
            number=self.done_count,
            total=self.person_count,
        )
        self._tell(officer, text)


class CrmGdprRequestLine(models.Model):
    """One part of a request."""

    _inherit = "crm.gdpr.request.line"

    def _carry_out(self):
        """Anonymise the persons of these lines, all at once or, where one of them fails, one half after the other.

        It is noted in the log when all is done, in the same transaction: there is an entry for whoever is anonymised,
        and the log is not locked while they are.

        :return: who they were, to search for them: ``{line id: Identity}``
        """
        outcome = Outcome()
        identities = self._carry_out_into(outcome)
        if identities:
            # until they were searched for; it stays where the process is killed before. The request's own row comes
            # last, as an officer may be about to stop it
            self.request_id.scan_state = "broken"
        outcome.log(self.env)
        return identities

    def _carry_out_into(self, outcome):
        return self._refuse()._carry_out_unless_changed(outcome)

    def _carry_out_unless_changed(self, outcome):
        """Leave those who have changed for another look, and do all others together."""
        if not self:
            return {}
        try:
            return self._carry_out_together(outcome)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except ChangedSince as changed:
            left = changed.lines
        except Exception as error:  # noqa: BLE001  whatever it is, it is one person's
            return self._carry_out_halves(outcome, error)
        left.write(self._prepare_problem("changed", state="changed"))
        return (self - left)._carry_out_unless_changed(outcome)

    def _carry_out_halves(self, outcome, error):
        """Come to the one who fails in few steps, so that not all others go by themselves."""
        if len(self) == 1:
            self._note_failed(error)
            return {}
        _logger.info("anonymising %s persons in halves: %s", len(self), type(error).__name__)
        middle = len(self) // 2
        first = self[:middle]._carry_out_unless_changed(outcome)
        return first | self[middle:]._carry_out_unless_changed(outcome)

    def _note_failed(self, error):
        """A program's error in a report keeps nobody else."""
        if not isinstance(error, DatabaseError | UserError):
            # without its message, which may quote the person
            _logger.warning("anonymising failed: %s\n%s", type(error).__name__, "".join(format_tb(error.__traceback__)))
        self.write(self._prepare_problem("failed", self._tell(error), state="failed"))

    @api.model
    def _tell(self, error):
        """What went wrong, without the values that a database's error quotes."""
        diagnosis = getattr(error, "diag", None)
        if diagnosis is None:
            return type(error).__name__
        parts = (diagnosis.table_name, diagnosis.column_name, diagnosis.constraint_name)
        return " ".join([type(error).__name__, *filter(None, parts)])

    def _carry_out_together(self, outcome):
        with told_when_done(self.env.cr), self.env.cr.savepoint():
            run = self._run(since=self._get_since())
            by_key = {person.key: person for person in run.persons}
            self._check_plan(by_key, run.since)
            self._store_kept(run)
            self._write_outcome(by_key)
            self._forget(run)
            suppressed = self._suppress(run)
        outcome.add(self, run, suppressed)
        for call in (*run.after_commit, lambda: _end_sessions(run.sessions)):
            self.env.cr.postcommit.add(call)
        return {line.id: by_key[line._get_key()].identity for line in self if line._get_key() in by_key}

    def _get_since(self):
        """When the preview was made, if others of the request are done since: what differs may be its own doing.

        A row that two of them have to do with goes with the first; a name in a text of the other one is taken out.
        """
        planned_at = self.request_id.planned_at
        done = [("request_id", "in", self.request_id.ids), ("state", "=", "done"), ("done_at", ">=", planned_at)]
        # it is stored without fractions of a second
        return planned_at + timedelta(seconds=1) if self.search_count(done, limit=1) else None

    def _check_plan(self, by_key, since):
        changed = self.browse()
        for line in self:
            person = by_key.get(line._get_key())
            is_same = person and person.digest.hexdigest() == line.plan_hash
            if not person or not is_same and (not since or person.is_changed):
                changed |= line
        if changed:
            raise ChangedSince(changed)

    def _write_outcome(self, by_key):
        now = fields.Datetime.now()
        for line in self:
            counts = self._prepare_counts(by_key[line._get_key()])
            line.write({"state": "done", "problem": False, "sample": False, "done_at": now, **counts})

    def _forget(self, run):
        """Empty what other requests show and tell of everybody who went along."""
        partners = [partner for person in run.persons for partner in person.partners]
        leads = [lead for person in run.persons for lead in person.leads]
        others = self.sudo().search(["|", ("partner_id", "in", partners), ("lead_id", "in", leads)])
        others._empty_shown()

    def _store_kept(self, run):
        """List what stays, and restrict the contacts it is about: sudo, as officers only read the list."""
        kept = self.env["crm.gdpr.kept"].sudo()
        values = [kept._prepare(person.main, *row) for person in run.persons for row in person.kept]
        kept._add(values)
        members = [member for person in run.persons if person.kept for member in person.partners]
        self.env.cr.execute(SQL("UPDATE res_partner SET gdpr_state = 'restricted' WHERE id = ANY(%s)", members))

    def _suppress(self, run):
        """Have them recognised when somebody brings them in again, where the company wants that.

        :return: the kinds of what is remembered now
        """
        # sudo: to which company they belonged, whatever the officer may read there
        companies = {line._get_key(): (line.partner_id or line.lead_id).company_id for line in self.sudo()}
        by_company = {}
        for person in run.persons:
            emails, phones = by_company.setdefault(companies.get(person.key), (set(), set()))
            emails |= person.identity.emails
            phones |= person.identity.phones
        kinds = []
        for company, (emails, phones) in by_company.items():
            kinds += self.env["crm.gdpr.suppression"]._store(emails, phones, company or self.env["res.company"])
        return kinds


class Outcome:
    """What is to be noted in the log of a part: of all that were done together, or of those in parts of it."""

    def __init__(self):
        self.counts = Counter()
        self.handlers = set()
        self.persons = 0
        self.suppressed = []
        self.lines = None

    def add(self, lines, run, suppressed):
        """Take up what was done to some lines."""
        self.lines = lines if self.lines is None else self.lines | lines
        self.persons += len(run.persons)
        self.suppressed += suppressed
        for person in run.persons:
            for (model, what, _why), number in person.counts.items():
                self.counts[f"{model}.{what}"] += number
                self.handlers.add(model)

    def log(self, env):
        """Append the entries: the last thing before the commit."""
        if not self.persons:
            return
        log = env["crm.gdpr.log"]
        subjects = log._get_fingerprints(self.lines.partner_id) + log._get_fingerprints(self.lines.lead_id)
        env["crm.gdpr.suppression"]._log("suppressed", self.suppressed)
        log._append(
            "carried_out",
            subjects=subjects,
            counts=dict(self.counts),
            handlers=sorted(self.handlers),
            persons=self.persons,
            request=self.lines.request_id.id,
        )


def _end_sessions(identifiers):
    """Remove the files of sessions, which know the login."""
    if identifiers:
        root.session_store.delete_from_identifiers(sorted(identifiers))
