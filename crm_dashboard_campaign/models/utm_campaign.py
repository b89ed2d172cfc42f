from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_campaign.models.utm_campaign import PLANNERS
from odoo.addons.crm_salesboard.tools.flags import asked_for

# Fields that are added up in one currency where the context asks for it.
COSTS = ("cost", "cost_to_return")


class UtmCampaign(models.Model):
    """What the dashboard shows of campaigns: figures of the page of success, one by one."""

    _inherit = "utm.campaign"

    cost = fields.Monetary(
        compute="_compute_cost", groups=PLANNERS, help="The actual cost; the planned one while there is no other."
    )
    cost_to_return = fields.Monetary(compute="_compute_cost_to_return", groups=PLANNERS, exportable=False)
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

    @api.depends("cost")
    @api.depends_context("uid")
    def _compute_cost_to_return(self):
        """The cost for who sees all that it brought, and nothing for others: they would see a loss."""
        for campaign in self:
            campaign.cost_to_return = self._sees_all_leads() and campaign.cost

    @api.model
    def _sees_all_leads(self):
        return self.env.su or self.env.user.has_group("sales_team.group_sale_salesman_all_leads")

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
        """Odoo has no rule that keeps campaigns of other companies apart: the menu does it, and the dashboard."""
        asked = asked_for(operator, value)
        if asked is None:
            return NotImplemented
        of_mine = Domain("company_id", "in", [False, *self.env.companies.ids])
        return Domain.OR(of_mine if mine else ~of_mine for mine in asked)

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr not in COSTS:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        if field_expr == "cost_to_return" and not self._sees_all_leads():
            return SQL("0")
        actual, planned = (self._field_to_sql(alias, name, query) for name in ("cost_actual", "cost_planned"))
        return SQL("COALESCE(NULLIF(%s, 0), %s, 0)", actual, planned)

    def _read_group_select(self, aggregate_spec, query):
        """With ``salesboard_one_currency`` in the context costs add up as amounts of projects do: converted."""
        name, _sep, function = aggregate_spec.partition(":")
        if name not in COSTS or function != "sum" or not self.env.context.get("salesboard_one_currency"):
            return super()._read_group_select(aggregate_spec, query)
        return SQL("SUM(%s * %s)", self._field_to_sql(self._table, name, query), self._cost_factor(query))

    def _cost_factor(self, query):
        """By what a campaign's cost becomes one in the currency of the present company, at the rate of today."""
        target, today = self.env.company.currency_id, fields.Date.context_today(self)
        rates = [
            SQL("WHEN %s THEN %s", company.id, target._get_conversion_rate(company.currency_id, target, company, today))
            for company in self.env.companies
            if company.currency_id != target
        ]
        if not rates:
            return SQL("1")
        company_id = self._field_to_sql(self._table, "company_id", query)
        return SQL("(CASE %s %s ELSE 1 END)", company_id, SQL(" ").join(rates))
