from odoo import api, models
from odoo.fields import Domain

SHOWN = frozenset(
    ("activity_type_id", "summary", "note", "date_deadline", "user_id", "active", "calendar_event_id", "res_id")
)


class MailActivity(models.Model):
    """Follow-ups that users have in their own calendars, outside Odoo."""

    _name = "mail.activity"
    _inherit = ["mail.activity", "crm.calendar.tick.mixin"]

    def _is_ticked(self, rows):
        return self in rows.activity_id or bool(self.calendar_event_id & rows.event_id)

    @api.model
    def _ticked_domain(self, rows):
        return Domain("id", "in", rows.activity_id.ids) | Domain("calendar_event_id", "in", rows.event_id.ids)

    def _is_invited_by_odoo(self, user):
        self.ensure_one()
        event = self.calendar_event_id
        return bool(event) and event._is_invited_by_odoo(user)

    def write(self, vals):
        """Tell the calendars that show these follow-ups."""
        if SHOWN.intersection(vals):
            self._touch_invitations()
        return super().write(vals)

    def unlink(self):
        """Tell the calendars that show these follow-ups."""
        self._touch_invitations()
        return super().unlink()
