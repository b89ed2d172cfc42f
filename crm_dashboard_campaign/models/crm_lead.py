from odoo import api, fields, models


class CrmLead(models.Model):
    """What projects of campaigns brought, as the campaign's page of success counts it."""

    _inherit = "crm.lead"

    campaign_value = fields.Monetary(
        "Won Value",
        currency_field="company_currency",
        compute="_compute_campaign_value",
        help="The actual value of a won project; the projected one where its team has no CRM process.",
    )

    @api.depends("won_status", "type", "order_basis", "expected_revenue", "actual_revenue")
    def _compute_campaign_value(self):
        for lead in self:
            is_won = lead.won_status == "won" and lead.type == "opportunity"
            value = lead.actual_revenue if lead.order_basis else lead.expected_revenue
            lead.campaign_value = is_won and value

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == "campaign_value":
            return self._campaign_value_sql(alias, query)
        return super()._field_to_sql(alias, field_expr, query)
