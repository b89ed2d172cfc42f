from odoo import api, models
from odoo.fields import Domain

# What a calendar shows of an appointment, or what decides whether it shows it.
SHOWN = frozenset(
    (
        "name", "start", "stop", "start_date", "stop_date", "allday", "duration", "location", "description", "privacy",
        "videocall_location", "user_id", "partner_ids", "active", "opportunity_id", "show_as", "recurrence_id",
        "recurrency",
    )
)  # fmt: skip


class CalendarEvent(models.Model):
    """Appointments that users have in their own calendars, outside Odoo."""

    _name = "calendar.event"
    _inherit = ["calendar.event", "crm.calendar.tick.mixin"]

    def _is_ticked(self, rows):
        return self in rows.event_id or bool(self.recurrence_id & rows.recurrence_id)

    @api.model
    def _ticked_domain(self, rows):
        return Domain("id", "in", rows.event_id.ids) | Domain("recurrence_id", "in", rows.recurrence_id.ids)

    def _is_invited_by_odoo(self, user):
        self.ensure_one()
        # sudo: whether Odoo sends invitations, and whether the user takes part
        event = self.sudo()
        parameters = event.env["ir.config_parameter"]
        if self.env.context.get("no_mail_to_attendees") or parameters.get_param("calendar.block_mail"):
            return False
        attendees = event.attendee_ids
        return any(attendee.partner_id == user.partner_id and attendee.email for attendee in attendees)

    def write(self, vals):
        """Tell the calendars that show these appointments, also what is left of a series that is divided."""
        if not SHOWN.intersection(vals) and "recurrence_update" not in vals:
            return super().write(vals)
        invitations = self.env["crm.calendar.invitation"].sudo()  # sudo: as in the mixin
        before = invitations._of_records(self)
        series = self.recurrence_id
        users = before.filtered("is_wanted").user_id if series else before.user_id.browse()
        before._touch()
        if vals.get("active") is False:
            before._join_series()
        res = super().write(vals)
        if series and users:
            divided = self.filtered(lambda event: event.active and event.recurrence_id not in series)
            for user in users if divided else ():
                invitations._subscribe(divided, user)
        return res

    def unlink(self):
        """Tell the calendars that show these appointments, or the follow-ups that go with them."""
        # sudo: as in the mixin
        self.env["crm.calendar.invitation"].sudo()._of_appointments_and_follow_ups(self)._touch()
        return super().unlink()
