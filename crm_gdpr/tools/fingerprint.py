"""Keyed fingerprints: they recognise a value that is typed in again, and tell nothing about it to who has no key.

HMAC-SHA-256 (RFC 2104). A plain hash would not do: the telephone numbers of a country are tried out in minutes.
"""

import hmac
import re
import unicodedata
from contextlib import suppress

KINDS = ("email", "phone", "record", "login")
LENGTH = 64

_ADDRESS = re.compile(r"<([^<>]*@[^<>]*)>\s*$")
_NOT_DIGITS = re.compile(r"\D+")


def fingerprint(key: bytes, kind: str, value: str) -> str:
    """Return the fingerprint of a value, as 64 hexadecimal digits.

    Values of two kinds never share one, also where they are written alike.

    :param kind: one of :data:`KINDS`
    :raise ValueError: of a value that has nothing to be recognised by
    """
    normal = normalise(kind, value)
    if not normal:
        raise ValueError(f"nothing to make a fingerprint of: an empty {kind}")
    return hmac.digest(key, f"fingerprint\0{kind}\0{normal}".encode(), "sha256").hex()


def normalise(kind: str, value: str) -> str:
    """Return a value as it is written whoever writes it, or an empty text.

    :raise ValueError: of a kind that is unknown
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind of fingerprint: {kind!r}")
    text = unicodedata.normalize("NFKC", value or "").strip()
    return {"email": _email, "phone": _phone}.get(kind, str)(text)


def _email(text: str) -> str:
    """Case does not matter, neither does a name before the address, nor how a domain with other letters is spelt."""
    found = _ADDRESS.search(text)
    mailbox, at, domain = (found.group(1) if found else text).strip().casefold().rpartition("@")
    if not mailbox or not domain:
        return ""
    with suppress(UnicodeError):  # no domain that could be reached, yet the same text is the same address
        domain = domain.encode("idna").decode()
    return f"{mailbox}{at}{domain}"


def _phone(text: str) -> str:
    """Digits alone; ``00`` is how a ``+`` is dialled.

    National numbers are given their country before, where it is known: that is the business of who knows the country.
    """
    digits = _NOT_DIGITS.sub("", text.replace("(0)", ""))
    is_international = text.startswith("+") or digits.startswith("00")
    digits = digits.removeprefix("00")
    return f"+{digits}" if is_international and digits else digits
