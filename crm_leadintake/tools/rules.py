"""Whom a lead is for: conditions and turns, without a database."""

import re
from dataclasses import dataclass

_HYPHENATED = re.compile(r"(\d+)[-–](\d+)")
_RANGE = re.compile(r"(\w*?)(\d+)\s*(?:-|\.\.|–)\s*(\w*?)(\d+)")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as ``crm.intake.rule`` has it; see there for what each value means.

    ``postcodes`` are tests as :func:`parse_postcodes` returns them; ``field`` is a field's name on the wire.
    """

    id: int
    name: str
    target: str
    countries: frozenset = frozenset()
    postcodes: tuple = ()
    field: str = ""
    operator: str = "is"
    value: str = ""
    user_ids: tuple = ()
    team_id: int | None = None
    sequence_id: int | None = None

    def fits(self, found, texts):
        """Tell whether it is meant for a lead.

        :param dict found: values of the lead by the field's name on the wire
        :param texts: texts of the value of this rule's field, as a person would write it
        """
        if self.countries and found.get("country") not in self.countries:
            return False
        if self.postcodes and not fits_postcode(self.postcodes, found.get("zip")):
            return False
        return not self.field or any(self._fits_text(text) for text in texts)

    def _fits_text(self, text):
        text, value = _plain(text), _plain(self.value)
        return value in text if self.operator == "contains" else value == text


def parse_postcodes(text):
    """Read postcodes as a person writes them: beginnings and ranges, as in ``10, 1200-1399, SW1A, 00-950``.

    Numbers of the same length are a range; of different length they are one code, as it is written in Poland.

    :return: a tuple of beginnings, and of ranges as ``(letters, first, last, digits)``
    :raise ValueError: with the part that is none
    """
    return tuple(_parse_postcode(part) for part in re.split(r"[,;\n]", text or "") if part.strip())


def _parse_postcode(part):
    code = _squeeze(part)
    halves = _HYPHENATED.fullmatch(code)
    if halves and len(halves[1]) != len(halves[2]):
        return halves[1] + halves[2]
    if match := _RANGE.fullmatch(code):
        letters, first, other_letters, last = match.groups()
        if other_letters in ("", letters) and len(first) == len(last) and int(first) <= int(last):
            return letters, int(first), int(last), len(first)
    elif code.isalnum():
        return code
    raise ValueError(part.strip())


def fits_postcode(tests, postcode):
    """Tell whether a postcode is one of those.

    Hyphens in it do not count. A range counts for the digits that a postcode begins with, so that 1000-1099 holds for
    1012 AB.
    """
    code = re.sub(r"[-–]", "", _squeeze(postcode or ""))
    for test in tests:
        if isinstance(test, str):
            if code.startswith(test):
                return True
            continue
        letters, first, last, digits = test
        number = code[len(letters) : len(letters) + digits]
        if code.startswith(letters) and len(number) == digits and number.isdecimal() and first <= int(number) <= last:
            return True
    return False


def pick_in_turn(candidates, turn):
    """Whose turn it is: each in the order given, one after the other."""
    return candidates[turn % len(candidates)]


def pick_by_capacity(loads, turn):
    """Who has the largest part of their capacity left; of several each in turn.

    :param dict loads: ``{user id: (leads, capacity)}``
    :return: a user id, or None where nobody has capacity left
    """
    shares = {user: leads / capacity for user, (leads, capacity) in loads.items() if leads < capacity}
    if not shares:
        return None
    least = min(shares.values())
    return pick_in_turn([user for user in sorted(shares) if shares[user] == least], turn)


def _squeeze(code):
    return re.sub(r"\s", "", code).upper()


def _plain(text):
    return re.sub(r"\s+", " ", str(text)).strip().casefold()
