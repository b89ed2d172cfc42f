from bisect import bisect_right
from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from .crm_lead import CLOSED_STATUSES


class CrmLead(models.Model):
    """Sums in one currency, for the forecast.

    Odoo's pivots and graphs add up amounts in their own currency as long as a cell holds one, and convert at the rate
    of today where it holds several. The board converts everything into the currency of the company, what was closed at
    the rate of that day. With ``salesboard_one_currency`` in the context so do the sums of every grouping.
    """

    _inherit = "crm.lead"

    def _read_group_select(self, aggregate_spec, query):
        name, _sep, function = aggregate_spec.partition(":")
        currencies = aggregate_spec == "company_currency:array_agg_distinct"
        if not currencies and not (function in ("sum", "sum_currency") and self._is_in_company_currency(name)):
            return super()._read_group_select(aggregate_spec, query)
        if not self.env.context.get("salesboard_one_currency"):
            return super()._read_group_select(aggregate_spec, query)
        if currencies:
            return SQL("ARRAY[%s]", self.env.company.currency_id.id)
        amount = self._field_to_sql(self._table, name, query)
        if foreign := self._companies_to_convert():
            amount = SQL("%s * COALESCE(%s, 1)", amount, self._join_conversion(query, foreign))
        return SQL("SUM(%s)", amount)

    def _is_in_company_currency(self, name):
        field = self._fields.get(name)
        return bool(field) and field.type == "monetary" and field.get_currency_field(self) == "company_currency"

    def _companies_to_convert(self):
        """The companies of the user with another currency than the present one."""
        own = self.env.company.currency_id
        return self.env.companies.filtered(lambda company: company.currency_id != own)

    def _join_conversion(self, query, companies):
        """Join what a project's amounts are multiplied by: a day at a time, so that any number of projects is hashed.

        :return: the SQL of it, NULL where nothing is to be converted
        """
        alias = query.make_alias(self._table, "conversion")
        if alias in query._joins:
            return SQL.identifier(alias, "factor")
        today = fields.Date.context_today(self)
        first, spans = self._conversion_spans(companies, today)
        company_ids, starts, stops, factors = map(list, zip(*spans, strict=True))
        rates = SQL(
            """(SELECT span.company_id, day::date AS day, span.factor
                  FROM unnest(%s::int[], %s::date[], %s::date[], %s::numeric[]) span (company_id, start, stop, factor)
                 CROSS JOIN generate_series(span.start, span.stop, interval '1 day') day)""",
            company_ids,
            starts,
            stops,
            factors,
        )
        # While open a project is worth what it is worth today, once closed what it was worth on that day.
        condition = SQL(
            """%(company)s = %(alias)s.company_id AND %(alias)s.day = CASE WHEN %(status)s IN %(closed)s
               THEN LEAST(GREATEST(COALESCE(%(date)s, %(today)s), %(first)s), %(today)s) ELSE %(today)s END""",
            company=self._field_to_sql(self._table, "company_id", query),
            alias=SQL.identifier(alias),
            status=self._field_to_sql(self._table, "won_status", query),
            closed=CLOSED_STATUSES,
            date=self._field_to_sql(self._table, "board_date", query),
            today=today,
            first=first,
        )
        query.add_join("LEFT JOIN", alias, rates, condition)
        return SQL.identifier(alias, "factor")

    def _conversion_spans(self, companies, today):
        """How the amounts of companies become those of the present one, by the rates of ``res.currency._convert``.

        :return: the first of the days, and ``[(company id, first day, last day, factor)]`` without gaps until today
        """
        target, spans = self.env.company.currency_id, []
        rates = {company: self._currency_rates(company) for company in companies}
        days = {
            company: sorted({day for lists in rates[company].values() for days, _values in lists for day in days})
            for company in companies
        }
        # Before the first rate all days are alike; one of them stands for the others.
        first = min((known[0] for known in days.values() if known), default=today)
        first = min(first, today) - timedelta(days=1)
        for company in companies:
            starts = [first, *(day for day in days[company] if day <= today)]
            stops = [*(start - timedelta(days=1) for start in starts[1:]), today]
            for start, stop in zip(starts, stops, strict=True):
                to_target = self._rate_on(rates[company].get(target), start)
                spans.append(
                    (company.id, start, stop, to_target / self._rate_on(rates[company].get(company.currency_id), start))
                )
        return first, spans

    def _currency_rates(self, company):
        """``{currency: [(days, rates) of the company, (days, rates) of all companies]}``, in order of days."""
        # sudo: everybody may know at what rate an amount was converted
        groups = self.env["res.currency.rate"].sudo()
        groups = groups._read_group(
            [
                ("currency_id", "in", (company.currency_id | self.env.company.currency_id).ids),
                ("company_id", "in", [False, company.root_id.id]),
            ],
            ["currency_id", "company_id", "name:day"],
            ["rate:max"],
        )
        rates = {}
        for currency, of_company, day, rate in groups:
            days, values = rates.setdefault(currency, [([], []), ([], [])])[0 if of_company else 1]
            days.append(day)
            values.append(rate)
        return rates

    def _rate_on(self, lists, day):
        """The last rate until the day, of the company before that of all; or else the first one that there is."""
        known = [(days, values) for days, values in lists or () if days]
        for days, values in known:
            if index := bisect_right(days, day):
                return values[index - 1]
        return known[0][1][0] if known else 1.0
