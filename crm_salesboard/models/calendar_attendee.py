from odoo import models


class CalendarAttendee(models.Model):
    _inherit = "calendar.attendee"

    def _should_notify_attendee(self, notify_author=False):
        """Send no invitation, change or reminder of a restricted project to a colleague who may not see it."""
        # sudo: customers accept without any rights
        lead = self.event_id.sudo().opportunity_id
        if lead.is_restricted and lead._users_without_access(self.sudo().partner_id.user_ids):
            return False
        return super()._should_notify_attendee(notify_author=notify_author)
