from datetime import UTC, timedelta

from lxml.builder import E

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_salesboard.tools.flags import asked_for

from ..tools.working_time import add_hours

HOURS_BY_PRIORITY = {
    "0": "ticket_hours_low",
    "1": "ticket_hours_medium",
    "2": "ticket_hours_high",
    "3": "ticket_hours_urgent",
}
# How far a calendar is read at once, and how often: without working hours in that time there is no deadline.
STEP, STEPS = timedelta(weeks=8), 13


class CrmTicket(models.Model):
    """Until when something has to happen: so many working hours from when the complaint came, by its priority."""

    _inherit = "crm.ticket"

    deadline_from = fields.Datetime(
        "Deadline Counts from",
        default=fields.Datetime.now,
        copy=False,
        help="When the complaint came, or the customer answered on a closed ticket.",
    )
    date_deadline = fields.Datetime(
        "Deadline",
        compute="_compute_date_deadline",
        store=True,
        precompute=True,
        readonly=False,
        copy=False,
        tracking=True,
        help="By the priority, in working hours of the team, until somebody sets another one. Empty it to have it "
        "counted again.",
    )
    is_deadline_manual = fields.Boolean(
        "Deadline Set by Hand", copy=False, readonly=True, help="Priority and team do not change it any more."
    )
    is_overdue = fields.Boolean("Overdue", compute="_compute_is_overdue", search="_search_is_overdue")

    _open_index = models.Index("(date_deadline) WHERE is_closed IS NOT TRUE")

    # ------------------------------------------------------------
    # Counting
    # ------------------------------------------------------------

    @api.depends("priority", "team_id", "company_id", "deadline_from", "is_deadline_manual")
    def _compute_date_deadline(self):
        kept = self.filtered("is_deadline_manual")
        for ticket in kept:
            ticket.date_deadline = ticket.date_deadline
        planned = (self - kept)._plan_deadlines()
        for ticket in self - kept:
            ticket.date_deadline = planned[ticket]

    def _plan_deadlines(self):
        """
        :return: ``{ticket: datetime or False}`` as priority and team say, whatever was set by hand
        """
        planned = dict.fromkeys(self, False)
        by_calendar = {}
        for ticket in self:
            start, hours = ticket.deadline_from or fields.Datetime.now(), ticket._deadline_hours()
            calendar = ticket.team_id.ticket_calendar_id or ticket.company_id.resource_calendar_id
            if hours and not calendar:
                planned[ticket] = start + timedelta(hours=hours)
            elif hours:
                by_calendar.setdefault((calendar, ticket.company_id), {})[ticket] = (start, hours)
        for (calendar, company), wanted in by_calendar.items():
            planned |= self._plan_in_calendar(calendar, company, wanted)
        return {ticket: moment and moment.replace(microsecond=0) for ticket, moment in planned.items()}

    def _deadline_hours(self):
        name = HOURS_BY_PRIORITY[self.priority or "1"]
        return self.team_id[name] if self.team_id else self.env["crm.team"]._fields[name].default(self.team_id)

    @api.model
    def _plan_in_calendar(self, calendar, company, wanted):
        """Read the calendar once for all tickets, as far as the last of them takes.

        :param wanted: ``{ticket: (datetime, hours)}``
        :return: ``{ticket: datetime}``, without those for whom the calendar has no hours
        """
        # Holidays of the company, not those of others that share the calendar.
        domain = [("time_type", "=", "leave"), ("company_id", "in", [False, company.id])]
        starts = {ticket: start.replace(tzinfo=UTC) for ticket, (start, _hours) in wanted.items()}
        planned, intervals, begin = {}, [], min(starts.values())
        for _step in range(STEPS):
            end = max(begin, *starts.values()) + STEP
            found = calendar._work_intervals_batch(begin, end, domain=domain)[False]
            intervals += [(start, stop) for start, stop, _meta in found]
            for ticket in wanted.keys() - planned.keys():
                if moment := add_hours(intervals, starts[ticket], wanted[ticket][1]):
                    planned[ticket] = moment.astimezone(UTC).replace(tzinfo=None)
            if len(planned) == len(wanted):
                break
            begin = end
        return planned

    def _restart_deadline(self):
        """Count again from now."""
        self.write({"deadline_from": fields.Datetime.now(), "is_deadline_manual": False})

    # ------------------------------------------------------------
    # Set by hand
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        tickets = super().create(vals_list)
        given = [ticket.id for ticket, vals in zip(tickets, vals_list, strict=True) if "date_deadline" in vals]
        tickets.browse(given)._note_deadline_by_hand()
        return tickets

    def write(self, vals):
        res = super().write(vals)
        if "date_deadline" in vals:
            self._note_deadline_by_hand()
        return res

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Every form that shows the deadline keeps since when it counts: only so it is known later who has set it."""
        arch, view = super()._get_view(view_id, view_type, **options)
        shown = arch.xpath("//field[@name='date_deadline'][not(ancestor::field)]") if view_type == "form" else ()
        if shown and not arch.xpath("//field[@name='deadline_from']"):
            shown[0].addnext(E.field(name="deadline_from", invisible="1"))
        return arch, view

    def _note_deadline_by_hand(self):
        """Another deadline than priority and team give is somebody's own; the same one, or none, goes by them."""
        if not self:
            return
        planned = self._plan_deadlines()
        by_hand = self.filtered(lambda ticket: ticket.date_deadline and ticket.date_deadline != planned[ticket])
        others = self - by_hand
        # sudo: it is noted of whoever set the deadline, and not theirs to write
        by_hand.filtered(lambda ticket: not ticket.is_deadline_manual).sudo().is_deadline_manual = True
        others.filtered("is_deadline_manual").sudo().is_deadline_manual = False
        self.env.add_to_compute(self._fields["date_deadline"], others)

    # ------------------------------------------------------------
    # Overdue
    # ------------------------------------------------------------

    @api.depends("date_deadline", "is_closed")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for ticket in self:
            ticket.is_overdue = bool(not ticket.is_closed and ticket.date_deadline and ticket.date_deadline < now)

    @api.model
    def _search_is_overdue(self, operator, value):
        asked = asked_for(operator, value)
        if asked is None:
            return NotImplemented
        overdue = Domain("is_closed", "=", False) & Domain("date_deadline", "<", fields.Datetime.now())
        return Domain.OR(overdue if late else ~overdue for late in asked)
