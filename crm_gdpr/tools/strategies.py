"""What becomes of a value of a contact's or lead's own field; pure, no ORM."""

import hmac
import re
from datetime import date, datetime

# in the order in which they are offered
STRATEGIES = [
    ("keep", "Keep"),
    ("empty", "Empty"),
    ("fixed", "Fixed Text"),
    ("hash", "Keyed Hash"),
    ("year", "Year Only"),
    ("country", "Country Only"),
    ("postcode", "Truncated Postcode"),
]
FOR_TYPES = {
    "fixed": {"char", "text", "html"},
    "hash": {"char", "text"},
    "year": {"date", "datetime", "char"},
    "country": {"char"},
    "postcode": {"char"},
}
POSTCODE_LENGTH = 2
HASH_LENGTH = 16
YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")
COUNTRY = re.compile(r"\s*([A-Za-z]{2})(?=[\s.]*\w*\d)")


def is_for(strategy: str, field_type: str) -> bool:
    """Whether a field of this type can be treated like that."""
    return strategy in ("keep", "empty") or field_type in FOR_TYPES[strategy]


def apply(strategy: str, value, *, fixed: str = "", key: bytes = b"", calling_code: str = ""):
    """Return what is left of a value; None for nothing.

    :param fixed: the text of the strategy "fixed"
    :param key: the company's secret, of the strategy "hash"
    :param calling_code: the country's part of a phone number ("+31"), empty where the value is none
    """
    if strategy == "keep" or value is None or value == "":
        return value
    return {
        "empty": lambda: None,
        "fixed": lambda: fixed,
        "hash": lambda: value if is_hash(value) else _hash(key, str(value)),
        "year": lambda: _year(value),
        "country": lambda: calling_code or _country(str(value)),
        "postcode": lambda: str(value).strip()[:POSTCODE_LENGTH] or None,
    }[strategy]()


def _hash(key: bytes, value: str) -> str:
    """HMAC-SHA-256 (RFC 2104), cut short."""
    return hmac.digest(key, f"value\0{value}".encode(), "sha256").hex()[:HASH_LENGTH]


def is_hash(value) -> bool:
    """What was hashed before stays as it is, so that a second time changes nothing."""
    return bool(re.fullmatch(rf"[0-9a-f]{{{HASH_LENGTH}}}", str(value)))


def _year(value):
    if isinstance(value, datetime):
        return datetime(value.year, 1, 1)
    if isinstance(value, date):
        return date(value.year, 1, 1)
    found = YEAR.search(str(value))
    return found[0] if found else None


def _country(value: str) -> str | None:
    """VAT and bank account numbers begin with a country's code of ISO 3166-1."""
    found = COUNTRY.match(value)
    if found:
        return found[1].upper()
    return value if re.fullmatch(r"[A-Z]{2}|\+\d{1,3}", value) else None
