"""Conditions on contacts and leads that a domain of fields cannot say, in SQL.

All go by the record's id, so that an index answers each of them at once; families are walked up or down.
"""

from dataclasses import dataclass

from odoo.fields import Domain
from odoo.tools import SQL

OPEN_STATES = ("draft", "previewing", "planned", "running", "stopped")


@dataclass(frozen=True)
class Row:
    """The row that a condition is about: the names of its table and columns in the query around."""

    table: str

    @property
    def id(self):
        return SQL.identifier(self.table, "id")

    @property
    def parent_id(self):
        return SQL.identifier(self.table, "parent_id")

    @property
    def upwards(self):
        """The contact and all above it, as ``above``."""
        return SQL(
            """
            WITH RECURSIVE above (id, parent_id) AS (
                SELECT %s, %s
                 UNION
                SELECT parent.id, parent.parent_id FROM res_partner parent JOIN above ON parent.id = above.parent_id)
            """,
            self.id,
            self.parent_id,
        )

    @property
    def downwards(self):
        """All below the contact, as ``below``."""
        return SQL(
            """
            WITH RECURSIVE below (id) AS (
                SELECT child.id FROM res_partner child WHERE child.parent_id = %s
                 UNION
                SELECT child.id FROM res_partner child JOIN below ON child.parent_id = below.id)
            """,
            self.id,
        )


def _where(condition):
    """A domain out of a function that writes the SQL for a row."""
    return Domain.custom(to_sql=lambda _model, alias, _query: condition(Row(alias)))


def matches(model, domain, row_id):
    """SQL: the record with this id is in the domain."""
    query = model._search(domain)
    query.add_where(SQL("%s = %s", SQL.identifier(query.table, "id"), row_id))
    return SQL("EXISTS %s", query.subselect())


def has_below(model, domain):
    """Somebody below is in the domain."""
    return _where(
        lambda row: SQL(
            "EXISTS (%s SELECT FROM below WHERE %s)", row.downwards, matches(model, domain, SQL("below.id"))
        )
    )


def has_above(model, domain):
    """Somebody above is in the domain."""
    return _where(
        lambda row: SQL(
            "(%s IS NOT NULL AND EXISTS (%s SELECT FROM above WHERE above.id != %s AND %s))",
            row.parent_id,
            row.upwards,
            row.id,
            matches(model, domain, SQL("above.id")),
        )
    )


def is_user(own_users):
    """Signs in to work here, or is one of Odoo's own accounts."""
    return _where(
        lambda row: SQL(
            """
            EXISTS (SELECT FROM res_users account WHERE account.partner_id = %s
                       AND (account.active AND NOT account.share OR account.id = ANY(%s)))
            """,
            row.id,
            own_users,
        )
    )


def is_own_company():
    return _where(lambda row: SQL("EXISTS (SELECT FROM res_company own WHERE own.partner_id = %s)", row.id))


def is_held(still, already):
    """On hold, or somebody above is; those below are looked at one by one.

    :param date still: the day that it still is somewhere, see ``tools/earth.py``
    :param date already: the day that it is already somewhere
    """
    return _where(
        lambda row: SQL(
            """
            EXISTS (%s SELECT FROM above JOIN crm_gdpr_hold hold ON hold.partner_id = above.id
                     WHERE hold.released_on IS NULL AND hold.date_from <= %s
                       AND (hold.date_to IS NULL OR hold.date_to >= %s))
            """,
            row.upwards,
            already,
            still,
        )
    )


def is_to_be_dated():
    """Has a dealing that is not dated yet, or one that is still to come."""
    return _where(
        lambda row: SQL(
            "%s IN (SELECT first_contact FROM crm_gdpr_dealing_pending WHERE first_contact = last_contact)", row.id
        )
    )


def contact_is_in_request():
    """To be anonymised by a request that is not finished, or somebody above is."""
    return _where(
        lambda row: SQL(
            """
            EXISTS (%s SELECT FROM above JOIN crm_gdpr_request_line line ON line.partner_id = above.id
                      JOIN crm_gdpr_request request ON request.id = line.request_id WHERE request.state IN %s)
            """,
            row.upwards,
            OPEN_STATES,
        )
    )


def lead_is_in_request():
    return _where(
        lambda row: SQL(
            """
            EXISTS (SELECT FROM crm_gdpr_request_line line JOIN crm_gdpr_request request ON request.id = line.request_id
                     WHERE line.lead_id = %s AND request.state IN %s)
            """,
            row.id,
            OPEN_STATES,
        )
    )


def lead_is_done():
    """Anonymised by itself; nothing on the lead tells."""
    return _where(
        lambda row: SQL(
            "EXISTS (SELECT FROM crm_gdpr_request_line line WHERE line.lead_id = %s AND line.state = 'done')", row.id
        )
    )


def has_lead():
    return _where(lambda row: SQL("EXISTS (SELECT FROM crm_lead lead WHERE lead.partner_id = %s)", row.id))


def has_young_lead(limit):
    """Has a lead that is open, or was until that moment or later."""
    return _where(
        lambda row: SQL(
            """
            EXISTS (SELECT FROM crm_lead lead WHERE lead.partner_id = %s
                       AND (lead.date_closed IS NULL OR lead.date_closed >= %s))
            """,
            row.id,
            limit,
        )
    )
