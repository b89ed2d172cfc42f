"""From what was sent to what a lead holds: one function per kind of field, without the database.

Names of records come out as they are; they are looked up afterwards, for all records of a batch at once.
"""

import re
from contextlib import suppress
from datetime import date, datetime, timezone

from markupsafe import Markup, escape

from .matching import normalize_email
from .problems import Problem
from .records import number_as_text
from .vocabulary import ALIASES, IDENTIFYING

# What a browser would take for a tag, and what a spreadsheet would take for a formula: both are kept readable.
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_FORMULA = re.compile(r"[=@]|[+-](?![\d\s(.])")
_WEBSITE = re.compile(r"(?:https?://)?[^\s/:@?#<>\"']+\.[^\s/:@?#<>\"']+(?::\d+)?(?:[/?#][^\s<>\"']*)?", re.IGNORECASE)
_TRUE, _FALSE = ("true", "1", "yes"), ("false", "0", "no")
_MOST = 10**15


def read(values, specs, unknown="refuse", mapped=None):
    """Read a record.

    :param dict values: what :func:`.records.clean` returned
    :param dict specs: the fields that can be sent, by name
    :param str unknown: what to do with other fields: ``refuse``, ``ignore`` or ``note`` (add to the description)
    :param dict mapped: the source's own names, see :class:`Mapped`
    :return: ``(read, problems)``: the values by name of the field on the wire, and the rules that are broken
    """
    found, extra, problems = {}, [], []
    for name, value in values.items():
        mapping = (mapped or {}).get(name)
        if mapping:
            name, value = mapping.name, mapping.translate(value)
        spec = specs.get(name) or specs.get(ALIASES.get(name, ""))
        if spec:
            try:
                found[spec.name] = CONVERT[spec.kind](spec, value)
            except Problem as problem:
                problems.append(problem)
        elif name == NOTE or (unknown == "note" and name != IGNORE):
            extra += [(mapping.label if mapping else name, value)] if value != [] else []
        elif name != IGNORE and unknown == "refuse":
            problems.append(Problem(name, "unknown"))
    if extra:
        lines = Markup("<br>").join(Markup("%s: %s") % (label, _shown(value)) for label, value in extra)
        found["description"] = Markup("<br>").join(filter(None, [found.get("description"), lines]))
    if not problems and not any(name in found for name in IDENTIFYING):
        problems.append(Problem("", "required", ", ".join(IDENTIFYING)))
    return found, problems


IGNORE, NOTE = "\0ignore", "\0note"


class Mapped:
    """What a source calls a field: the field's name on the wire (or IGNORE or NOTE), and the source's own values."""

    def __init__(self, name, label, values=None):
        self.name, self.label = name, label
        self.values = {key.casefold(): value for key, value in (values or {}).items()}

    def translate(self, value):
        if isinstance(value, list):
            return [self.translate(item) for item in value]
        return self.values.get(str(value).casefold(), value)


def _shown(value):
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _line(spec, value):
    if not isinstance(value, str):
        raise Problem(spec.name, "type", "a text", value)
    if len(value) > spec.size:
        raise Problem(spec.name, "length", spec.size)
    value = _TAG.sub("‹", " ".join(value.split()))
    return f"'{value}" if _FORMULA.match(value) else value


def _text(spec, value):
    if not isinstance(value, str):
        raise Problem(spec.name, "type", "a text", value)
    if len(value) > spec.size:
        raise Problem(spec.name, "length", spec.size)
    if not spec.is_html:
        return _TAG.sub("‹", value)
    return Markup("<br>").join(map(escape, value.splitlines()))


def _email(spec, value):
    line = _line(spec, value)
    # what would have to be neutralised would be another address then
    if _TAG.search(value) or _FORMULA.match(value) or not normalize_email(line):
        raise Problem(spec.name, "format", "one e-mail address, as in jane@example.com", value)
    return line


def _phone(spec, value):
    value = _line(spec, number_as_text(value))
    if not re.search(r"\d", value):
        raise Problem(spec.name, "format", "a phone number, as in +31 20 123 4567", value)
    return value


def _website(spec, value):
    value = _line(spec, value)
    if not _WEBSITE.fullmatch(value):
        raise Problem(spec.name, "format", "a web address, as in https://example.com", value)
    return value


def _number(spec, value):
    if isinstance(value, str) and re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,15})?", value, re.ASCII):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Problem(spec.name, "type", "a number, as in 1234.50", value)
    if abs(value) >= _MOST:
        raise Problem(spec.name, "range", "below 1,000,000,000,000,000", value)
    return float(value)


def _integer(spec, value):
    value = _number(spec, value)
    if not value.is_integer() or abs(value) >= 2**31:
        raise Problem(spec.name, "type", "a whole number of at most nine digits", value)
    return int(value)


def _date(spec, value):
    with suppress(ValueError):
        if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\d", value):
            found = date.fromisoformat(value[:10])
            if len(value) > 10:
                _moment(value)
            return _in_years(spec, found)
    raise Problem(spec.name, "format", "a date as year-month-day, as in 2026-12-31", value)


def _moment(text):
    # Python 3.10 does not know the Z
    return datetime.fromisoformat(re.sub(r"[Zz]$", "+00:00", text))


def _datetime(spec, value):
    with suppress(ValueError, OverflowError):
        if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\d[T ]", value):
            found = _moment(value)
            found = found.astimezone(timezone.utc).replace(tzinfo=None) if found.tzinfo else found
            return _in_years(spec, found.replace(microsecond=0))
    raise Problem(spec.name, "format", "a date and time of ISO 8601, as in 2026-12-31T14:30:00Z", value)


def _in_years(spec, value):
    if not 1900 <= value.year < 3000:
        raise Problem(spec.name, "range", "between the years 1900 and 2999", value)
    return value


def _boolean(spec, value):
    if isinstance(value, bool):
        return value
    if str(value).casefold() in _TRUE + _FALSE:
        return str(value).casefold() in _TRUE
    raise Problem(spec.name, "type", "true or false", value)


def _choice(spec, value):
    by_key = {key.casefold(): key for key in spec.choices}
    found = None if isinstance(value, bool | list) else by_key.get(str(value).casefold())
    if found is None:
        raise Problem(spec.name, "choice", f": {', '.join(spec.choices)}", value)
    return found


def _lines(spec, value):
    return [_line(spec, item) for item in (value if isinstance(value, list) else [value])]


CONVERT = {
    "line": _line,
    "text": _text,
    "email": _email,
    "phone": _phone,
    "website": _website,
    "number": _number,
    "integer": _integer,
    "date": _date,
    "datetime": _datetime,
    "boolean": _boolean,
    "choice": _choice,
    "language": _line,
    "country": _line,
    "state": _line,
    "utm": _line,
    "record": _line,
    "tags": _lines,
    "records": _lines,
}
