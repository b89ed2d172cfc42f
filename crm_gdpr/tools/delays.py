"""How long a rule waits: a number of months or years, never less than half a year; pure."""

from datetime import datetime

from babel.units import format_unit
from dateutil.relativedelta import relativedelta

UNITS: dict[str, int] = {"months": 1, "years": 12}
SHORTEST, SHORT, LONGEST = 6, 12, 1200
_WORDS = {"months": "duration-month", "years": "duration-year"}


def get_months(number: int, unit: str) -> int:
    """Months of a delay."""
    return number * UNITS[unit]


def get_limit(now: datetime, number: int, unit: str) -> datetime:
    """The moment before which something is old enough."""
    return now - relativedelta(months=get_months(number, unit))


def in_words(number: int, unit: str, locale: object) -> str:
    """A delay as people say it: 3 years, 1 month."""
    return format_unit(number, _WORDS[unit], locale=locale)
