"""Lines of iCalendar files (RFC 5545), written without an object per line.

vobject, which Odoo ships, takes three seconds for the 5,000 events of a feed; these functions take some hundredths of
one. What is difficult, the rules of a time zone, is still left to vobject: see ``time_zone``.
"""

import functools
import hashlib
import html
import re
from datetime import datetime, timedelta

import pytz
import vobject

CRLF = "\r\n"
LINE_LENGTH = 75  # bytes, RFC 5545 section 3.1

# Section 3.3.11: what is escaped in a text. Control characters may not stand in one at all.
_ESCAPED = {
    **dict.fromkeys([*range(0x20), 0x7F, *range(0xD800, 0xE000)]),
    ord("\t"): " ",
    ord("\n"): "\\n",
    ord("\\"): "\\\\",
    ord(";"): "\\;",
    ord(","): "\\,",
}
# Most texts need nothing of that, which is found out six times as fast.
_NEEDS_NOTHING = re.compile(r"[^\x00-\x1f\x7f\\;,\ud800-\udfff]*")
# In the value of a parameter, section 3.1: no quotes and no control characters.
_QUOTED = {**dict.fromkeys([*range(0x20), 0x7F, *range(0xD800, 0xE000)]), ord('"'): "'"}
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/h[1-6]|/tr)\b[^>]*>", re.IGNORECASE)
_HIDDEN = re.compile(r"<(style|script)\b.*?(?:</\1\s*>|$)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]*(?:>|$)")
_EMPTY_LINES = re.compile(r"\s*\n\s*")


def text(value):
    """A text as it stands in a line.

    :param str value: any text
    :return: the text, escaped, without control characters
    """
    return value if _NEEDS_NOTHING.fullmatch(value) else value.translate(_ESCAPED)


def quoted(value):
    """A text as it stands in the value of a parameter: in quotes."""
    return f'"{value.translate(_QUOTED)}"'


def plain(markup, limit=1000):
    """The text of HTML that Odoo has sanitized, in lines.

    :param str markup: HTML, or nothing
    :param int limit: how many characters at most
    """
    if not markup:
        return ""
    found = html.unescape(_TAG.sub("", _BREAK.sub("\n", _HIDDEN.sub("", markup)))).replace("\xa0", " ")
    found = _EMPTY_LINES.sub("\n", found).strip()
    return found if len(found) <= limit else f"{found[:limit]}…"


def fold(line):
    """Break a line that is longer than allowed, never within a character.

    :param str line: a whole line, without its end
    :return: the line, or several of which all but the first begin with a blank
    """
    raw = line.encode()
    if len(raw) <= LINE_LENGTH:
        return line
    parts = []
    limit = LINE_LENGTH
    while len(raw) > limit:
        end = limit
        while raw[end] & 0xC0 == 0x80:  # the middle of a character
            end -= 1
        parts.append(raw[:end].decode())
        raw = raw[end:]
        limit = LINE_LENGTH - 1  # the blank counts
    parts.append(raw.decode())
    return f"{CRLF} ".join(parts)


def utc(moment):
    """A naive datetime, which Odoo means in UTC."""
    return f"{moment:%Y%m%dT%H%M%SZ}"


def local(moment, zone):
    """A naive datetime in UTC as the clock of a time zone shows it."""
    return f"{pytz.utc.localize(moment).astimezone(pytz.timezone(zone)):%Y%m%dT%H%M%S}"


def component(name, lines):
    """The lines of a component, begin and end included."""
    return [f"BEGIN:{name}", *lines, f"END:{name}"]


def calendar(parts, lines):
    """A whole file.

    :param parts: a list of lists of lines: the components
    :param lines: the properties of the calendar, besides version and product
    :return: the file as text
    """
    head = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//The Sales Board authors//CRM Calendar Feed//EN",
        "CALSCALE:GREGORIAN",
    ]
    content = [*head, *lines]
    for part in parts:
        content += part
    content.append("END:VCALENDAR")
    return CRLF.join([line if len(line) <= LINE_LENGTH and line.isascii() else fold(line) for line in content]) + CRLF


def fingerprint(parts):
    """What tells whether anything in components is different from last time."""
    return hashlib.sha256("\n".join(line for part in parts for line in part).encode()).hexdigest()


@functools.lru_cache(maxsize=64)
def time_zone(zone):
    """The component that describes a time zone; whoever reads it need not know its name.

    :param str zone: a name of the time zone database
    :return: a tuple of lines
    """
    tzinfo = pytz.timezone(zone)
    changes = _changes(tzinfo)
    if any(offset % 3600 for _moment, before, after, _name in changes for offset in (before, after)):
        # vobject forgets the minutes of an offset: India would be half an hour early
        return tuple(_listed_changes(zone, changes))
    described = vobject.icalendar.TimezoneComponent(tzinfo=tzinfo)
    lines = described.serialize().replace(f"{CRLF} ", "").split(CRLF)
    return tuple(line for line in lines if line and not line.startswith("X-VOBJ"))


def _changes(tzinfo):
    """When the clocks of a time zone are put: ``(naive UTC datetime, seconds before, seconds after, name)``."""
    start = datetime(2000, 1, 1)
    moments = [moment for moment in getattr(tzinfo, "_utc_transition_times", ()) if moment > start]
    changes = []
    before = pytz.utc.localize(start).astimezone(tzinfo).utcoffset().total_seconds()
    for moment in [start, *moments]:
        wall = pytz.utc.localize(moment).astimezone(tzinfo)
        after = wall.utcoffset().total_seconds()
        changes.append((moment, before, after, wall.tzname()))
        before = after
    return changes


def _listed_changes(zone, changes):
    lines = [f"TZID:{zone}"]
    for moment, before, after, name in changes:
        kind = "DAYLIGHT" if after > before else "STANDARD"
        start = moment + timedelta(seconds=before)
        lines += component(
            kind,
            [
                f"DTSTART:{start:%Y%m%dT%H%M%S}",
                f"TZNAME:{name}",
                f"TZOFFSETFROM:{_offset(before)}",
                f"TZOFFSETTO:{_offset(after)}",
            ],
        )
    return component("VTIMEZONE", lines)


def _offset(seconds):
    sign = "-" if seconds < 0 else "+"
    minutes = int(abs(seconds) // 60)
    return f"{sign}{minutes // 60:02}{minutes % 60:02}"
