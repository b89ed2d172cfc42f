from odoo import api, fields, models


class CrmLeadOrder(models.TransientModel):
    """Asks what a project brought when it is closed as an order."""

    _name = "crm.lead.order"
    _description = "Close as Order"

    lead_id = fields.Many2one("crm.lead", "Project", required=True, ondelete="cascade")
    column_id = fields.Many2one("crm.process.column", compute="_compute_column_id")
    company_currency = fields.Many2one(related="lead_id.company_currency")
    expected_revenue = fields.Monetary(
        related="lead_id.expected_revenue", currency_field="company_currency", related_sudo=False
    )
    ordered_revenue = fields.Monetary(
        "Confirmed Orders", compute="_compute_ordered_revenue", currency_field="company_currency"
    )
    actual_revenue = fields.Monetary(
        "Actual Value",
        currency_field="company_currency",
        compute="_compute_actual_revenue",
        store=True,
        readonly=False,
        help="What the project brought. Filled in from its confirmed orders or, without orders, its projected value.",
    )
    date_closed = fields.Datetime("Closing Date", help="Leave empty for now.")
    may_set_date = fields.Boolean(compute="_compute_may_set_date")

    @api.depends("lead_id")
    def _compute_column_id(self):
        for wizard in self:
            wizard.column_id = wizard.lead_id._column_of_kind("order")

    @api.depends("lead_id")
    def _compute_ordered_revenue(self):
        self.lead_id._origin.check_access("read")
        for wizard in self:
            # sudo: who may read the project sees what it brought, also by orders of colleagues
            wizard.ordered_revenue = wizard.lead_id.sudo().sale_amount_total

    @api.depends("lead_id")
    def _compute_actual_revenue(self):
        for wizard in self:
            wizard.actual_revenue = wizard.ordered_revenue or wizard.expected_revenue

    @api.depends_context("uid")
    def _compute_may_set_date(self):
        self.may_set_date = self.env.user.has_group("sales_team.group_sale_manager")

    def action_apply(self):
        """Close the project as an order with the value given.

        :return: closing the dialog, with ``moved`` for the board that opened it
        """
        self.ensure_one()
        values = {"board_column_id": self.column_id.id, "actual_revenue": self.actual_revenue}
        if self.date_closed:
            values["date_closed"] = self.date_closed
        self.lead_id.write(values)
        return {"type": "ir.actions.act_window_close", "infos": {"moved": True}}
