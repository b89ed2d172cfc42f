from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

# how long values of persons are shown after they were previewed
SHOWN_DAYS = 14
ENDS = ("done", "cancelled")
# what of a line may tell of a person: values before and after, and why somebody is on hold
TELLING = "jsonb_typeof(sample) = 'array' OR problem->>'code' = 'hold' AND problem->>'text' <> '…'"


class CrmGdprRequest(models.Model):
    """What a request shows of persons is theirs as well, and is kept no longer than somebody decides by it."""

    _inherit = "crm.gdpr.request"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") in ENDS:
            self.env["crm.gdpr.request.line"]._forget_shown(SQL("request_id = ANY(%s)", self.ids))
        return result

    @api.model
    def _cron_forget_shown(self):
        """Forget what was previewed two weeks ago, and what is left of records that somebody deleted."""
        lines = self.env["crm.gdpr.request.line"]
        lines._forget_shown(SQL("write_date < %s", fields.Datetime.now() - timedelta(days=SHOWN_DAYS)))
        lines._forget_shown(SQL("partner_id IS NULL AND lead_id IS NULL"))


class CrmGdprRequestLine(models.Model):
    _inherit = "crm.gdpr.request.line"

    _telling = models.Index(f"(write_date) WHERE {TELLING}")

    def _empty_shown(self):
        """Empty what these lines show of persons, and the words of why not: the code alone still says why."""
        self.filtered("sample").sample = False
        told = self.filtered(lambda line: line.problem and line.problem.get("text"))
        for code, lines in told.grouped(lambda line: line.problem["code"]).items():
            lines.problem = {"code": code, "text": "…"}

    @api.model
    def _forget_shown(self, condition):
        """Empty what lines show of persons. Why somebody is on hold is read from the hold itself from then on."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_gdpr_request_line
                   SET sample = NULL,
                       problem = CASE WHEN problem->>'code' = 'hold'
                                      THEN jsonb_build_object('code', 'hold', 'text', '…') ELSE problem END
                 WHERE (%s) AND (%s)
                """,
                SQL(TELLING),
                condition,
            )
        )
        self.invalidate_model(["sample", "problem", "reason"])
        self.env["crm.gdpr.request"].invalidate_model(["sample"])
