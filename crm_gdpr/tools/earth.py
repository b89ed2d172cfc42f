"""Which days it is on earth: what protects somebody counts wherever the reader, or the job, happens to be."""

from datetime import timedelta

# the offsets from UTC of the places where a day begins first and last
AHEAD = timedelta(hours=14)
BEHIND = timedelta(hours=12)


def get_days(now):
    """Return the day that it still is in the last place, and the one that it is already in the first.

    :param datetime now: in UTC
    """
    return (now - BEHIND).date(), (now + AHEAD).date()
