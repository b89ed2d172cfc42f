from psycopg2 import Error as DatabaseError

from odoo import fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY


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

    def write(self, vals):
        self._check_approval(vals)
        result = super().write(vals)
        if "state" in vals:
            # sudo: also of rules that this officer may not see
            self.sudo().rule_id._settle()
        return result

    def _check_approval(self, vals):
        """Who made a rule neither approves what it found nor takes the approval off, over any door."""
        of_rule = self.filtered("rule_run_id")
        if self.env.su or not of_rule:
            return
        if {"user_id", "needs_approval", "rule_run_id"} & vals.keys():
            raise ValidationError(
                self.env._("What a rule made keeps its officer, and has to be approved as the rule says.")
            )
        approver = vals.get("approver_id")
        if approver and (approver != self.env.uid or self.env.user in of_rule.user_id):
            raise ValidationError(self.env._("Somebody else than who asked for it has to approve it."))
        if vals.get("state") == "running" and of_rule.filtered(
            lambda made: made.needs_approval and not made.approver_id
        ):
            raise UserError(self.env._("Another privacy officer has to approve this first."))

    def action_approve(self):
        """What a rule is to anonymise is carried out as soon as it is approved."""
        result = super().action_approve()
        # sudo: what the run says, also of rules that this officer may not see
        if self.sudo().rule_action == "carry_out":
            self.action_carry_out()
        return result

    def _preview_one_by_one(self):
        """Preview a request in which somebody makes it fail: the others do not have to wait for them."""
        for line in self.line_ids:
            try:
                with self.env.cr.savepoint():
                    line._preview()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise
            except (DatabaseError, UserError) as error:
                line.write(line._prepare_problem("failed", line._tell(error), state="failed"))
        self.line_ids.sample = False
        self.write({"state": "planned", "planned_at": fields.Datetime.now(), "approver_id": False})
