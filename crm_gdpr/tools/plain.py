"""What may stand in the log: nothing that could be about a person.

Whoever writes to the log writes code, and code makes mistakes: a display name where a field name was meant is kept for
ever. So texts are taken only where they are names of the program's own.
"""

import datetime
import re
from collections.abc import Callable
from typing import Any

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]

LARGEST, DECIMALS, DEEPEST = 10**15, 6, 4
# lower case, as everything in Odoo that has a technical name; what begins with a digit could be a telephone number
_WORD = re.compile(r"[a-z][a-z0-9_]{0,62}\Z")
_DOTTED = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+\Z")
_FINGERPRINT = re.compile(r"[0-9a-f]{64}\Z")
_VERSION = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3}){1,5}(\+e|-[0-9]{8})?\Z")


def is_fingerprint(value: Any) -> bool:
    """Tell whether a value is a fingerprint, as ``fingerprint()`` makes them."""
    return isinstance(value, str) and bool(_FINGERPRINT.match(value))


def as_plain(value: Any, is_name: Callable[[str], bool]) -> Plain:
    """Return a value as it may stand in the log, the same after a way through JSON and back.

    Taken are nothing, truth values, numbers, dates, versions, fingerprints, single technical words, names with dots
    that the program knows, and lists and dictionaries of these.

    :param is_name: tells whether a name with dots is one of the program's: a model, a field, a table
    :raise ValueError: of anything else, without repeating it: the message lands in the server's log
    """
    return _plain(value, is_name, 0)


def _plain(value: Any, is_name: Callable[[str], bool], depth: int) -> Plain:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, str):
        return _text(value, is_name)
    if depth >= DEEPEST:
        raise ValueError("what is nested deeper than four times does not go into the log")
    if isinstance(value, dict):
        return {_text(key, is_name): _plain(item, is_name, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value) if isinstance(value, set | frozenset) else value
        return [_plain(item, is_name, depth + 1) for item in items]
    raise ValueError(f"a value of type {type(value).__name__} does not go into the log")


def _number(value: int | float) -> int | float:
    """PostgreSQL writes large numbers in another way than Python: these would not have the same hash again."""
    if not abs(value) <= LARGEST:  # also of what is no number
        raise ValueError("a number of more than fifteen digits does not go into the log")
    return round(value, DECIMALS) + 0.0 if isinstance(value, float) else int(value)


def _text(value: Any, is_name: Callable[[str], bool]) -> str:
    if not isinstance(value, str):
        raise ValueError(f"a key of type {type(value).__name__} does not go into the log")
    if _WORD.match(value) or is_fingerprint(value) or _VERSION.match(value) or _is_date(value):
        return value
    if _DOTTED.match(value) and is_name(value):
        return value
    raise ValueError(f"a text of {len(value)} characters does not go into the log: it could be about a person")


def _is_date(value: str) -> bool:
    try:
        datetime.datetime.fromisoformat(value)
    except ValueError:
        return False
    return "-" in value  # digits alone are taken for a date, and could be a number of a person
