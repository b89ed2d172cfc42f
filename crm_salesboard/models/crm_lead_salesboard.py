from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

MEASURES = {"projected": "expected_revenue", "weighted": "prorated_revenue", "actual": "actual_revenue"}
# How many owners the bar offers at once; the others are found through the search bar.
OWNERS_LIMIT = 50
BOARD_FIELD = "board_column_id"


class CrmLead(models.Model):
    """What the Sales Board shows besides the cards: the totals, the lists behind them, and who owns what."""

    _inherit = "crm.lead"

    @api.model
    @api.readonly
    def web_read_group(self, domain, groupby, *args, **kwargs):
        """Read the columns and their first cards together with the figures of the board.

        The context key ``salesboard_owners_domain`` asks for the figures, see ``get_salesboard``. They and the numbers
        of the columns come from one query, so that they agree, and a million projects are gone through once.

        :return: as natively, and ``board`` with the answer of ``get_salesboard``
        """
        owners_domain = self.env.context.get("salesboard_owners_domain")
        if owners_domain is None:
            return super().web_read_group(domain, groupby, *args, **kwargs)
        leads = self.with_context(salesboard_owners_domain=None)
        board = leads.get_salesboard(domain, owners_domain)
        if groupby == [BOARD_FIELD]:
            counts = {column_id: figures["count"] for column_id, figures in board["columns"].items()}
            leads = leads.with_context(salesboard_counts=counts)
        result = super(CrmLead, leads).web_read_group(self._salesboard_domain(domain), groupby, *args, **kwargs)
        return {**result, "board": board}

    @api.model
    def _read_group(self, domain, groupby=(), aggregates=(), *args, **kwargs):
        counts = self.env.context.get("salesboard_counts")
        if counts is None or list(groupby) != [BOARD_FIELD] or list(aggregates) != ["__count"]:
            return super()._read_group(domain, groupby, aggregates, *args, **kwargs)
        # sudo: only puts the columns of projects that were counted with the user's rights in order
        columns = self.env["crm.process.column"].sudo().search([("id", "in", list(counts))])
        return [(column, counts[column.id]) for column in columns.sudo(False)]

    @api.model
    @api.readonly
    def get_salesboard(self, domain, owners_domain=None):
        """The figures of the board for one filter, over all projects and not only the cards that are loaded.

        :param list domain: the present search of the board
        :param list owners_domain: the same without its choice of owners, so that the others can still be chosen
        :return: dict of

            - ``currency_id``: the currency of all sums, that of the current company
            - ``columns``: ``{column id: figures}``, without columns that hold no project
            - ``total``: the figures of the whole board
            - ``owners``: ``[{"id", "name", "count", "picture_date"}]``, most projects first
            - ``info``: ``{column id: {"kind", "name", "text_color", "background_color", "process"}}`` of every column
            - ``on``: whether any team of the user's companies sells by a process
            - ``may_switch_on``: whether the user may let a team sell by one

          and figures being ``{"count", "projected", "weighted", "actual", "currencies"}``, the last a list of the same
          sums per currency, in that currency, empty where all of it is in the company's
        """
        columns, owners = self._salesboard_figures(domain)
        if owners_domain is not None and list(owners_domain) != list(domain):
            owners = self._salesboard_counts(owners_domain)
        return {
            "currency_id": self.env.company.currency_id.id,
            "columns": {column.id: figures for column, figures in columns.items()},
            "total": self._add_up(columns.values()),
            "owners": self._salesboard_owners(owners),
            "info": self._salesboard_info(),
            "on": bool(self._salesboard_processes()),
            "may_switch_on": self.env.user.has_group("sales_team.group_sale_manager"),
        }

    @api.model
    def _salesboard_domain(self, domain, column_id=None, measure=None):
        """The one domain that both the sums and the lists behind them are made of.

        :param list domain: the present search of the board
        :param int column_id: a column, or None for the whole board
        :param str measure: a key of ``MEASURES``, or None for all projects
        """
        result = Domain(domain) & Domain(BOARD_FIELD, "!=", False)
        if column_id:
            result &= Domain(BOARD_FIELD, "=", column_id)
        if measure:
            result &= Domain(MEASURES[measure], "!=", 0)
        return result

    @api.model
    @api.readonly
    def action_salesboard_list(self, domain, column_id=None, measure=None):
        """The list of the projects that a sum on the board counts.

        :param list domain: the present search of the board
        :param int column_id: the column whose sum was clicked, or None for the totals
        :param str measure: ``projected``, ``weighted`` or ``actual``; None for the number
        :return: an action, whose records add up to exactly that sum
        """
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_salesboard.crm_lead_action_salesboard_list")
        action["domain"] = list(self._salesboard_domain(domain, column_id, measure))
        if column_id:
            action["name"] = action["display_name"] = self.env["crm.process.column"].browse(column_id).name
        return action

    @api.model
    def _salesboard_figures(self, domain):
        """Figures per column, in the company's currency, and the number of projects per owner.

        One query goes through all projects, for both.

        :return: ``({crm.process.column: figures}, {res.users: number})``
        """
        columns = defaultdict(list)
        owners = defaultdict(int)
        for (column, owner), figures in self._read_figures(self._salesboard_domain(domain), [BOARD_FIELD, "user_id"]):
            columns[column].append(figures)
            owners[owner] += figures["count"]
        return {column: self._add_up(rows) for column, rows in columns.items()}, owners

    @api.model
    def _read_figures(self, domain, groupby):
        """Figures of groups of projects, in the company's currency; a group may come more than once.

        Amounts of companies with another currency are converted at the day of closing or, while open, of today: only
        those are read per day.

        :param domain: ``Domain`` of projects on the board
        :param list groupby: names of fields, the first of them ``board_column_id``
        :return: yields ``(tuple of values of groupby, figures)``
        """
        model = self.with_context(active_test=False)
        company_currency = self.env.company.currency_id
        foreign = self.env.companies.filtered(lambda company: company.currency_id != company_currency)
        aggregates = ["__count", *(f"{field}:sum" for field in MEASURES.values())]
        size = len(groupby)
        own = domain & Domain("company_id", "not in", foreign.ids) if foreign else domain
        for row in model._read_group(own, groupby, aggregates):
            yield row[:size], self._figures(row[size:])
        if foreign:
            per_day = [*groupby, "company_id", "board_date:day"]
            for row in model._read_group(domain & Domain("company_id", "in", foreign.ids), per_day, aggregates):
                company, day = row[size : size + 2]
                yield row[:size], self._converted_figures(row[0]._is_closed(), company, day, row[size + 2 :])

    @api.model
    def _salesboard_counts(self, domain):
        """The number of projects per owner."""
        model = self.with_context(active_test=False)
        return dict(model._read_group(self._salesboard_domain(domain), ["user_id"], ["__count"]))

    def _figures(self, values):
        return dict(zip(("count", *MEASURES), values, strict=True), currencies={})

    def _converted_figures(self, is_closed, company, day, values):
        """Figures of one day in the company's currency, with what they were before."""
        original = self._figures(values)
        today = fields.Date.context_today(self)
        closed_on = min(day or today, today) if is_closed else today
        converted = {
            measure: company.currency_id._convert(
                original[measure], self.env.company.currency_id, company, closed_on, round=False
            )
            for measure in MEASURES
        }
        return {
            **original,
            **converted,
            "currencies": {company.currency_id.id: {name: original[name] for name in MEASURES}},
        }

    @api.model
    def _add_up(self, rows):
        """One set of figures out of many, per currency as well."""
        total = dict.fromkeys(("count", *MEASURES), 0)
        own = self.env.company.currency_id.id
        currencies = defaultdict(lambda: dict.fromkeys(MEASURES, 0.0))
        for row in rows:
            for name in total:
                total[name] += row[name]
            parts = row["currencies"] or {own: row}
            for currency, amounts in parts.items():
                for name in MEASURES:
                    currencies[currency][name] += amounts[name]
        return {**total, "currencies": dict(currencies) if set(currencies) - {own} else {}}

    @api.model
    def _salesboard_processes(self):
        """The processes whose columns the user sees even while they are empty.

        Those of the user's own teams; for somebody without such a team, as an administrator, those of all teams.
        """
        # sudo: a user need not be allowed to read every team to see the columns of the board
        teams = self.env["crm.team"].sudo()
        domain = Domain("process_id", "!=", False) & Domain("company_id", "in", [False, *self.env.companies.ids])
        own = teams.search(domain & teams._domain_of_user())
        return (own or teams.search(domain)).process_id.sudo(False)

    @api.model
    def _salesboard_owners(self, counts):
        """Who owns projects in the present view, most projects first.

        :param dict counts: number of projects by ``res.users``
        """
        owners = sorted(filter(None, counts), key=lambda user: (-counts[user], user.id))[:OWNERS_LIMIT]
        return [
            {
                "id": user.id,
                "name": user.display_name,
                "count": counts[user],
                "picture_date": user.partner_id.write_date,
            }
            # sudo: names of colleagues, as on their cards
            for user in self.env["res.users"].concat(*owners).sudo()
        ]

    @api.model
    def _salesboard_info(self):
        columns = self.env["crm.process.column"].search([])
        return {
            column.id: {
                "kind": column.kind,
                "name": column.name,
                "text_color": column.text_color,
                "background_color": column.background_color,
                "process": column.process_id.name,
            }
            for column in columns
        }

    @api.model
    def action_open_crm(self):
        """What the CRM app opens with: the Sales Board for users of a team on a process, else the native pipeline.

        :return: an action
        """
        teams = self.env["crm.team"]
        if teams.search_count(Domain("process_id", "!=", False) & teams._domain_of_user(), limit=1):
            return self.env["ir.actions.act_window"]._for_xml_id("crm_salesboard.crm_lead_action_salesboard")
        return teams.action_your_pipeline()
