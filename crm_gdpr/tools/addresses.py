"""E-mail addresses and telephone numbers in a text, whoever's they are, and keys in the addresses of pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

try:
    import phonenumbers
except ImportError:  # Odoo itself does without it
    phonenumbers = None

_EMAIL = re.compile(r"[\w.+%'-]+(?:@|%40|&#64;)[\w-]+(?:\.[\w-]+)+")
# written for anybody abroad, or with the zero that numbers begin with in most countries
_PHONE = re.compile(r"(?<![\w.,:/+-])(?:\+|00|\(?0)[1-9(](?:[\s()./-]{0,3}\d){6,14}(?![\w.,]?\d)")
# of a page that opens to whoever has the key
_KEY = re.compile(r"(?i)\b([\w-]*(?:token|signature|hash|passw|secret|key|session|signup)[\w-]*=)[^&#\s\"'<>]+")
_KEY_IN_PATH = re.compile(r"(?i)(?<=/)(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,})(?![\w-])")
_DATE = re.compile(r"\(?\d{1,2}([./-])\d{1,2}\1(?:19|20)\d\d")
MARK = "…"
_TELLING_DIGITS = 8


def digits(number: str) -> str:
    """What tells a telephone number from others, however it is written."""
    return re.sub(r"\D", "", number)[-_TELLING_DIGITS:]


def hide_keys(text: str) -> str:
    """A text in which no address of a page has a key in it."""
    text = _KEY.sub(rf"\1{MARK}", text) if "=" in text else text
    return _KEY_IN_PATH.sub(MARK, text) if "/" in text else text


def hide_emails(text: str, is_own: Callable[[str], bool]) -> str:
    """A text without addresses, but for those that are the person's own."""
    if not any(sign in text for sign in ("@", "%40", "&#64;")):
        return text
    return _EMAIL.sub(lambda match: match[0] if is_own(_plain(match[0])) else MARK, text)


def _plain(address: str) -> str:
    return address.replace("%40", "@").replace("&#64;", "@").lower()


def hide_phones(text: str, is_own: Callable[[str], bool], countries: Iterable[str] = ()) -> str:
    """A text without telephone numbers, but for those that are the person's own.

    :param countries: ISO codes, whose numbers are known in the way they are written there
    """
    if len(re.sub(r"\D", "", text)) < _TELLING_DIGITS - 1:
        return text
    text = _PHONE.sub(lambda match: match[0] if _DATE.match(match[0]) or is_own(match[0]) else MARK, text)
    for country in countries if phonenumbers else ():
        for match in reversed(list(phonenumbers.PhoneNumberMatcher(text, country))):
            if not is_own(match.raw_string):
                text = text[: match.start] + MARK + text[match.end :]
    return text
