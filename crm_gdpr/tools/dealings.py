"""What counts as a dealing with a contact, said once and in SQL, for the upkeep and for computing everything anew.

A new source is one more row of DEALINGS. It needs an index that finds the rows of one contact, as each contact is
looked up by itself.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from odoo.tools import SQL

SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Dealing:
    """One cause that makes a contact young again.

    :param kind: what ``last_dealing_kind`` says
    :param reads: models and those of their fields that the query reads: a change of any of them is noticed, and where
        one is missing the source does not exist
    :param query: selects ``contact_id``, ``date`` and, of each model, the id of the row as ``<table>_id``
    :param has_index: an index finds the newest of a contact at once, however many there are
    :param indexes: what the query needs in tables that no module we depend on has: name, table, column, condition
    """

    kind: str
    reads: Mapping[str, tuple[str, ...]]
    query: SQL
    has_index: bool = False
    indexes: tuple[tuple[str, str, str, str], ...] = ()

    def exists_in(self, registry) -> bool:
        """Tell whether the database has everything that the query reads."""
        return all(
            model in registry and all(_is_column(registry[model], name) for name in names)
            for model, names in self.reads.items()
        )


def _is_column(model, name: str) -> bool:
    field = model._fields.get(name)
    return bool(field and field.store and field.column_type)


def _record(kind: str, model: str, date: str, condition: SQL | None = None, also: tuple[str, ...] = ()) -> Dealing:
    """Records that have the contact as their ``partner_id``."""
    table = model.replace(".", "_")
    query = SQL(
        """
        SELECT id AS %(row)s, partner_id AS contact_id, %(date)s::timestamp AS date FROM %(table)s
         WHERE %(condition)s
        """,
        row=SQL.identifier(f"{table}_id"),
        date=SQL.identifier(date),
        table=SQL.identifier(table),
        condition=condition or SQL("TRUE"),
    )
    return Dealing(kind, {model: ("partner_id", date, *also)}, query)


_USED = "links_click_datetime IS NOT NULL OR reply_datetime IS NOT NULL"
_TRACE_INDEXES = (
    ("crm_gdpr_mailing_trace_res_id_idx", "mailing_trace", "res_id", _USED),
    ("crm_gdpr_mailing_trace_email_idx", "mailing_trace", "email", _USED),
)


def _trace(kind: str, date: str) -> Dealing:
    """What somebody did with a mailing: a contact, a lead of one, or who is known by the address alone."""
    query = SQL(
        """
        SELECT trace.res_id AS contact_id, %(columns)s FROM mailing_trace trace
         WHERE trace.model = 'res.partner' AND %(date)s IS NOT NULL
         UNION ALL
        SELECT lead.partner_id, %(columns)s FROM mailing_trace trace JOIN crm_lead lead ON lead.id = trace.res_id
         WHERE trace.model = 'crm.lead' AND %(date)s IS NOT NULL
         UNION ALL
        SELECT owner.id, %(columns)s FROM mailing_trace trace
          JOIN res_partner owner ON owner.email_normalized = trace.email
         WHERE trace.model NOT IN ('res.partner', 'crm.lead') AND trace.email IS NOT NULL AND %(date)s IS NOT NULL
        """,
        columns=SQL(
            "trace.id AS mailing_trace_id, trace.mass_mailing_id AS mailing_mailing_id, %s AS date",
            SQL.identifier("trace", date),
        ),
        date=SQL.identifier("trace", date),
    )
    # a mailing that is deleted takes its traces along, which the ORM does not see
    reads = {"mailing.trace": ("model", "res_id", "email", "mass_mailing_id", date), "mailing.mailing": ()}
    return Dealing(kind, reads, query, indexes=_TRACE_INDEXES)


# Whose lead it is that a mailing, a call or an activity was about is not read there: it changes the age by itself.
DEALINGS: tuple[Dealing, ...] = (
    Dealing(
        "created",
        {"res.partner": ("create_date", "commercial_partner_id", "email_normalized")},
        SQL("SELECT id AS res_partner_id, id AS contact_id, create_date AS date FROM res_partner"),
    ),
    _record("touch", "crm.gdpr.touch", "date", SQL("undone IS NOT TRUE"), ("undone",)),
    # what the person has written, and nothing that the system has sent in their name
    Dealing(
        "message",
        {"mail.message": ("author_id", "date", "message_type")},
        SQL(
            """
            SELECT id AS mail_message_id, author_id AS contact_id, date FROM mail_message
             WHERE message_type IN ('email', 'comment')
            """
        ),
        has_index=True,
    ),
    _trace("click", "links_click_datetime"),
    _trace("reply", "reply_datetime"),
    # a call that nobody took is none, unless it was the person who called
    Dealing(
        "call",
        {"crm.call": ("partner_id", "lead_id", "start", "direction", "result")},
        SQL(
            """
            SELECT id AS crm_call_id, partner_id AS contact_id, start AS date FROM crm_call
             WHERE direction = 'in' OR COALESCE(result, 'answered') = 'answered'
             UNION ALL
            SELECT call.id, lead.partner_id, call.start FROM crm_call call JOIN crm_lead lead ON lead.id = call.lead_id
             WHERE call.partner_id IS NULL
               AND (call.direction = 'in' OR COALESCE(call.result, 'answered') = 'answered')
            """
        ),
    ),
    # where no telephone system tells of calls they are activities that were done
    Dealing(
        "call",
        {"mail.activity": ("res_model", "res_id", "activity_type_id", "date_done", "active")},
        SQL(
            """
            SELECT call.id AS mail_activity_id, call.res_id AS contact_id, call.date_done::timestamp AS date
              FROM mail_activity call
              JOIN mail_activity_type type ON type.id = call.activity_type_id AND type.category = 'phonecall'
             WHERE call.res_model = 'res.partner' AND call.active IS NOT TRUE
             UNION ALL
            SELECT call.id, lead.partner_id, call.date_done::timestamp
              FROM mail_activity call
              JOIN mail_activity_type type ON type.id = call.activity_type_id AND type.category = 'phonecall'
              JOIN crm_lead lead ON lead.id = call.res_id
             WHERE call.res_model = 'crm.lead' AND call.active IS NOT TRUE
            """
        ),
    ),
    Dealing(
        "meeting",
        {"calendar.attendee": ("partner_id", "event_id", "state"), "calendar.event": ("start", "active")},
        SQL(
            """
            SELECT attendee.id AS calendar_attendee_id, event.id AS calendar_event_id,
                   attendee.partner_id AS contact_id, event.start AS date
              FROM calendar_attendee attendee JOIN calendar_event event ON event.id = attendee.event_id
             WHERE event.active AND attendee.state IS DISTINCT FROM 'declined'
            """
        ),
    ),
    _record("project", "crm.lead", "create_date"),
    # who wrote and was not yet told to be a customer
    Dealing(
        "project",
        {"crm.lead": ("partner_id", "email_normalized", "create_date"), "res.partner": ("email_normalized",)},
        SQL(
            """
            SELECT lead.id AS crm_lead_id, owner.id AS res_partner_id, owner.id AS contact_id, lead.create_date AS date
              FROM crm_lead lead JOIN res_partner owner ON owner.email_normalized = lead.email_normalized
             WHERE lead.partner_id IS NULL
            """
        ),
    ),
    _record("project", "crm.lead", "date_closed"),
    _record("order", "sale.order", "date_order", SQL("state = 'sale'"), ("state",)),
    _record(
        "invoice",
        "account.move",
        "invoice_date",
        SQL("state = 'posted' AND move_type <> 'entry'"),
        ("state", "move_type"),
    ),
    # of the customer, and of the person who complained for it
    Dealing(
        "ticket",
        {"crm.ticket": ("partner_id", "contact_id", "create_date")},
        SQL(
            """
            SELECT id AS crm_ticket_id, partner_id AS contact_id, create_date AS date FROM crm_ticket
             UNION ALL
            SELECT id, contact_id, create_date FROM crm_ticket
            """
        ),
    ),
)


def _watched() -> dict[str, frozenset[str]]:
    watched = defaultdict(set)
    for dealing in DEALINGS:
        for model, names in dealing.reads.items():
            watched[model].update(names)
    return {model: frozenset(names) for model, names in watched.items()}


# model: the fields that can change somebody's age
WATCHED: Mapping[str, frozenset[str]] = _watched()


def of_rows(dealings: Iterable[Dealing], model: str, ids: list[int]) -> SQL:
    """Select whose dealings some rows are, and of when, as ``contact_id`` and ``date``."""
    row = SQL.identifier(f"{model.replace('.', '_')}_id")
    return SQL(" UNION ALL ").join(
        SQL(
            "SELECT contact_id, date FROM (%s) AS source WHERE %s = ANY(%s) AND contact_id IS NOT NULL",
            dealing.query,
            row,
            ids,
        )
        for dealing in dealings
        if model in dealing.reads
    )


def ahead(dealings: Iterable[Dealing], now: datetime) -> SQL:
    """Select whose dealings are dated later than this second, and of when, as ``contact_id`` and ``date``."""
    return SQL(" UNION ALL ").join(
        SQL(
            "SELECT contact_id, date FROM (%s) AS source WHERE date >= %s AND contact_id IS NOT NULL",
            dealing.query,
            now + SECOND,
        )
        for dealing in dealings
    )


def newest(dealings: Iterable[Dealing], now: datetime) -> SQL:
    """Select the newest dealing from each source until now, as ``id``, ``kind`` and ``date``, of all in ``contact``.

    Each contact is looked up by itself, so that no plan reads a whole table for a few of them. The filter of the
    maximum keeps PostgreSQL from walking through an index of dates until it meets the contact.

    :param datetime now: to the second, all of which counts
    """
    return SQL(" UNION ALL ").join(
        SQL(
            "SELECT contact.id, %s AS kind, found.date FROM contact CROSS JOIN LATERAL (%s) AS found",
            dealing.kind,
            (_newest_by_index if dealing.has_index else _newest_of_contact)(dealing, now + SECOND),
        )
        for dealing in dealings
    )


def newest_in_range(dealings: Iterable[Dealing], now: datetime, first: int, last: int) -> SQL:
    """Select the same of all contacts from one id to another, whose rows stand together in each index."""
    return SQL(" UNION ALL ").join(
        SQL(
            """
            SELECT contact_id AS id, %s AS kind, max(date) AS date FROM (%s) AS source
             WHERE contact_id BETWEEN %s AND %s AND date < %s GROUP BY contact_id
            """,
            dealing.kind,
            dealing.query,
            first,
            last,
            now + SECOND,
        )
        for dealing in dealings
    )


def _newest_by_index(dealing: Dealing, before: datetime) -> SQL:
    return SQL(
        "SELECT date FROM (%s) AS source WHERE contact_id = contact.id AND date < %s ORDER BY date DESC LIMIT 1",
        dealing.query,
        before,
    )


def _newest_of_contact(dealing: Dealing, before: datetime) -> SQL:
    return SQL(
        "SELECT max(date) FILTER (WHERE date < %s) AS date FROM (%s) AS source WHERE contact_id = contact.id",
        before,
        dealing.query,
    )
