"""Reading the mails of portals: their text, and the values that configured patterns find in it.

Patterns are looked for line by line. A regular expression cannot be stopped once it runs, so that only those are taken
whose worst case on a line is bounded, see :mod:`.mail_expressions`, and between lines the clock is looked at.
"""

import hashlib
import re
import time

from lxml import etree, html

from . import mail_expressions
from .mail_expressions import UnsafeExpression
from .records import MAX_EXTERNAL_ID

MAX_TEXT, MAX_LINES = 100_000, 2000
# for regular expressions: the characters of a line, and the time for all of a mail
MAX_LINE, SECONDS = 400, 1.0

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\ufeff]")
_BLOCKS = frozenset(
    "address article blockquote dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 header hr li main ol p pre section"
    " table tbody thead tr ul".split()
)
_HIDDEN = frozenset("head script style template title".split())
_NO_REPLY = re.compile(r"(no|do[-_.]?not)[-_.]?reply|mailer[-_.]?daemon|postmaster|bounces?\b", re.IGNORECASE)
_RANDOM_ID = re.compile(r"<\d+(\.\d+)?@localhost>")


# ------------------------------------------------------------
# Text
# ------------------------------------------------------------


def readable(text):
    """A text without the control characters that a broken mail can hold, line ends as they are."""
    return _CONTROL.sub("", (text or "").replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " "))


def text_of(body):
    """The text of the body of a mail in HTML: lines as they are seen, the cells of a table apart by tabs."""
    if not (body or "").strip():
        return ""
    try:
        # the parser knows no NUL, and no declaration of an encoding in a text
        root = html.fromstring(f"<div>{re.sub(r'<[?][^>]*>', '', readable(body))}</div>")
    except (etree.ParserError, ValueError):
        return readable(re.sub(r"<[^>]*>", " ", body)).strip()
    parts = []
    _collect(root, parts)
    lines = [line.strip(" ") for line in "".join(parts).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()[:MAX_TEXT]


def _collect(root, parts):
    """Walk through a tree without recursion, as a mail may be nested as deep as it likes."""
    hidden, preserved = 0, 0
    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event in ("start", "end"):
            step = 1 if event == "start" else -1
            hidden += step * (node.tag in _HIDDEN)
            preserved += step * (node.tag == "pre")
            if node.tag in _BLOCKS or (node.tag == "br" and event == "start"):
                _break(parts, node.tag, event)
            elif node.tag in ("td", "th") and event == "end":
                parts.append("\t")
            inner = node.text if event == "start" else node.tail
        else:
            inner = node.tail
        if inner and not hidden:
            parts.append(inner if preserved else re.sub(r"\s+", " ", inner))


def _break(parts, tag, event):
    """End the line; what a term of a list means stands on the line of the term."""
    if tag == "dd" and event == "start":
        while parts and parts[-1].strip(" \n") == "":
            parts.pop()
        parts.append("\t")
    elif tag == "br" or (parts and not parts[-1].endswith("\n")):
        parts.append("\n")


# ------------------------------------------------------------
# Patterns
# ------------------------------------------------------------


def compile_labels(text):
    """What finds the text after one of some labels, which are written with semicolons in between.

    The label stands at the start of a line, and after it a colon or the border between two cells of a table.

    :raise UnsafeExpression: there is no label in it
    """
    labels = [" ".join(part.strip().rstrip(":").split()) for part in (text or "").split(";")]
    words = "|".join(re.escape(label) for label in sorted(filter(None, labels), key=len, reverse=True))
    if not words:
        raise UnsafeExpression("empty")
    return re.compile(rf"(?:{words})[ *]*[:\t](.*)", re.IGNORECASE)


def compile_expression(text):
    """A regular expression that is looked for in each line.

    :raise UnsafeExpression: as :func:`.mail_expressions.check` says
    """
    mail_expressions.check(text)
    return re.compile(text, re.IGNORECASE)


def extract(text, patterns, clock=time.monotonic):
    """Read values; of several patterns for one field the first that finds something counts.

    :param str text: of a mail, as :func:`text_of` returns it
    :param list patterns: ``(name of the field, kind, compiled)``, the kind as in crm.intake.pattern
    :return: ``{name: value}``
    """
    end = clock() + SECONDS
    lines = text[:MAX_TEXT].split("\n")[:MAX_LINES]
    found = {}
    for name, kind, compiled in patterns:
        if name not in found and (value := _find(lines, kind, compiled, end, clock)):
            found[name] = value
    return found


def _find(lines, kind, compiled, end, clock):
    for line in lines:
        if kind == "label":
            match = compiled.match(line.lstrip(" \t>*•-"))
        else:
            match = compiled.search(line[:MAX_LINE]) if clock() < end else None
        if match and (value := (match[1] or "").strip(" \t*")):
            return value
    return None


# ------------------------------------------------------------
# What else a mail tells
# ------------------------------------------------------------


def external_id_of(message_id):
    """The Message-Id as an external id, or None where the mail had none and Odoo made one up.

    One that is too long, or not made of printable characters, is known by its hash.
    """
    message_id = (message_id or "").strip()
    if not message_id or _RANDOM_ID.fullmatch(message_id):
        return None
    if len(message_id) > MAX_EXTERNAL_ID or not message_id.isprintable():
        return hashlib.sha256(message_id.encode(errors="replace")).hexdigest()
    return message_id


def is_no_reply(address):
    """Tell whether an address is one that nobody reads, which is no customer's."""
    return bool(_NO_REPLY.match(address or ""))
