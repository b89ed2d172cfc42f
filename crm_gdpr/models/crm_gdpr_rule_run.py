import math

from odoo import api, fields, models
from odoo.tools import SQL

from .crm_gdpr_rule_hits import LEEWAY


class CrmGdprRuleRun(models.Model):
    """One run of a rule, and what came of it: the report, and where to go on."""

    _name = "crm.gdpr.rule.run"
    _description = "Run of a Retention Rule"
    _order = "id desc"
    _rec_name = "started_at"

    rule_id = fields.Many2one("crm.gdpr.rule", required=True, readonly=True, ondelete="cascade", index=True)
    state = fields.Selection(
        [
            ("running", "Running"),
            ("done", "Finished"),
            ("asks", "Stopped: Asks"),
            ("changed", "Stopped: Rule Changed"),
            ("broken", "Does Not Work"),
        ],
        required=True,
        default="running",
        readonly=True,
    )
    started_at = fields.Datetime("Date", required=True, default=fields.Datetime.now, readonly=True)
    finished_at = fields.Datetime("Finished On", readonly=True)
    version = fields.Integer(readonly=True)
    action = fields.Selection([("propose", "Propose"), ("carry_out", "Anonymise")], readonly=True)
    confirmed_by_id = fields.Many2one("res.users", "Number Confirmed By", readonly=True)
    number = fields.Integer("Found", readonly=True, aggregator=None)
    along = fields.Integer("Going Along", readonly=True, aggregator=None, help="Contacts below those that were found.")
    everybody = fields.Integer("Of", readonly=True, aggregator=None)
    left_out = fields.Json(readonly=True)
    problem = fields.Json(readonly=True)
    last_id = fields.Integer(readonly=True, aggregator=None, help="Up to where it has come.")
    taken = fields.Integer(readonly=True, aggregator=None)
    request_ids = fields.One2many("crm.gdpr.request", "rule_run_id", "Anonymisations", readonly=True)
    request_count = fields.Integer("Anonymisations Made", compute="_compute_counts")
    proposed_count = fields.Integer(
        "Proposed", compute="_compute_counts", help="Previewed, and neither done nor refused."
    )
    done_count = fields.Integer("Anonymised", compute="_compute_counts")
    problem_count = fields.Integer("Not Done", compute="_compute_counts")
    report = fields.Text("Why Not", compute="_compute_report")

    _one_running = models.UniqueIndex("(rule_id) WHERE state = 'running'", "This rule is running already.")

    @api.depends("request_ids.line_ids.state", "request_ids.state")
    def _compute_counts(self):
        lines = self.env["crm.gdpr.request.line"]._read_group(
            [("request_id.rule_run_id", "in", self.ids)],
            ["request_id", "state"],
            ["__count"],
        )
        told = {run.id: {"requests": set(), "open": 0, "done": 0, "problem": 0} for run in self}
        for request, state, number in lines:
            counts = told[request.rule_run_id.id]
            counts["requests"].add(request.id)
            is_open = state in ("draft", "planned")
            counts["done" if state == "done" else "open" if is_open else "problem"] += number
        for run in self:
            counts = told.get(run.id) or {"requests": (), "open": 0, "done": 0, "problem": 0}
            run.request_count = len(counts["requests"])
            run.proposed_count, run.done_count = counts["open"], counts["done"]
            run.problem_count = counts["problem"]

    @api.depends("request_ids.line_ids.problem", "left_out", "problem")
    @api.depends_context("lang")
    def _compute_report(self):
        causes = self.rule_id._get_cause_words()
        refused = self._get_refused()
        for run in self:
            told = [(causes.get(cause, cause), number) for cause, number in (run.left_out or {}).items()]
            told += refused.get(run.id, [])
            lines = [self.env._("%(number)s × %(reason)s", number=number, reason=reason) for reason, number in told]
            run.report = "\n".join(filter(None, [run.rule_id._describe_problem(run.problem), *lines]))

    def _get_refused(self):
        """Why lines of the requests were not done, ``{run id: [(reason, number)]}``."""
        self.env["crm.gdpr.request.line"].flush_model(["problem", "request_id"])
        self.env.cr.execute(
            SQL(
                """
                SELECT request.rule_run_id, line.problem->>'code', count(*)
                  FROM crm_gdpr_request request JOIN crm_gdpr_request_line line ON line.request_id = request.id
                 WHERE request.rule_run_id = ANY(%s) AND line.problem->>'code' IS NOT NULL
                 GROUP BY 1, 2 ORDER BY 1, 2
                """,
                self.ids,
            )
        )
        describe = self.env["crm.gdpr.request.line"]._describe_problem
        refused = {}
        for run_id, code, number in self.env.cr.fetchall():
            refused.setdefault(run_id, []).append((describe({"code": code, "text": "…"}), number))
        return refused

    def action_open_requests(self):
        """Show what came of it."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Anonymisations"),
            "res_model": "crm.gdpr.request",
            "views": [(False, "list"), (False, "form")],
            "domain": [("rule_run_id", "in", self.ids)],
        }

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def _get_allowance(self):
        """How many more it may take: what was counted, and some that came since."""
        return math.ceil(self.number * (1 + LEEWAY)) - self.taken

    def _is_void(self):
        """Whether the rule is not the one that it was begun for."""
        return self.rule_id.version != self.version or not self.rule_id.active

    def _preview_next(self):
        """Preview a request, or the next part of a large one; return of how many persons."""
        request = self._answer_for(self._get_unseen()[-1:])
        if not request:
            return 0
        if request.state == "previewing":
            done = request._preview_part()
        else:
            request.action_preview()
            done = request._refuse_first()
        if request.state == "planned" and not request._count_left():
            request.action_cancel()
        return done or 1

    def _get_unseen(self):
        """The requests to preview; one that an officer stopped meanwhile is that officer's."""
        return self._get_own().filtered(
            lambda request: request.state == "previewing" or request.state == "draft" and not request.planned_at
        )

    def _get_own(self):
        """The requests that no officer took over."""
        return self.request_ids.filtered(lambda request: not request._is_with_officer())

    def _carry_out_next(self):
        """Have a previewed request carried out where the rule says so; return of how many persons."""
        if self.action != "carry_out":
            return 0
        request = self._get_own().filtered(lambda request: request.state == "planned" and not request.needs_approval)
        if not request:
            return 0
        self._answer_for(request[-1:]).action_carry_out()
        return request[-1:].person_count

    def _answer_for(self, request):
        """A request in the name of the rule's officer; sudo: as the job is."""
        return request.with_user(self.rule_id.user_id).sudo()

    @api.model
    def _end_changed(self):
        """End the runs of rules that were changed or switched off in the middle."""
        for run in self.search([("state", "=", "running")]).try_lock_for_update():
            if run._is_void():
                run._end("changed")
        self.env["ir.cron"]._commit_progress()

    def _end(self, state, problem=False):
        """Write the report, and let those go who were not looked at yet."""
        self.write({"state": state, "finished_at": fields.Datetime.now(), "problem": problem})
        for request in self._get_unseen():
            request._cancel()
        self._log()
        return 0

    def _log(self):
        log = self.env["crm.gdpr.log"]
        for run in self:
            log._append(
                "rule_run",
                counts={run.rule_id.model: run.number + run.along},
                rule=run.rule_id.id,
                run=run.id,
                version=run.version,
                state=run.state,
                action=run.action,
                confirmed=bool(run.confirmed_by_id),
                requests=run.request_count,
                proposed=run.proposed_count,
                refused=run.problem_count,
            )
