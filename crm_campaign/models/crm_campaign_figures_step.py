from collections import Counter

from odoo import api, fields, models

from .crm_campaign_figures import DELIVERED, REACHED, REACTED


class CrmCampaignStep(models.Model):
    """How far each step is, for the list of steps: one query for all, whoever of the members the user may see."""

    _inherit = "crm.campaign.step"

    recipient_count = fields.Integer(
        "Recipients", compute="_compute_counts", compute_sudo=True, help="Without those who are left out."
    )
    waiting_count = fields.Integer("Waiting", compute="_compute_counts", compute_sudo=True)
    addressed_count = fields.Integer("Addressed", compute="_compute_counts", compute_sudo=True)
    failed_count = fields.Integer("Failed or Bounced", compute="_compute_counts", compute_sudo=True)
    has_failed = fields.Boolean("Failed", compute="_compute_counts", compute_sudo=True)
    left_out_count = fields.Integer("Left Out", compute="_compute_counts", compute_sudo=True)
    reacted_count = fields.Integer("Reacted", compute="_compute_counts", compute_sudo=True)
    progress = fields.Integer(compute="_compute_counts", compute_sudo=True, help="Per cent of whom were addressed.")

    @api.depends("dispatch_ids.outcome")
    def _compute_counts(self):
        counts = {step.id: Counter() for step in self}
        groups = self.env["crm.campaign.dispatch"]._read_group(
            [("step_id", "in", self._origin.ids)], ["step_id", "outcome"], ["__count"]
        )
        for step, outcome, count in groups:
            counts[step.id][outcome] += count
        for step in self:
            of = counts.get(step._origin.id, Counter())
            step.waiting_count = of["waiting"]
            step.left_out_count = of["left_out"]
            step.addressed_count = sum(of[outcome] for outcome in REACHED["addressed"])
            step.failed_count = step.addressed_count - sum(of[outcome] for outcome in DELIVERED)
            step.has_failed = bool(of["failed"])
            step.reacted_count = sum(of[outcome] for outcome in REACTED)
            step.recipient_count = step.addressed_count + step.waiting_count
            step.progress = step.recipient_count and 100 * step.addressed_count // step.recipient_count

    def action_open_dispatches(self):
        """Open whom the step goes to, with what happened.

        :return: an action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_campaign.crm_campaign_dispatch_action")
        outcome = self.env.context.get("dispatch_filter")
        return {
            **action,
            "display_name": f"{self.campaign_id.title}: {self.name}",
            "domain": [("step_id", "=", self.id)],
            "context": {"create": False, **({f"search_default_{outcome}": 1} if outcome else {})},
        }
