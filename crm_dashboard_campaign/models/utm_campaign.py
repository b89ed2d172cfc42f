from odoo import api, fields, models
from odoo.addons.crm_campaign.models.utm_campaign import PLANNERS
from odoo.addons.crm_salesboard.tools.flags import asked_for
from odoo.fields import Domain
from odoo.tools import SQL


class UtmCampaign(models.Model):
    """What the dashboard shows of campaigns: figures of the page of success, one by one."""

    _inherit = "utm.campaign"

    cost = fields.Monetary(
        compute="_compute_cost", groups=PLANNERS, help="The actual cost; the planned one while there is no other."
    )
    success_value = fields.Monetary("Won Value", compute="_compute_success_figures", groups=PLANNERS)
    success_return = fields.Float(
        "Return",
        compute="_compute_success_figures",
        groups=PLANNERS,
        help="What was won beyond the cost, as a share of the cost.",
    )
    is_of_my_companies = fields.Boolean(
        "Of My Companies", compute="_compute_is_of_my_companies", search="_search_is_of_my_companies", exportable=False
    )

    @api.depends("cost_actual", "cost_planned")
    def _compute_cost(self):
        for campaign in self:
            campaign.cost = campaign.cost_actual or campaign.cost_planned

    @api.depends_context("allowed_company_ids", "uid")
    def _compute_success_figures(self):
        """As the page of success has them, of which no more than these is asked for here."""
        within_reach = self._within_reach()
        self.success_value = self.success_return = 0
        for campaign in self.filtered(lambda campaign: campaign._origin in within_reach):
            leads = campaign._origin._count_leads()
            values = campaign._origin._prepare_values(leads["members"], leads["others"])
            campaign.success_value = values["won"]
            campaign.success_return = (values["return"] or 0) / 100

    @api.depends("company_id")
    @api.depends_context("allowed_company_ids")
    def _compute_is_of_my_companies(self):
        within_reach = self._within_reach()
        for campaign in self:
            campaign.is_of_my_companies = campaign._origin in within_reach

    @api.model
    def _search_is_of_my_companies(self, operator, value):
        """Odoo has no rule that keeps campaigns of other companies apart: the menu says so, and so does the dashboard."""
        asked = asked_for(operator, value)
        if asked is None:
            return NotImplemented
        of_mine = Domain("company_id", "in", [False, *self.env.companies.ids])
        return Domain.OR(of_mine if mine else ~of_mine for mine in asked)

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr != "cost":
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields["cost"], "read")
        actual, planned = (self._field_to_sql(alias, name, query) for name in ("cost_actual", "cost_planned"))
        return SQL("COALESCE(NULLIF(%s, 0), %s, 0)", actual, planned)
