from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_campaign_step import CHANNELS
from .utm_campaign import PLANNERS

# The outcomes of a dispatch that count as having come so far.
DELIVERED = ("sent", "opened", "clicked", "done", "answered")
OPENED = ("opened", "clicked", "answered")
REACTED = ("clicked", "answered")
REACHED = {"addressed": ("failed", "bounced", *DELIVERED), "delivered": DELIVERED, "opened": OPENED, "reacted": REACTED}
# What each number is a part of. Openings are those of e-mails; who reacted need not have been seen opening one.
BEFORE = {
    "addressed": "group",
    "delivered": "addressed",
    "opened": "mails",
    "reacted": "delivered",
    "leads": "reacted",
    "projects": "leads",
    "won": "projects",
}
FUNNEL = ("group", *REACHED, "leads", "projects", "won")
LEAD_KEYS = ("leads", "projects", "won")
# The media that Odoo keeps of what comes by a channel.
MEDIA = {
    "mail": "utm.utm_medium_email",
    "sms": "mass_mailing_sms.utm_medium_sms",
    "letter": "crm_campaign.utm_medium_letter",
    "phone": "utm.utm_medium_phone",
}


class UtmCampaign(models.Model):
    """What came of a campaign, from its target group to what was won: a fixed number of queries, however large it is.

    All members of the campaign's company count: how many, and not who. Of leads and projects those count that the user
    may see; for who makes campaigns and sells nothing those that are not restricted. The lists behind the numbers are
    made of the same domains.
    """

    _inherit = "utm.campaign"

    success = fields.Json(compute="_compute_success", exportable=False, groups=PLANNERS)

    @api.depends_context("allowed_company_ids", "lang", "uid")
    def _compute_success(self):
        within_reach = self._within_reach()
        for campaign in self:
            campaign.success = campaign._origin._get_success() if campaign._origin in within_reach else False

    # ------------------------------------------------------------
    # What counts
    # ------------------------------------------------------------

    def _get_success_members_domain(self, key, channel=None):
        """The members that a number of the funnel counts. Who was addressed stays in the group, whatever came later.

        :param str key: one of ``FUNNEL`` before the leads
        :param str channel: what happened on one channel alone
        """
        channel = "mail" if key == "opened" else channel
        by_channel = Domain("channel", "=", channel) if channel else Domain.TRUE
        outcomes = Domain("outcome", "in", REACHED.get(key, REACHED["addressed"]))
        so_far = Domain("dispatch_ids", "any", outcomes & by_channel)
        domain = Domain("state", "=", "in") | so_far if key == "group" else so_far
        return Domain("campaign_id", "=", self.id) & domain

    def _get_success_leads_domain(self, key="leads", channel=None, who=None):
        """The leads and projects that a number counts, lost ones included.

        :param str key: of ``LEAD_KEYS``, or ``projected`` for the projects that are still open
        :param str channel: those that came by its medium alone
        :param str who: ``members`` or ``others``
        """
        companies = [False, *self._get_success_companies().ids]
        domain = Domain("campaign_id", "=", self.id) & Domain("company_id", "in", companies)
        if key != "leads":
            domain &= Domain("type", "=", "opportunity")
        if key == "won":
            domain &= Domain("won_status", "=", "won")
        if key == "projected":
            domain &= Domain("won_status", "=", "pending") & Domain("active", "=", True)
        if channel:
            media = self._get_media()
            domain &= Domain("medium_id", "in", [media[channel]] if channel in media else [])
        if who:
            domain &= Domain("campaign_as_member_id", "in" if who == "members" else "not in", self.ids)
        return domain

    def _get_success_companies(self):
        """The campaign's company with its branches; of a campaign of no company those that the user works in."""
        # sudo: only which companies there are
        company = self.company_id.sudo()
        return company.search([("id", "child_of", company.id)]) if company else self.env.companies

    def _get_success_currency(self):
        return (self.company_id or self.env.company).currency_id

    @api.model
    def _get_media(self):
        """``{channel: id of the medium}``"""
        # sudo: the ids of media that come ready-made
        refs = {channel: self.env.ref(name, raise_if_not_found=False) for channel, name in MEDIA.items()}
        return {channel: medium.id for channel, medium in refs.items() if medium}

    # ------------------------------------------------------------
    # Numbers
    # ------------------------------------------------------------

    def _get_success(self):
        """All that the page of success shows.

        :return: dict of ``funnel``, ``channels``, ``results`` and ``left_out`` (lists of rows, each with the ``key``
            that opens the records behind it), ``values`` in the currency ``currency_id``, and what the user
            ``may_open``
        """
        self.ensure_one()
        reached = self._count_reached()
        leads = self._count_leads()
        total = reached.get(None, {})
        numbers = {
            "group": self._count_group(),
            **{key: total.get(key, 0) for key in REACHED},
            "opened": reached.get("mail", {}).get("opened", 0),
            "mails": reached.get("mail", {}).get("delivered", 0),
            **{key: leads["members"][key] for key in LEAD_KEYS},
        }
        return {
            "currency_id": self._get_success_currency().id,
            "funnel": self._prepare_funnel(numbers, leads["others"]),
            "channels": self._prepare_channels(reached, leads["channels"]),
            "results": self._prepare_results(),
            "left_out": self._prepare_left_out(),
            "values": self._prepare_values(leads["members"], leads["others"]),
            "may_open": {
                model: self.env[name].has_access("read")
                for model, name in (("members", "crm.campaign.member"), ("leads", "crm.lead"))
            },
        }

    def _count_group(self):
        # sudo: a number of people, none of whom is named
        return self.env["crm.campaign.member"].sudo().search_count(self._get_success_members_domain("group"))

    def _count_reached(self):
        """How many members came how far.

        :return: ``{channel, or None for all: {key of REACHED: number of members}}``
        """
        dispatches = self.env["crm.campaign.dispatch"]
        dispatches.flush_model(["campaign_id", "channel", "member_id", "outcome"])
        counts = [
            SQL("COUNT(DISTINCT member_id) FILTER (WHERE outcome IN %s)", outcomes) for outcomes in REACHED.values()
        ]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT channel, %s FROM crm_campaign_dispatch WHERE campaign_id = %s
                 GROUP BY GROUPING SETS ((), (channel))
                """,
                SQL(", ").join(counts),
                self.id,
            )
        )
        return {channel: dict(zip(REACHED, numbers, strict=True)) for channel, *numbers in rows}

    def _count_leads(self):
        """What leads and projects there are and what they are worth, in the currency of the campaign.

        :return: ``{"members": figures, "others": figures, "channels": {channel or "other": figures}}``, figures being
            numbers by ``LEAD_KEYS``, ``projected`` and ``value``
        """
        empty = dict.fromkeys((*LEAD_KEYS, "projected", "value"), 0)
        channels = {medium_id: channel for channel, medium_id in self._get_media().items()}
        figures = {"members": dict(empty), "others": dict(empty), "channels": {}}
        for is_member, medium_id, factor, *values in self._read_leads():
            parts = (
                figures["members" if is_member else "others"],
                figures["channels"].setdefault(channels.get(medium_id, "other"), dict(empty)),
            )
            *numbers, projected, value = values
            for part in parts:
                for key, number in zip(LEAD_KEYS, numbers, strict=True):
                    part[key] += number
                part["projected"] += float(projected or 0) * factor
                part["value"] += float(value or 0) * factor
        return figures

    def _read_leads(self):
        """``(is it a member's, medium, factor into the campaign's currency, three numbers, projected, won)``

        What was won counts at the rate of its day and what is open at today's, as on the Sales Board.
        """
        leads, shown = self._get_success_leads()
        leads.flush_model()
        currency = self._get_success_currency()
        foreign = self._get_success_companies().sudo().filtered(lambda company: company.currency_id != currency)
        rows = self.env.execute_query(self._get_success_query(leads, shown, foreign))
        rates = {company.id: leads._currency_rates(company) for company in foreign}
        today = fields.Date.context_today(self)
        for is_member, medium_id, company_id, day, *values in rows:
            factor = 1.0
            if company_id in rates:
                known, day = rates[company_id], min(day or today, today)
                source = self.env["res.company"].browse(company_id).sudo().currency_id
                factor = leads._rate_on(known.get(currency), day) / leads._rate_on(known.get(source), day)
            yield (is_member, medium_id, factor, *values)

    def _get_success_leads(self):
        """The model to ask for leads and projects, and which of them the user is told the numbers of.

        :return: ``(crm.lead, domain)``
        """
        leads = self.env["crm.lead"].with_context(active_test=False)
        leads = leads.with_company(self.company_id or self.env.company)
        if leads.has_access("read"):
            return leads, Domain.TRUE
        # sudo: numbers and sums for who makes campaigns and sells nothing; in none is what only some may see
        return leads.sudo(), Domain("is_restricted", "=", False)

    @api.model
    def _sees_own_leads_alone(self):
        """Whether there are leads of colleagues that the user may not see: what was won is not all then."""
        sees_all = self.env.su or self.env.user.has_group("sales_team.group_sale_salesman_all_leads")
        return not sees_all and self.env["crm.lead"].has_access("read")

    def _get_success_query(self, leads, shown, foreign):
        query = leads._search(self._get_success_leads_domain() & shown)
        column = lambda name: leads._field_to_sql(query.table, name, query)  # noqa: E731  short, used here alone
        won = SQL("%s = 'won' AND %s = 'opportunity'", column("won_status"), column("type"))
        is_open = SQL(
            "%s = 'pending' AND %s = 'opportunity' AND %s", column("won_status"), column("type"), column("active")
        )
        day = SQL(
            "CASE WHEN %s IN %s AND %s THEN %s::date END",
            column("company_id"),
            tuple(foreign.ids) or (0,),
            won,
            column("date_closed"),
        )
        query.groupby = SQL("1, 2, 3, 4")
        return query.select(
            SQL("%s IN (%s)", SQL.identifier(query.table, "id"), leads._of_members_sql(self.ids)),
            column("medium_id"),
            column("company_id"),
            day,
            SQL("COUNT(*)"),
            SQL("COUNT(*) FILTER (WHERE %s = 'opportunity')", column("type")),
            SQL("COUNT(*) FILTER (WHERE %s)", won),
            SQL("SUM(%s) FILTER (WHERE %s)", column("expected_revenue"), is_open),
            SQL("SUM(%s)", leads._campaign_value_sql(query.table, query)),
        )

    # ------------------------------------------------------------
    # Rows
    # ------------------------------------------------------------

    def _prepare_funnel(self, numbers, others):
        labels = self._get_funnel_labels()
        return [
            {
                "key": key,
                "label": labels[key],
                "count": numbers[key],
                "of_before": self._share(numbers[key], numbers[BEFORE[key]]) if key in BEFORE else None,
                "of_group": self._share(numbers[key], numbers["group"]) if key in BEFORE else None,
                "others": others[key] if key in LEAD_KEYS else None,
                "is_unreliable": key == "opened",
            }
            for key in FUNNEL
        ]

    @api.model
    def _share(self, number, of):
        """Per cent, with one decimal; None where there is nothing to be a part of."""
        return round(100 * number / of, 1) if of else None

    def _get_funnel_labels(self):
        return {
            "group": self.env._("Target group"),
            "addressed": self.env._("Addressed"),
            "delivered": self.env._("Delivered"),
            "opened": self.env._("E-mail opened"),
            "reacted": self.env._("Reacted"),
            "leads": self.env._("Leads"),
            "projects": self.env._("Projects"),
            "won": self.env._("Won"),
        }

    def _prepare_channels(self, reached, leads):
        """A row per channel that was used or brought something; leads by any other medium come last."""
        nobody, nothing = dict.fromkeys(REACHED, 0), dict.fromkeys((*LEAD_KEYS, "projected", "value"), 0)
        labels = dict(self.env["crm.campaign.step"]._fields["channel"]._description_selection(self.env))
        rows = [
            {"key": channel, "label": labels[channel], **reached.get(channel, nobody), **leads.get(channel, nothing)}
            for channel, _label in CHANNELS
            if channel in reached or channel in leads
        ]
        for row in rows:
            if row["key"] != "mail":
                row["opened"] = None
        if other := leads.get("other"):
            rows.append({"key": "other", "label": self.env._("Other"), **dict.fromkeys(REACHED), **other})
        return rows

    def _prepare_results(self):
        """What was answered in calls, in the order of the choice list."""
        # sudo: numbers, and the names of choices
        counts = (
            self.env["crm.campaign.dispatch"]
            .sudo()
            ._read_group(
                [("campaign_id", "=", self.id), ("result_id", "!=", False)],
                ["result_id"],
                ["member_id:count_distinct"],
            )
        )
        return [
            {
                "key": result.id,
                "label": result.name,
                "count": count,
                "text_color": result.text_color,
                "background_color": result.background_color,
            }
            for result, count in sorted(counts, key=lambda row: (row[0].sequence, row[0].id))
        ]

    def _prepare_left_out(self):
        # sudo: numbers by reason
        members = self.env["crm.campaign.member"].sudo()
        labels = dict(members._fields["reason"]._description_selection(self.env))
        domain = [("campaign_id", "=", self.id), ("state", "=", "left_out")]
        counts = members._read_group(domain, ["reason"], ["__count"], order="__count DESC, reason")
        return [{"key": reason, "label": labels[reason], "count": count} for reason, count in counts]

    def _prepare_values(self, members, others):
        cost, won = self.cost_actual or self.cost_planned, members["value"] + others["value"]
        currency = self._get_success_currency()
        return {
            "projected": currency.round(members["projected"] + others["projected"]),
            "won": currency.round(won),
            "cost": cost,
            "is_cost_planned": bool(cost and not self.cost_actual),
            "return": None if self._sees_own_leads_alone() else self._share(won - cost, cost),
        }
