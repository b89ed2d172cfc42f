"""How an address, a number, a literal or a date may be written, as patterns for what :mod:`reading` makes of it."""

from __future__ import annotations

import re
from datetime import date

from .names import words_of
from .reading import MARK, fold

TAG = r"<[a-z/!?][^<>]{0,400}>"
# What may stand between two words, or two groups of digits, that belong together.
GAP = rf"(?:[^\w<{MARK}]|_|<(?![a-z/!?])|{TAG})"
_DIGIT_GAP = rf"(?:[\s().\-/·‐‑‒–—−_]|{TAG}){{0,4}}"
_FILES = "csv|docx?|eml|gif|html?|ics|jpe?g|json|msg|odt|pdf|png|pptx?|txt|vcf|xlsx?|xml|zip"
_NOT_AFTER_LETTER = r"(?<![^\W\d_])"
_NOT_BEFORE_LETTER = r"(?![^\W\d_])"

_TWO_DIGIT_CODES = frozenset(
    "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 "
    "91 92 93 94 95 98".split()
)
_TRUNKS = {"1": "1", "7": "8", "36": "06", "370": "[08]", "375": "80?", "993": "8"}
# What a number may be named by without a blank.
_NUMBER_LABEL = re.compile(
    r"(?<![^\W_])(?:cell|fax|fon|gsm|m|mob|mobile|mobiel|p|ph|phone|t|tel|telefoon|wa|whatsapp)\Z"
)
_EXTENSION = re.compile(r"(?:x|ext)(?![^\W\d_])|[-/]\d{1,4}(?![^\W_])")
_OPENING = r"(?:\((?=[\d\s+]{1,8}\)))?"
_MONTHS = (
    "jan|sty|led|ene|gen|ian", "feb|fev|febr|lut|uno|fevr", "mar|mrt|maa|mae|mars|bre", "apr|avr|kwi|abr|dub",
    "may|mai|mei|maj|mag|kve", "jun|juin|cze|giu|cer", "jul|juil|lip|lug", "aug|aou|sie|ago|srp",
    "sep|wrz|set|zar", "oct|okt|paz|ott|rij", "nov|lis", "dec|dez|des|gru|dic|pro",
)  # fmt: skip


def split_address(address: str) -> tuple[str, list[str]]:
    """What is before the @ of an address, and its domain in each way that it is written."""
    local, _at, domain = address.rpartition("@")
    return fold(local), sorted({fold(domain), _punycode(domain)})


def email_pattern(local: str, domains: list[str]) -> str:
    """An address, also with a tag after a plus, and as it stands in the address for its returns."""
    start = r"(?<![\w+-])(?<!\w\.)"
    end = rf"(?![\w-])(?!\.(?!(?:{_FILES})\b)\w)"
    return rf"{start}{re.escape(local)}(?:\+[\w.+-]{{1,64}})?[@=](?:{'|'.join(map(re.escape, domains))}){end}"


def _punycode(domain: str) -> str:
    try:
        return domain.lower().encode("idna").decode("ascii")
    except UnicodeError:
        return fold(domain)


def split_number(number: str) -> tuple[str | None, str]:
    """The country code of a phone number, or None where it has none, and the rest without the trunk prefix."""
    plain = fold(number)
    digits = re.sub(r"\D", "", plain)
    if plain.lstrip(" (").startswith("+") or digits.startswith("00"):
        digits = digits.removeprefix("00")
        width = 1 if digits[:1] in ("1", "7") else 2 if digits[:2] in _TWO_DIGIT_CODES else 3
        code, rest = digits[:width], digits[width:]
        return code, rest if code == "39" else rest.removeprefix("0")
    return None, digits.removeprefix("0")


def international(number: str) -> str:
    """A phone number as it is compared in columns (E.164), or as it is where it has no country code."""
    code, rest = split_number(number)
    return f"+{code}{rest}" if code else number


