"""How old something is, in words and in bands."""

from datetime import datetime

from babel.units import format_unit
from dateutil.relativedelta import relativedelta

# what a band is called in the database, which sorts them: from so many years on
BANDS: dict[str, int] = {"00": 0, "01": 1, "02": 2, "03": 3, "05": 5, "10": 10}


def in_words(date: datetime, now: datetime, locale: str) -> str:
    """Tell the time that has passed in whole years, or months, or days, never more than it is."""
    passed = relativedelta(max(now, date), date)
    unit = next((unit for unit in ("year", "month") if getattr(passed, f"{unit}s")), "day")
    return format_unit(getattr(passed, f"{unit}s"), f"duration-{unit}", locale=locale)


def band_of(date: datetime, now: datetime) -> str:
    """Return the band of a date."""
    return next(band for band, (_younger, older) in limits(now).items() if older is None or date > older)


def limits(now: datetime) -> dict[str, tuple[datetime | None, datetime | None]]:
    """Return of each band the date up to which something belongs to it, and the date after which it does."""
    starts = [now - relativedelta(years=years) for years in BANDS.values()]
    return dict(zip(BANDS, zip([None, *starts[1:]], [*starts[1:], None], strict=True), strict=True))
