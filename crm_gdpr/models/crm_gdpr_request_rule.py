from datetime import timedelta

from odoo import fields, models

# after which a run that nothing was written to is one that nobody works on
PATIENCE = timedelta(hours=3)


class CrmGdprRequest(models.Model):
    """A request that a rule made."""

    _inherit = "crm.gdpr.request"

    rule_run_id = fields.Many2one(
        "crm.gdpr.rule.run", "Run of a Rule", readonly=True, copy=False, ondelete="set null", index="btree_not_null"
    )
    rule_id = fields.Many2one(
        "crm.gdpr.rule", "Rule", related="rule_run_id.rule_id", store=True, index="btree_not_null"
    )
    rule_action = fields.Selection(related="rule_run_id.action", string="What the Rule Does")
    is_taken_over = fields.Boolean(
        "Taken Over",
        readonly=True,
        copy=False,
        help="An officer stopped what a rule does: what becomes of it they say.",
    )

    def _is_with_officer(self):
        """Whether an officer decides what becomes of it, and no rule: who stopped it, or previewed it once more."""
        return self.is_taken_over or bool(self.previewer_id) and self.previewer_id != self.rule_id.user_id

    def _is_left_to_rule(self):
        """Whether the job of rules previews it: not where an officer does, nor where that job is switched off."""
        run = self.rule_run_id
        is_at_work = run.state == "running" and run.write_date > fields.Datetime.now() - PATIENCE
        return is_at_work and not self._is_with_officer()

    def action_stop(self):
        self._as_officer().filtered("rule_run_id").is_taken_over = True
        return super().action_stop()

    def _get_reach(self):
        """A rule for every company was made by an officer of every company."""
        if not self.rule_id:
            return super()._get_reach()
        return super()._get_reach() | (self.rule_id.company_id or self.env["res.company"].search([]))

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self.rule_id._settle()
        return result

    def _tell_previewed(self):
        """What rules propose all officers are told of, when all of it is there; who took one over is told as ever."""
        if not self.rule_id or self._is_with_officer():
            super()._tell_previewed()

    def action_approve(self):
        """What a rule is to anonymise is carried out as soon as it is approved."""
        result = super().action_approve()
        # sudo: what the run says, also of rules that this officer may not see
        if self.sudo().rule_action == "carry_out":
            self.action_carry_out()
        return result
