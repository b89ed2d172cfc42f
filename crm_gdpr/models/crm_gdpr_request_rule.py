from odoo import fields, models


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
        """What rules propose all officers are told of, when all of it is there."""
        if not self.rule_id:
            super()._tell_previewed()

    def action_approve(self):
        """What a rule is to anonymise is carried out as soon as it is approved."""
        result = super().action_approve()
        # sudo: what the run says, also of rules that this officer may not see
        if self.sudo().rule_action == "carry_out":
            self.action_carry_out()
        return result
