"""Whom a retention rule hits, said once: for the number, the list and the job alike.

A contact is anonymised together with everybody below it. So it is hit when it and all of them are old enough, meet the
conditions, and may be anonymised; those below go along, and are not hit by themselves.
"""

from dataclasses import dataclass
from datetime import date, datetime

from odoo.fields import Domain
from odoo.tools import SQL

from . import conditions as where

# the one date that is no field: a contact has leads, and all of them were lost or won long ago
LAST_LEAD_CLOSED = "last_lead_closed"
# dates that every contact has: one that is empty is not known yet
NEVER_EMPTY = ("last_dealing_date", "create_date")


@dataclass(frozen=True)
class Terms:
    """What a rule looks for.

    :param conditions: what records are like
    :param date: a field, or `LAST_LEAD_CLOSED`
    :param limit: the date is before this moment
    :param company_id: records of this company alone
    """

    conditions: Domain
    date: str
    limit: datetime
    company_id: int | None = None


class Hits:
    """The records of a model that a rule hits.

    ``causes`` are the reasons for which some of those that are old enough are not: ``{code: domain}``. Of several, the
    first counts.

    :param model: an empty recordset, with the rights to see all and the context in which conditions are read
    """

    def __init__(self, model, terms):
        self.model = model
        self.terms = terms
        self.causes = self._get_causes()

    def get_domain(self):
        """Return the domain of the records that are hit."""
        return self._get_old() & ~Domain.OR(self.causes.values())

    def count(self):
        """Return how many are hit, how many others go along with them, and ``{cause: how many are left out}``."""
        query = self.model._search(self._get_old())
        cases = [
            SQL("WHEN %s THEN %s", domain.optimize_full(self.model)._to_sql(self.model, query.table, query), cause)
            for cause, domain in self.causes.items()
        ]
        cause = SQL("CASE %s END AS cause", SQL(" ").join(cases))
        found = query.subselect(SQL.identifier(query.table, "id"), cause)
        rows = {cause: (number, along) for cause, number, along in self.model.env.execute_query(self._get_count(found))}
        number, along = rows.pop(None, (0, 0))
        return number, int(along), {cause: left_out for cause, (left_out, _along) in rows.items()}

    def _get_count(self, found):
        return SQL("SELECT cause, count(*), 0 FROM %s AS found GROUP BY cause", found)

    def _get_causes(self):
        raise NotImplementedError

    def _get_old(self):
        """What the rule says, whatever stands against it."""
        return self._get_conditions() & Domain(self.terms.date, "<", self._get_limit())

    def _get_conditions(self):
        company = self.terms.company_id
        return self.terms.conditions & (Domain("company_id", "=", company) if company else Domain.TRUE)

    def _get_limit(self):
        is_day = self.model._fields[self.terms.date].type == "date"
        return self.terms.limit.date() if is_day else self.terms.limit


class LeadHits(Hits):
    """Leads without a customer: those that have one are anonymised with the contact."""

    def _get_causes(self):
        return {"request": where.lead_is_in_request()}

    def _get_conditions(self):
        return super()._get_conditions() & Domain("partner_id", "=", False) & ~where.lead_is_done()


class ContactHits(Hits):
    """Contacts with everybody below.

    :param own_users: ids of the accounts that Odoo itself cannot do without
    """

    def __init__(self, model, terms, own_users: list[int], days: tuple[date, date]):
        self.own_users = own_users
        self.days = days
        super().__init__(model, terms)

    def _get_causes(self):
        own = {
            "user": where.is_user(self.own_users),
            "company": where.is_own_company(),
            "hold": where.is_held(*self.days),
            "request": where.contact_is_in_request(),
        }
        if self.terms.date == "last_dealing_date":
            own["dealing"] = where.is_to_be_dated()
        causes = {**own, "below": where.has_below(self.model, ~self._get_free(own))}
        return {**causes, "above": where.has_above(self.model, self._get_old() & ~Domain.OR(causes.values()))}

    def count(self):
        number, along, left_out = super().count()
        left_out.pop("above", None)  # they are not left out but go along
        return number, along, left_out

    def _get_count(self, found):
        return SQL(
            """
            SELECT found.cause, count(*), COALESCE(sum(along.number), 0)
              FROM %s AS found
              LEFT JOIN LATERAL (
                   %s SELECT count(*) AS number FROM below JOIN res_partner along ON along.id = below.id
                       WHERE along.gdpr_state IS NULL
              ) AS along ON found.cause IS NULL
             GROUP BY found.cause
            """,
            found,
            where.Row("found").downwards,
        )

    def _get_old(self):
        is_there = Domain("gdpr_state", "=", False)
        if self.terms.date != LAST_LEAD_CLOSED:
            return is_there & super()._get_old()
        return is_there & self._get_conditions() & where.has_lead() & ~self._get_young()

    def _get_free(self, causes):
        """The domain of those who may go along with one above."""
        free = self._get_conditions() & ~self._get_young() & ~Domain.OR(causes.values())
        return Domain("gdpr_state", "!=", False) | free

    def _get_young(self):
        name = self.terms.date
        if name == LAST_LEAD_CLOSED:
            return where.has_young_lead(self.terms.limit)
        is_young = Domain(name, ">=", self._get_limit())
        return is_young | Domain(name, "=", False) if name in NEVER_EMPTY else is_young
