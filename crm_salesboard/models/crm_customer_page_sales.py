from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from .crm_customer_page import LINES
from .crm_lead_salesboard import MEASURES

LEAD_FIELDS = [
    "name",
    "partner_id",
    "user_id",
    "board_column_id",
    "stage_id",
    "won_status",
    "active",
    "expected_revenue",
    "actual_revenue",
    "date_deadline",
    "date_closed",
    "company_id",
]


class CrmCustomerPage(models.AbstractModel):
    """Projects, orders and campaigns of the customer."""

    _inherit = "crm.customer.page"

    # ------------------------------------------------------------
    # Projects
    # ------------------------------------------------------------

    @api.model
    def _get_customer(self, partner_id):
        """Ask for the projects at once: much else hangs on them."""
        customer = super()._get_customer(partner_id)
        customer.projects = self._project_figures(customer) if self.env["crm.lead"].has_access("read") else {}
        customer.lead_ids = [lead_id for kind in customer.projects.values() for lead_id in kind["ids"]]
        customer.first_projects = self._first_projects(customer)
        customer.named_leads = self.env["crm.lead"].union(*customer.first_projects.values())
        return customer

    @api.model
    def _project_figures(self, customer):
        """Number and sums of the projects by outcome, in the company's currency, and which they are.

        Amounts of companies with another currency are converted as on the board: at the day of closing or, while open,
        of today.

        :return: dict by "open", "won", "lost", "cancelled" and "aside" of figures, see ``crm.lead.get_salesboard``,
            with "ids" besides
        """
        leads = self.env["crm.lead"].with_context(active_test=False)
        aggregates = ["__count", *(f"{field}:sum" for field in MEASURES.values()), "id:array_agg"]
        own_currency = self.env.company.currency_id
        foreign = self.env.companies.filtered(lambda company: company.currency_id != own_currency)
        domain = Domain("partner_id", "in", customer.ids)
        own = domain & Domain("company_id", "not in", foreign.ids) if foreign else domain
        rows, ids = defaultdict(list), defaultdict(list)
        for status, active, *values, found in leads._read_group(own, ["won_status", "active"], aggregates):
            rows[_outcome(status, active)].append(leads._figures(values))
            ids[_outcome(status, active)] += found
        if foreign:
            domain &= Domain("company_id", "in", foreign.ids)
            groups = ["won_status", "active", "company_id", "board_date:day"]
            for status, active, company, day, *values, found in leads._read_group(domain, groups, aggregates):
                kind = _outcome(status, active)
                rows[kind].append(leads._converted_figures(kind not in ("open", "aside"), company, day, values))
                ids[kind] += found
        return {kind: {**leads._add_up(found), "ids": ids[kind]} for kind, found in rows.items()}

    @api.model
    def _block_open_projects(self, customer):
        if not self.env["crm.lead"].has_access("read"):
            return None
        title, figures = self.env._("Open Projects"), customer.projects.get("open", {})
        is_open = Domain("won_status", "=", "pending") & Domain("active", "=", True)
        sums = {"projected": self.env._("Projected"), "weighted": self.env._("Weighted")}
        return self._block(
            title,
            "fa-star-o",
            1,
            figures.get("count", 0),
            [self._project_line(customer, lead) for lead in customer.first_projects["open"]],
            self.env._("No open projects."),
            figures=[self._measure(label, figures, measure) for measure, label in sums.items() if figures],
            action=self._projects_action(customer, title, is_open),
            add=self._add("crm.lead", self.env._("New project"), customer.partner.action_new_crm_project()),
        )

    @api.model
    def _block_closed_projects(self, customer):
        if not self.env["crm.lead"].has_access("read"):
            return None
        title = self.env._("Closed Projects")
        closed = {kind: figures for kind, figures in customer.projects.items() if kind != "open"}
        if not closed:
            return None
        names = {"won": self.env._("Won"), "lost": self.env._("Lost"), "cancelled": self.env._("Cancelled")}
        figures = [self._measure(self.env._("Actual"), closed["won"], "actual")] if "won" in closed else []
        figures += [self._figure(name, closed[kind]["count"]) for kind, name in names.items() if kind in closed]
        is_closed = Domain("won_status", "!=", "pending") | Domain("active", "=", False)
        return self._block(
            title,
            "fa-flag-checkered",
            1,
            sum(figures["count"] for figures in closed.values()),
            [self._project_line(customer, lead) for lead in customer.first_projects["closed"]],
            self.env._("No closed projects."),
            figures=figures,
            action=self._projects_action(customer, title, is_closed),
        )

    @api.model
    def _measure(self, label, figures, measure):
        """A sum of projects, with what it was converted from."""
        parts = [[currency, amounts[measure]] for currency, amounts in figures["currencies"].items()]
        return self._figure(label, figures[measure], amount=True, parts=parts)

    @api.model
    def _projects_action(self, customer, title, domain):
        domain &= Domain("partner_id", "in", customer.ids)
        context = {"active_test": False, "default_type": "opportunity", "default_partner_id": customer.partner.id}
        return self._list_action(title, "crm.lead", domain, ("list", "kanban", "form"), **context)

    @api.model
    def _first_projects(self, customer):
        """The first open projects, soonest first, and the closed ones, last closed first.

        :return: dict of ``crm.lead`` by "open" and "closed"
        """
        # sudo: the user's rights have found these ids
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        open_ids = customer.projects.get("open", {}).get("ids", [])
        closed_ids = list(set(customer.lead_ids) - set(open_ids))
        first = self._first_of_each(
            leads,
            {
                "open": (Domain("id", "in", open_ids), len(open_ids), "date_deadline, id desc"),
                "closed": (Domain("id", "in", closed_ids), len(closed_ids), "date_closed desc, id desc"),
            },
            LEAD_FIELDS,
        )
        first = {kind: found.with_env(self.env) for kind, found in first.items()}
        # Read for all of them at once.
        self.env["crm.lead"].union(*first.values()).board_column_id.mapped("name")
        return first

    @api.model
    def _project_line(self, customer, lead):
        is_open = lead.won_status == "pending" and lead.active
        today = fields.Date.context_today(self)
        closed = lead.date_closed and fields.Datetime.context_timestamp(self, lead.date_closed).date()
        return self._line(
            lead,
            lead.name,
            who=customer.name_of(lead.partner_id.id),
            badge=self._project_status(lead),
            date=lead.date_deadline if is_open else closed,
            late=is_open and lead.date_deadline and lead.date_deadline < today,
            amount=lead.actual_revenue if lead.won_status == "won" else lead.expected_revenue,
            currency_id=lead.company_currency.id,
            user_id=lead.user_id.id,
        )

    @api.model
    def _project_status(self, lead):
        """Where a project stands: its column on the board or, of a team without a process, its stage or outcome."""
        if lead.board_column_id:
            return self._badge(lead.board_column_id, "name")
        if lead.won_status == "lost" or not lead.active:
            return {"name": self.env._("Lost") if lead.won_status == "lost" else self.env._("Archived")}
        return self._badge(lead.stage_id, "name")

    # ------------------------------------------------------------
    # Orders
    # ------------------------------------------------------------

    @api.model
    def _block_orders(self, customer):
        orders = self.env["sale.order"]
        if not orders.has_access("read"):
            return None
        title = self.env._("Quotations and Orders")
        domain = Domain("partner_id", "in", customer.ids)
        counts, sums = self._order_figures(domain)
        names = ["name", "partner_id", "state", "date_order", "amount_total", "currency_id", "user_id"]
        found = orders.search_fetch(domain, names, order="date_order desc, id desc", limit=LINES) if counts else orders
        states = dict(orders._fields["state"]._description_selection(self.env))
        return self._block(
            title,
            "fa-shopping-cart",
            1,
            sum(counts.values()),
            [self._order_line(customer, order, states) for order in found],
            self.env._("No quotations yet."),
            figures=[
                self._figure(label, sums[kind], amount=True)
                for kind, label in (("order", self.env._("Ordered")), ("quotation", self.env._("Offered")))
                if counts.get(kind)
            ],
            action=self._list_action(title, "sale.order", domain, ("list", "kanban", "form")),
            add=self._add(
                "sale.order",
                self.env._("New quotation"),
                self._form_action(self.env._("New Quotation"), "sale.order", default_partner_id=customer.partner.id),
            ),
        )

    @api.model
    def _order_figures(self, domain):
        """Numbers and totals of orders, of quotations and of what was cancelled, in the company's currency.

        :return: ``(counts, sums)``, dicts by "order", "quotation" and "cancel"
        """
        orders, own_currency = self.env["sale.order"], self.env.company.currency_id
        counts, sums, foreign = defaultdict(int), defaultdict(float), False
        for state, currency, count, total in orders._read_group(
            domain, ["state", "currency_id"], ["__count", "amount_total:sum"]
        ):
            counts[_order_kind(state)] += count
            if currency == own_currency:
                sums[_order_kind(state)] += total
            else:
                foreign = True
        if foreign:
            today = fields.Date.context_today(self)
            domain &= Domain("currency_id", "!=", own_currency.id)
            groups = ["state", "currency_id", "company_id", "date_order:day"]
            for state, currency, company, day, total in orders._read_group(domain, groups, ["amount_total:sum"]):
                date = min(day.date(), today) if state == "sale" and day else today
                sums[_order_kind(state)] += currency._convert(total, own_currency, company, date, round=False)
        return counts, sums

    @api.model
    def _order_line(self, customer, order, states):
        return self._line(
            order,
            order.name,
            who=customer.name_of(order.partner_id.id),
            badge={"name": states.get(order.state)},
            date=order.date_order and fields.Datetime.context_timestamp(self, order.date_order).date(),
            amount=order.amount_total,
            currency_id=order.currency_id.id,
            user_id=order.user_id.id,
        )

    # ------------------------------------------------------------
    # Campaigns
    # ------------------------------------------------------------

    @api.model
    def _get_counted(self, customer):
        counted = super()._get_counted(customer)
        if customer.lead_ids and self.env["utm.campaign"].has_access("read"):
            leads = self.env["crm.lead"].with_context(active_test=False)
            domain = Domain("id", "in", customer.lead_ids) & Domain("campaign_id", "!=", False)
            counted["campaign_projects"] = leads, domain
        return counted

    @api.model
    def _get_campaign_texts(self, customer):
        """The campaigns that have to do with the customer, the latest first. To be extended.

        :return: ``{utm.campaign: [what there is to say]}``
        """
        leads, domain, count = customer.counted.get("campaign_projects", (None, None, 0))
        if not count:
            return {}
        groups = leads._read_group(domain, ["campaign_id"], ["__count"], order="campaign_id desc")
        return {campaign: [self.env._("%s projects", count)] for campaign, count in groups}

    @api.model
    def _block_campaigns(self, customer):
        """The campaigns that projects of the customer came from; addons that run campaigns know of more."""
        texts = self._get_campaign_texts(customer)
        if not texts:
            return None
        title = self.env._("Campaigns")
        return self._block(
            title,
            "fa-bullhorn",
            3,
            len(texts),
            [
                self._line(campaign, campaign.title or campaign.name, text=", ".join(said))
                for campaign, said in list(texts.items())[:LINES]
            ],
            self.env._("No campaigns."),
            action=self._list_action(title, "utm.campaign", [("id", "in", [campaign.id for campaign in texts])]),
        )


def _outcome(status, active):
    """What became of a project; one that is only archived was put aside."""
    if status == "pending":
        return "open" if active else "aside"
    return status


def _order_kind(state):
    return {"sale": "order", "cancel": "cancel"}.get(state, "quotation")
