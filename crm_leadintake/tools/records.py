"""One record as it came through any door: made of plain values, safe to keep, and the same thing twice recognised."""

import hashlib
import json
import math
import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal

from .problems import Problem

MAX_FIELDS = 200
MAX_ITEMS = 100
MAX_TEXT = 100_000
MAX_EXTERNAL_ID = 255
_MAX_INTEGER = 2**63

# Line ends and tabs are text, all other control characters are not. What turns the direction of text around hides
# what it says, and nobody types it; the two marks that Hebrew and Arabic need go too, as nothing is lost by it.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_DIRECTION = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def clean(record):
    """Return the record with plain values only, texts in NFC and without marks of direction.

    :param record: what a door decoded, of any type
    :return: ``(external_id, values)``: text or None, and the values by name without those that are empty
    :raise Problem: it is not made of names and plain values
    """
    if not isinstance(record, dict):
        raise Problem("", "record")
    if len(record) > MAX_FIELDS:
        raise Problem("", "range", f"of at most {MAX_FIELDS} fields")
    values = {}
    for name, value in record.items():
        if not isinstance(name, str) or not 0 < len(name) <= 64 or _shown(name) != name:
            raise Problem(_shown(name), "unknown")
        value = _plain(name, value)
        if value is not None and value != "":
            values[name] = value
    return _external_id(values.pop("external_id", None)), values


def _shown(name):
    if isinstance(name, str) and name.isascii() and name.isidentifier():  # as most are
        return name[:64]
    return _DIRECTION.sub("?", _CONTROL.sub("?", str(name)))[:64]


def _external_id(value):
    if value is None:
        return None
    value = number_as_text(value)
    if not isinstance(value, str):
        raise Problem("external_id", "type", "a text", value)
    if len(value) > MAX_EXTERNAL_ID:
        raise Problem("external_id", "length", MAX_EXTERNAL_ID)
    return value


def number_as_text(value):
    """A whole number as text, for what is made of digits and is no number; to JSON 7.0 is one as well."""
    if isinstance(value, int | float) and not isinstance(value, bool) and value == value // 1:
        return str(int(value))
    return value


def as_external_id(value):
    """An external id as it is kept, or None for what cannot be one."""
    try:
        return _external_id(_plain("external_id", value)) or None
    except Problem:
        return None


def _plain(name, value):
    if isinstance(value, list | tuple):
        if len(value) > MAX_ITEMS:
            raise Problem(name, "range", f"of at most {MAX_ITEMS} items")
        items = [_scalar(name, item) for item in value]
        return [item for item in items if item is not None and item != ""]
    return _scalar(name, value)


def _scalar(name, value):
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(name, value)
    if isinstance(value, int):
        return _integer(name, value)
    if isinstance(value, float | Decimal):
        if isinstance(value, Decimal) and value.is_nan() or not math.isfinite(value):
            raise Problem(name, "range", "that is a finite number")
        return float(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    raise Problem(name, "type", "a text, a number, a date, true or false, or a list of these")


def _integer(name, value):
    if not -_MAX_INTEGER <= value < _MAX_INTEGER:
        raise Problem(name, "range", "of at most 19 digits")
    return value


def _text(name, value):
    if len(value) > MAX_TEXT:
        raise Problem(name, "length", f"{MAX_TEXT:,}")
    if value.isascii() and value.isprintable():  # most are, and have nothing to be found
        return value.strip()
    if _CONTROL.search(value):
        raise Problem(name, "encoding")
    return unicodedata.normalize("NFC", _DIRECTION.sub("", value)).strip()


def canonical(values):
    """The values as one JSON text: equal for equal records, whatever the order of their fields."""
    return _ENCODER.encode(values)


def fingerprint(text):
    """SHA-256 of a text, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()
