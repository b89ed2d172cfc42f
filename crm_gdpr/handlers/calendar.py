"""Meetings: they stay in the calendars of the others."""

from ..engine.treatments import EMPTY, SCRUB
from .base import Handler, Plain


class CalendarEvent(Handler):
    model = "calendar.event"
    is_owned_by_document = False
    fields = {"videocall_location": SCRUB}
    is_work = True
    export_involved = ("name", "start", "stop", "allday", "location", "description")


class CalendarAttendee(Handler):
    model = "calendar.attendee"
    own_links = ("partner_id",)
    has_documents = False
    fields = {"common_name": (EMPTY, SCRUB), "access_token": EMPTY}
    is_work = True
    export_fields = ("event_id", "state", "common_name", "email")


class CalendarFilters(Plain):
    model = "calendar.filters"
    is_exported = False
