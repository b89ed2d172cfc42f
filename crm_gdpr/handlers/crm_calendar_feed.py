"""What the calendar feed adds: where a user's own calendar stands, of which nothing is about customers."""

from ..engine.treatments import keep
from .base import Handler


class CrmCalendarFeed(Handler):
    """That a user has an address; only a hash of it."""

    model = "crm.calendar.feed"
    has_documents = False
    fields = {"digest": keep("a hash of a random number")}
    is_exported = False


class CrmCalendarInvitation(Handler):
    """That an appointment stands in a user's calendar, without a word about it."""

    model = "crm.calendar.invitation"
    has_documents = False
    fields = {"uid": keep("a number of the record"), "fingerprint": keep("a hash that tells a change")}
    is_exported = False
