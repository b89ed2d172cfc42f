from odoo import api, fields, models

STATES = [
    ("draft", "New"),
    ("planned", "Previewed"),
    ("refused", "Refused"),
    ("changed", "Changed Since"),
    ("failed", "Failed"),
    ("done", "Anonymised"),
]


class CrmGdprRequestLine(models.Model):
    """One person of a request, and what became of them. Without a name: the record tells it while there is one."""

    _name = "crm.gdpr.request.line"
    _description = "Person to Anonymise"
    _order = "id"

    request_id = fields.Many2one("crm.gdpr.request", required=True, readonly=True, ondelete="cascade", index=True)
    partner_id = fields.Many2one(
        "res.partner", string="Contact", readonly=True, ondelete="set null", index="btree_not_null"
    )
    lead_id = fields.Many2one("crm.lead", readonly=True, ondelete="set null", index="btree_not_null")
    state = fields.Selection(STATES, required=True, default="draft", readonly=True)
    problem = fields.Json(readonly=True, help="Why not: a code and its words.")
    reason = fields.Text(compute="_compute_reason")
    plan_hash = fields.Char(readonly=True, help="What everything was like in the preview.")
    counts = fields.Json(readonly=True, help="Rows by model, what was done, and why.")
    kept = fields.Json(readonly=True, help="What stays: reason, until when, how many.")
    is_scanned = fields.Boolean(string="Searched For", readonly=True)
    residue = fields.Json(readonly=True, help="Where something was found afterwards.")
    sample = fields.Json(readonly=True, help="Before and after; of a preview alone.")
    done_at = fields.Datetime(readonly=True)

    _open = models.Index("(request_id, id) WHERE state = 'planned'")
    _unseen = models.Index("(request_id, id) WHERE state = 'draft'")
    _shown = models.Index("(request_id) WHERE sample IS NOT NULL")

    @api.depends("partner_id", "lead_id")
    def _compute_display_name(self):
        # sudo: an officer has to know whom a request is about, also without the rights to the record itself
        for line in self.sudo():
            line.display_name = (line.partner_id or line.lead_id).display_name or self.env._("A deleted record")

    @api.depends("problem", "kept")
    @api.depends_context("lang")
    def _compute_reason(self):
        for line in self:
            problem = self._describe_problem(line._get_problem_now())
            line.reason = "\n".join([problem, *self._describe_kept(line.kept)]).strip()

    def _get_problem_now(self):
        """Why not: of a hold whose words were forgotten, what it says now."""
        self.ensure_one()
        problem = self.problem
        if problem and (problem["code"], problem.get("text")) == ("hold", "…"):
            # sudo: as when it was noted, for officers who need not have the rights to the record
            code, text = self.sudo()._get_problems().get(self.id, ("", ""))
            return {"code": "hold", "text": text if code == "hold" else "…"}
        return problem

    @api.model
    def _describe_problem(self, problem):
        """Say why somebody is not anonymised.

        :param dict problem: ``{"code": …, "text": …}``
        """
        words = {
            "yourself": self.env._("Nobody anonymises themselves."),
            "administrator": self.env._("The administrator and Odoo's own accounts stay."),
            "company": self.env._("This is one of your own companies."),
            "user": self.env._("This is somebody who signs in to work here: archive the user first."),
            "hold": self.env._("On hold: %(reason)s", reason=(problem or {}).get("text", "")),
            "other_company": self.env._(
                "Records of another company go along: %(companies)s. Choose that company as well, or ask an officer who"
                " works for it.",
                companies=(problem or {}).get("text", ""),
            ),
            "gone": self.env._("There is no such record any more."),
            "with_parent": self.env._("Goes with the company that it belongs to, which is chosen as well."),
            "changed": self.env._("Something changed since the preview: look again."),
            "cancelled": self.env._("The request was cancelled before their turn."),
            "failed": self.env._("It could not be done: %(error)s", error=(problem or {}).get("text", "")),
        }
        return words[problem["code"]] if problem else ""

    @api.model
    def _describe_kept(self, kept):
        """Say what stays for now, one sentence each."""
        words = {
            **self.env["crm.gdpr.kept"]._get_words(),
            "shared": self.env._("E-mail address or phone number that others have as well, and keep"),
        }
        return [
            self.env._("%(number)s × %(reason)s, until %(date)s", number=number, reason=words[why], date=until)
            if until
            else self.env._("%(number)s × %(reason)s", number=number, reason=words[why])
            for why, until, number in kept or []
        ]