def phone_pattern(code: str | None, rest: str) -> str:
    """A phone number, as :func:`split_number` makes it, in any notation."""
    core = _DIGIT_GAP.join(rest)
    trunk = rf"{_OPENING}(?:{_TRUNKS.get(code, '0')})\)?{_DIGIT_GAP}"
    # without its code a number from abroad must look like one
    abroad = rf"(?:{_OPENING}(?:\+|00|011){_DIGIT_GAP})" + ("?" if code else "")
    country = abroad + (_DIGIT_GAP.join(code) if code else "[0-9]{1,3}")
    return rf"(?<!\d)(?:{country}{_DIGIT_GAP}(?:{trunk})?|{trunk}|(?P<bare>{_OPENING})){core}(?!\d)"


def phone_values(code: str | None, rest: str) -> set[int]:
    """A phone number that is kept as a number."""
    long_enough = [number for number in (f"{code or ''}{rest}", rest) if len(number) > 8]
    return set(map(int, long_enough))


def is_phone(match: re.Match) -> bool:
    """Tell whether what looks like the number stands alone: not in a longer number, a time, a fraction or a hash."""
    text, start, end = match.string, match.start(), match.end()
    before, after = text[max(0, start - 12) : start], text[end : end + 6]
    if re.search(r"\d[-./,:]\Z", before) or re.match(r"[.,:]\d", after):
        return False
    if re.search(r"[^\W\d_]\Z", before) and not _NUMBER_LABEL.search(before):
        return False
    if re.match(r"[^\W\d_]|[-/]\d", after) and not _EXTENSION.match(after):
        return False
    return match["bare"] is None or _is_bare_phone(re.sub(TAG, "", match[0]).strip("("))


def _is_bare_phone(number: str) -> bool:
    """Without a prefix: of nine digits, or eight that are no date, or seven that are written in groups."""
    if number.isdigit():
        return len(number) > 8 or (len(number) == 8 and not _is_compact_date(number))
    return len(re.sub(r"\D", "", number)) > 6 and number.count(".") != 1


def _is_compact_date(digits: str) -> bool:
    try:
        return 1900 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year < 2100
    except ValueError:
        return False


def squeeze(text: str) -> str:
    """The letters and digits of a text."""
    return "".join(words_of(text))


def is_telling(text: str) -> bool:
    """Tell whether a literal is long enough to be looked for inside of others."""
    squeezed = squeeze(text)
    return len(squeezed) > (6 if squeezed.isdigit() else 4)


def has_country(words: tuple[str, ...]) -> bool:
    """Tell whether the words are those of a tax number, or the like, that may be written without its country."""
    return len(words) > 1 and len(words[0]) == 2 and len(words[1]) > 4 and words[1].isdigit()


def is_code(text: str) -> bool:
    """Tell whether a literal is the number of an account, or the like, that is written in groups of any size."""
    squeezed = squeeze(text)
    return len(squeezed) > 7 and any(map(str.isdigit, squeezed)) and " " not in text.strip()


def text_pattern(text: str) -> str:
    """A literal with other blanks and punctuation; those of a code may be between all of its characters."""
    words = words_of(text)
    gap = rf"{GAP}{{0,5}}"
    parts = [r"[^\w<]?".join(word) for word in words] if is_code(text) else list(words)
    if has_country(words):
        parts[:2] = [f"(?:{parts[0]}{gap})?{parts[1]}"]  # a tax number, also without its country
    return rf"(?<![^\W_]){gap.join(parts)}(?![^\W_])"


def date_pattern(day: date) -> str:
    """A date in figures, in the usual orders, or with the month's name."""
    d, m = f"0?{day.day}", f"0?{day.month}"
    year = rf"(?:{day.year}|{day.year % 100:02})"
    month = rf"(?:{_MONTHS[day.month - 1]})[^\W\d_]{{0,9}}\.?"
    by = r"[\s,./\-]{1,3}"
    figures = rf"{day.year}[./\-\s]{m}[./\-\s]{d}|{d}{by}{m}{by}{year}|{m}{by}{d}{by}{year}"
    compact = rf"{day.year}{day.month:02}{day.day:02}|{day.day:02}{day.month:02}{day.year}"
    spelled = rf"{d}(?:st|nd|rd|th|er|e|\.)?(?: de)?{by}{month}(?: de)?{by}{year}"
    spelled += rf"|{month}\s{d}(?:st|nd|rd|th)?{by}{year}"
    return rf"(?<![^\W_])(?:{figures}|{compact}|{spelled})(?![^\W_]|-\d)"
