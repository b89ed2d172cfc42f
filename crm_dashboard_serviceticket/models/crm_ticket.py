from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

SECONDS_A_DAY = 86400
# A complaint came on the first of these days: one that was taken over from another system before its ticket was made.
RECEIVED = ("create_date", "deadline_from", "closed_on")


class CrmTicket(models.Model):
    """How long closed tickets took, and whether they were closed in time.

    Worked out by the database where it is asked for: open tickets have neither, so that no average counts them.
    """

    _inherit = "crm.ticket"

    days_to_close = fields.Float(
        compute="_compute_days_to_close",
        aggregator="avg",
        help="From receiving the complaint until it was closed, the last time if it was opened again.",
    )
    closed_in_time = fields.Selection(
        [("kept", "In Time"), ("missed", "Too Late")],
        "Deadline Kept",
        compute="_compute_closed_in_time",
        search="_search_closed_in_time",
        help="Whether the ticket was closed before its deadline; empty while it is open, or without a deadline.",
    )

    @api.depends(*RECEIVED)
    def _compute_days_to_close(self):
        for ticket in self:
            moments = [moment for name in RECEIVED if (moment := ticket[name])]
            took = ticket.closed_on and ticket.closed_on - min(moments)
            ticket.days_to_close = took and took.total_seconds() / SECONDS_A_DAY

    @api.depends("closed_on", "date_deadline")
    def _compute_closed_in_time(self):
        for ticket in self:
            both = ticket.closed_on and ticket.date_deadline
            ticket.closed_in_time = both and ("kept" if ticket.closed_on <= ticket.date_deadline else "missed")

    @api.model
    def _search_closed_in_time(self, operator, value):
        if operator != "in":
            return NotImplemented

        def to_sql(model, alias, query):
            answer = model._field_to_sql(alias, "closed_in_time", query)
            among = SQL("%s = ANY(%s)", answer, [wanted for wanted in value if wanted])
            return SQL("(%s OR %s IS NULL)", among, answer) if False in value else SQL("COALESCE(%s, FALSE)", among)

        return Domain.custom(to_sql=to_sql)

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr not in ("days_to_close", "closed_in_time"):
            return super()._field_to_sql(alias, field_expr, query)
        closed_on = self._field_to_sql(alias, "closed_on", query)
        if field_expr == "days_to_close":
            received = SQL("LEAST(%s)", SQL(", ").join(self._field_to_sql(alias, name, query) for name in RECEIVED))
            return SQL("(EXTRACT(EPOCH FROM %s - %s) / %s)::float8", closed_on, received, SECONDS_A_DAY)
        deadline = self._field_to_sql(alias, "date_deadline", query)
        return SQL(
            "(CASE WHEN %(closed)s <= %(deadline)s THEN 'kept' WHEN %(closed)s > %(deadline)s THEN 'missed' END)",
            closed=closed_on,
            deadline=deadline,
        )
