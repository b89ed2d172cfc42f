from odoo import models


class CalendarAttendee(models.Model):
    """The meetings of a contact are found by an index."""

    _inherit = "calendar.attendee"

    _gdpr_partner_idx = models.Index("(partner_id)")
