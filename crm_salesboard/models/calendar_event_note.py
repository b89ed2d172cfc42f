from odoo import models


class CalendarEvent(models.Model):
    """An appointment for what a note says is to be done."""

    _inherit = "calendar.event"

    def unlink(self):
        """Delete appointments. What notes say is to be done is still to be done, as it was before they were made.

        Odoo lets the database delete the activities, and no note would know.
        """
        if self.ids:
            self.check_access("unlink")
            # sudo: whoever may delete the appointment takes it off, whatever they may see of the notes
            notes = self.env["crm.note"].sudo().search([("activity_id.calendar_event_id", "in", self.ids)])
            if activities := notes.activity_id.filtered("active"):
                activities.calendar_event_id = False
        return super().unlink()
