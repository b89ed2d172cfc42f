from odoo import api, fields, models
from odoo.tools.mail import is_html_empty


class CrmLeadLost(models.TransientModel):
    """Odoo's own dialog for the reason, also for projects that are cancelled."""

    _inherit = "crm.lead.lost"

    outcome = fields.Selection([("lost", "Lost"), ("cancelled", "Cancelled")], default="lost", required=True)
    lost_reason_id = fields.Many2one(domain="[('outcome', '=', outcome)]")
    reason_required = fields.Boolean(compute="_compute_reason_required")
    may_set_date = fields.Boolean(compute="_compute_reason_required")
    date_closed = fields.Datetime("Closing Date", help="Leave empty for now.")

    @api.depends("lead_ids", "outcome")
    def _compute_reason_required(self):
        manager = self.env.user.has_group("sales_team.group_sale_manager")
        for wizard in self:
            wizard.reason_required = wizard.outcome == "cancelled" or bool(wizard.lead_ids.process_id)
            wizard.may_set_date = manager and bool(wizard.lead_ids.process_id)

    def action_lost_reason_apply(self):
        """Close the projects with the reason chosen.

        :return: closing the dialog, with ``moved`` for the board that opened it
        """
        self.ensure_one()
        # The board says in the context which column it showed; its card may have moved meanwhile.
        leads = self.lead_ids
        dated = {"date_closed": self.date_closed} if self.date_closed else {}
        if self.outcome == "cancelled":
            if not is_html_empty(self.lost_feedback):
                leads._track_set_log_message(self.lost_feedback)
            leads.action_set_cancelled(cancel_reason_id=self.lost_reason_id.id, **dated)
        elif dated:
            if not is_html_empty(self.lost_feedback):
                leads._track_set_log_message(self.lost_feedback)
            leads.action_set_lost(lost_reason_id=self.lost_reason_id.id, **dated)
        else:
            super().action_lost_reason_apply()
        return {"type": "ir.actions.act_window_close", "infos": {"moved": True}}
