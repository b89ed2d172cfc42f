from odoo import api, fields, models


class CrmLead(models.Model):
    """What the orders of a project propose for it."""

    _inherit = "crm.lead"

    is_order_proposed = fields.Boolean(
        compute="_compute_is_order_proposed",
        export_string_translation=False,
        help="The project is open, and an order on it is confirmed.",
    )

    @api.depends("won_status", "active", "type", "team_id", "order_ids.state")
    def _compute_is_order_proposed(self):
        for lead in self:
            is_open = lead.active and lead.type == "opportunity" and lead.won_status == "pending"
            # sudo: an order counts, also one that a colleague made
            lead.is_order_proposed = lead.process_id and is_open and lead.sudo().sale_order_count > 0

    def _update_revenues_from_so(self, order):
        # sudo: who may confirm an order need not be allowed to change, or even see, the project that it is on
        return super(CrmLead, self.sudo())._update_revenues_from_so(order)

    def _propose_reopening(self):
        """Leave the owners of won projects a question: the last confirmed order was cancelled."""
        for user, leads in self.grouped("user_id").items():
            leads.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Order cancelled: reopen this project?"),
                note=self.env._(
                    "The last confirmed order of this project was cancelled, and its actual value is again what it is "
                    "without orders. Reopen the project if the business goes on, or leave it closed."
                ),
                user_id=(user or self.env.user).id,
            )
