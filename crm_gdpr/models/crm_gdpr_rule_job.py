import logging

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .crm_gdpr_rule_hits import BrokenRule

_logger = logging.getLogger(__name__)
# persons of a request, and tries of a step that met another transaction
BATCH, TRIES = 1000, 5


class CrmGdprRule(models.Model):
    """The job: step by step, each committed. One that is killed goes on where it was, and takes nobody twice.

    A step begins by locking the run (or, to begin one, the rule), and changes a row that another job would change too:
    of two jobs one finds it locked, or is told by the database that what it saw is old.
    """

    _inherit = "crm.gdpr.rule"

    @api.model
    def _cron_run_rules(self):
        """Run the rules that are due, in their order, as long as there is time."""
        self.env["crm.gdpr.rule.run"]._end_changed()
        for rule in self.search(self._get_due_domain()):
            if not rule._run():
                break

    @api.model
    def _get_due_domain(self):
        is_time = Domain("next_run", "<=", fields.Datetime.now())
        return Domain("active", "=", True) & is_time & Domain("asked_count", "=", 0)

    def _run(self):
        """Run a rule as far as there is time; return whether there is more. Its errors are its own."""
        failures = 0
        while True:
            try:
                done = self._step()
                left = self.search_count(self._get_due_domain())
                has_time = bool(self.env["ir.cron"]._commit_progress(done, remaining=left))
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                self.env.cr.rollback()
                failures += 1
                if failures > TRIES:
                    return True  # it stays due
                continue
            except Exception as error:  # noqa: BLE001  one bad rule does not keep the others
                self.env.cr.rollback()
                self._break_off(error)
                return True
            if not done or not has_time:
                return has_time

    def _step(self):
        """Do the next piece; return how many it was about, and 0 when there is nothing left to do."""
        run = self.env["crm.gdpr.rule.run"].search([("rule_id", "=", self.id), ("state", "=", "running")])
        if not run:
            return self._begin()
        if not run.try_lock_for_update():
            return 0
        if run._is_void():
            return run._end("changed")
        return run._preview_next() or run._carry_out_next() or self._take_next(run) or self._finish(run)

    def _begin(self):
        """Count, and begin a run or ask."""
        if not self.try_lock_for_update() or not self.filtered_domain(self._get_due_domain()):
            return 0
        told = self._count()
        if self._is_too_many(told) and not self._is_confirmed(told):
            return self._ask(told)
        run = self.env["crm.gdpr.rule.run"].create(self._prepare_run(told))
        self.write(
            {
                "last_run": fields.Datetime.now(),
                "confirmed_count": 0,
                "confirmed_by_id": False,
                "problem": False,
                "preview": told,
            }
        )
        return 1 if told["number"] else self._finish(run)

    def _prepare_run(self, told=None, **values):
        told = told or {}
        return {
            "rule_id": self.id,
            "version": self.version,
            "action": self.action,
            "confirmed_by_id": self.confirmed_by_id.id,
            "number": told.get("number", 0),
            "along": told.get("along", 0),
            "everybody": told.get("everybody", 0),
            "left_out": told.get("left_out", {}),
            **values,
        }

    def _take_next(self, run):
        """List the next ones in a request; from here on they are in it, whatever happens."""
        limit = min(BATCH, run._get_allowance())
        if limit <= 0:
            return 0
        with self._telling():
            hits = self._get_hits()
            found = hits.model.search(hits.get_domain() & Domain("id", ">", run.last_id), order="id", limit=limit)
        if not found:
            return 0
        records = {"partners" if self.model == "res.partner" else "leads": self.env[self.model].browse(found.ids)}
        self.env["crm.gdpr.request"]._make(
            **records,
            reason="retention",
            user_id=self.user_id.id,
            needs_approval=self.needs_approval,
            rule_run_id=run.id,
        )
        run.write({"last_id": found.ids[-1], "taken": run.taken + len(found)})
        return len(found)

    def _finish(self, run):
        self.next_run = self._get_next_run()
        if run.request_ids.filtered(lambda request: request.state == "planned"):
            self._tell_officers("proposed")
        run._end("done")
        return 0

    def _ask(self, told):
        """Do nothing, and have an officer say whether the number is right."""
        number = told["number"] + told["along"]
        self.write(
            {"asked_count": number, "confirmed_count": 0, "confirmed_by_id": False, "preview": told, "problem": False}
        )
        self.write({"last_run": fields.Datetime.now(), "next_run": False})
        self.env["crm.gdpr.rule.run"].create(self._prepare_run(told))._end("asks")
        self._tell_officers("asks")
        return 0

    def _break_off(self, error):
        """Tell on the rule why it does not work, and let the next one have its turn."""
        is_broken = isinstance(error, BrokenRule)
        problem = error.problem if is_broken else {"code": "failed", "text": self._name_error(error)}
        if problem["code"] == "failed":
            _logger.warning("retention rule %s: %s", self.id, problem["text"])
        runs = self.env["crm.gdpr.rule.run"]
        run = runs.search([("rule_id", "=", self.id), ("state", "=", "running")]) or runs.create(self._prepare_run())
        run._end("broken", problem=problem)
        self.write({"problem": problem, "last_run": fields.Datetime.now(), "next_run": self._get_next_run()})
        self._tell_officers("broken")
        self.env["ir.cron"]._commit_progress(1, remaining=self.search_count(self._get_due_domain()))

    @api.model
    def _name_error(self, error):
        """What went wrong, without the values that a database's error quotes."""
        if isinstance(error, UserError):
            return str(error)
        return self.env["crm.gdpr.request.line"]._tell(error)

    def _get_next_run(self):
        """The day after, or the week or month, at the same hour where that is still to come."""
        step = relativedelta(**{self.interval: 1})
        now = fields.Datetime.now()
        planned = (self.next_run or now) + step
        return planned if planned > now else now + step
