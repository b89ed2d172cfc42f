"""What finds one value of a person in a text, and what a text must have for it to be there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from . import names, notations
from .reading import MARK, Reading

_GAPS = re.compile(f"{notations.GAP}{{1,60}}")
_LONGEST_GAP = 2000
_TAG = re.compile(notations.TAG)
# What stands between the entries of a list, but also between the parts of a name.
_LIST = re.compile(r"[,;|/&\n\t<>]")
_WORD_BEFORE = re.compile(r"([^\W\d_]+)[ ]\Z")
_WORD_AFTER = re.compile(r"[ ]([^\W\d_]+)")
_FAMILY_AFTER = re.compile(rf"[ ](?:(?:{'|'.join(sorted(names.PARTICLES))})[ ])*([^\W\d_]+)")
_NAME_BEFORE = re.compile(r"([^\W\d_]+)\.?[ ]\Z")
KEY_DIGITS = 7


@dataclass(frozen=True)
class Needs:
    """What stands in every text that a finder finds something in: words, or digits in a row, or characters."""

    words: frozenset[str] = frozenset()
    digits: str = ""
    characters: str = ""

    def may_be_in(self, plain: str) -> bool:
        """Tell quickly whether they may be in a text; digits may have anything between them."""
        return all(part in plain for part in self.words) and set(self.digits) <= set(plain) and self.characters in plain


Spans = Iterator[tuple[int, int]]


class PatternFinder:
    """Finds what a pattern matches."""

    def __init__(self, kind: str, pattern: str, needs: list[Needs], is_meant=None):
        self.kind = kind
        self.needs = needs
        self._source = pattern
        self._pattern: re.Pattern | None = None
        self._is_meant = is_meant

    def find(self, reading: Reading) -> Spans:
        if self._pattern is None:  # most persons of a crowd are never met
            self._pattern = re.compile(self._source)
        for match in self._pattern.finditer(reading.plain):
            if self._is_meant is None or self._is_meant(match):
                yield match.span()


class WholeFinder:
    """Finds a value that is all there is to a text, or to a string in JSON: of itself it says too little."""

    def __init__(self, kind: str, words: tuple[str, ...]):
        self.kind = kind
        self.needs = [Needs(words=frozenset(words))]
        around = rf'[^\w{MARK}<"]{{0,5}}'
        value = around + r"[^\w<]{0,5}".join(words) + around
        self._alone = re.compile(value)
        self._in_json = re.compile(rf'(?<=")(?:{value})(?=")')

    def find(self, reading: Reading) -> Spans:
        plain = reading.plain
        if self._alone.fullmatch(plain):
            yield 0, len(plain)
        elif plain[:1] in ("{", "["):
            yield from (match.span() for match in self._in_json.finditer(plain))


class NameFinder:
    """Finds the words of a name in any order, one right after the other."""

    kind = "name"

    def __init__(self, words: tuple[str, ...]):
        self.needs = [Needs(words=frozenset(words))]
        self._size = len(words)
        self._counts = Counter(words)
        self._is_ordinary = names.ORDINARY.issuperset(set(words) - names.PARTICLES)
        self._pattern: re.Pattern | None = None

    def find(self, reading: Reading) -> Spans:
        found = self._words_in(reading.plain)
        place = 0
        while place + self._size <= len(found):
            start, end = found[place][0], found[place + self._size - 1][1]
            if self._is_name(reading, found[place : place + self._size]):
                yield start, end
                place += self._size
            else:
                place += 1

    def _words_in(self, plain: str) -> list[tuple[int, int]]:
        if self._pattern is None:
            numbers = [word for word in self._counts if word.isdigit()]
            words = sorted(self._counts.keys() - set(numbers), key=len, reverse=True)
            either = [rf"(?<![^\W\d_])(?:{'|'.join(words)})(?![^\W\d_])"] if words else []
            either += [rf"(?<!\d)(?:{'|'.join(numbers)})(?!\d)"] if numbers else []
            self._pattern = re.compile("|".join(either))
        return [match.span() for match in self._pattern.finditer(plain)]

    def _is_name(self, reading: Reading, spans: list[tuple[int, int]]) -> bool:
        plain = reading.plain
        if Counter(plain[start:end] for start, end in spans) != self._counts:
            return False
        gaps = [plain[one[1] : other[0]] for one, other in pairwise(spans)]
        if not all(map(_is_gap, gaps)):
            return False
        if self._is_ordinary and not self._is_written_as_name(reading, spans):
            return False
        return not (any(map(_LIST.search, gaps)) and _is_of_two_others(reading, spans[0][0], spans[-1][1]))

    @staticmethod
    def _is_written_as_name(reading: Reading, spans: list[tuple[int, int]]) -> bool:
        return all(
            _is_capital(reading, start) for start, end in spans if reading.plain[start:end] not in names.PARTICLES
        )


def _is_gap(gap: str) -> bool:
    """Tell whether two words belong together that have this between them; nothing is between letters and figures."""
    return not gap or (len(gap) <= _LONGEST_GAP and _GAPS.fullmatch(gap) is not None)


def _is_capital(reading: Reading, place: int) -> bool:
    return reading.cased[place].isupper() or not reading.plain[place].isalpha()


def _is_of_two_others(reading: Reading, start: int, end: int) -> bool:
    """Tell "Ann Smith, John Brown" from "Smith, John"."""
    before = _WORD_BEFORE.search(reading.cased[max(0, start - 40) : start])
    after = _WORD_AFTER.match(reading.cased[end : end + 40])
    return bool(before and after and before[1][0].isupper() and after[1][0].isupper())


class CapitalFinder:
    """Finds what a pattern matches where its last word is written as a name.

    :param family: the words of the name, where it is not somebody else's with another family name behind a first name,
        or with a word of another name before or behind a last name
    """

    kind = "name"

    def __init__(self, pattern: str, word: str, family: frozenset[str] | None = None, is_last: bool = False):
        self.needs = [Needs(words=frozenset([word]))]
        self._pattern = re.compile(pattern)
        self._family = family
        self._is_last = is_last

    def find(self, reading: Reading) -> Spans:
        for match in self._pattern.finditer(reading.plain):
            if _is_capital(reading, match.start("word")) and not self._is_of_another(reading, *match.span()):
                yield match.span()

    def _is_of_another(self, reading: Reading, start: int, end: int) -> bool:
        if self._family is None:
            return False
        beside = [_FAMILY_AFTER.match(reading.plain, end)]
        if self._is_last:
            beside.append(_NAME_BEFORE.search(reading.plain, max(0, start - 40), start))
        return any(map(partial(self._is_other_name, reading), filter(None, beside)))

    def _is_other_name(self, reading: Reading, word: re.Match) -> bool:
        written = reading.cased[word.start(1) : word.end(1)]
        return word[1] not in self._family and written[0].isupper() and written[1:].islower()


class JoinedFinder:
    """Finds a name that is written in one word: of three words, or where capitals show that there are two."""

    kind = "name"

    def __init__(self, words: tuple[str, ...], wide: bool = False):
        orders = {"".join(words), "".join(words[-1:] + words[:-1])}
        self.needs = [Needs(words=frozenset([order])) for order in orders]
        self._is_plain = wide or len(words) > 2
        self._pattern = re.compile(rf"(?<![^\W\d_])(?:{'|'.join(orders)})(?![^\W\d_])")

    def find(self, reading: Reading) -> Spans:
        for match in self._pattern.finditer(reading.plain):
            if self._is_plain or self._is_camel_case(reading.cased[match.start() : match.end()]):
                yield match.span()

    @staticmethod
    def _is_camel_case(word: str) -> bool:
        return not word.isupper() and sum(char.isupper() for char in word) > 1


def email_finder(address: str) -> PatternFinder:
    local, domains = notations.split_address(address)
    needs = [Needs(words=frozenset(names.words_of(f"{local}@{domain}"))) for domain in domains]
    return PatternFinder("email", notations.email_pattern(local, domains), needs)


def phone_finder(number: str) -> PatternFinder | WholeFinder:
    code, rest = notations.split_number(number)
    if len(rest) < KEY_DIGITS:
        return WholeFinder("phone", names.words_of(number))
    pattern = notations.phone_pattern(code, rest)
    return PatternFinder("phone", pattern, [Needs(digits=rest[-KEY_DIGITS:])], notations.is_phone)


def text_finder(text: str, kind: str = "text") -> PatternFinder | WholeFinder:
    words = names.words_of(text)
    if not notations.is_telling(text):
        return WholeFinder(kind, words)
    return PatternFinder(kind, notations.text_pattern(text), _needs_of_text(words))


def _needs_of_text(words: tuple[str, ...]) -> list[Needs]:
    number = max((word for word in words if word.isdigit()), key=len, default="")
    if len(number) >= KEY_DIGITS:
        return [Needs(digits=number[-KEY_DIGITS:])]
    if notations.has_country(words):
        return [Needs(words=frozenset(words[1:]))]
    return [Needs(words=frozenset(kind)) for kind in {words, names.words_of("".join(words))}]


def unspaced_finder(words: tuple[str, ...]) -> PatternFinder:
    """A name in a script that puts no blanks between words."""
    orders = {words, words[-1:] + words[:-1]}
    pattern = "|".join(rf"{notations.GAP}{{0,2}}".join(order) for order in orders)
    return PatternFinder("name", pattern, [Needs(characters=max(words, key=len))])
