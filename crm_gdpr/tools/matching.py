"""Finding a person in texts, and taking the person out of them."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from typing import Any

from . import finders, names, notations, scrubbing
from .identity import Identity
from .reading import MARK, Reading, plains, readings

_ADDRESS = re.compile(r"[^\s<>()\"',;:]+@[^\s<>()\"',;:]+")
# Until what is left of a text has no match that was not there before; it is once but for names in names.
_ROUNDS = 5
_GROUPS = re.compile(r"\d+")
_TAG = re.compile(notations.TAG)
_LETTERS = re.compile(r"[^\W\d_]+")
# In plain ASCII words are had several times as fast by turning all else into blanks.
_ONLY_LETTERS = "".join(chr(code).lower() if chr(code).isalpha() else " " for code in range(128))
_ONLY_DIGITS = "".join(chr(code) if chr(code).isdigit() else " " for code in range(128))
_FEW = 20


class Matcher:
    """Finds one person.

    Narrow, anywhere: full names, addresses, numbers and literals. Wide, in what is about the person: also single words
    of the name that are written as names, the last name with initials, and dates of birth.

    :param is_careful: also wide, leave a first or last name beside which a word of another name stands
    :param with_shared: find what somebody else has too, as a kind of its own
    """

    def __init__(self, identity: Identity, is_careful: bool = False, with_shared: bool = False):
        self.narrow, self._only_wide = _finders_of(identity, is_careful)
        if with_shared:
            self.narrow = self.narrow + _shared_finders(identity)

    def find(self, text: str, wide: bool = False) -> set[str]:
        """The kinds of values that are in a text: those of an identity, in the singular."""
        return self.find_in(readings(text), wide) if text else set()

    def find_in(self, ways: Iterable[Reading], wide: bool = False) -> set[str]:
        """As :meth:`find`, of a text that was read already."""
        ways = list(ways)
        found: set[str] = set()
        for finder in self._finders(wide):
            if finder.kind not in found and any(_has_any(_find(finder, way)) for way in ways):
                found.add(finder.kind)
        return found

    def scrub(self, text: str, wide: bool = False, mark: str = MARK) -> str:
        """A text without the person: the very same object where nothing was found.

        HTML stays as well-formed and JSON as valid as it was.

        :param mark: what stands for the person, without quotes and markup
        """
        for _round in range(_ROUNDS):
            cuts = [cut for way in readings(text) for cut in self._cuts(way, wide)] if text else []
            if not cuts:
                return text
            text = self._replace(text, cuts, wide, mark)
        return text

    def _replace(self, text: str, cuts: list[scrubbing.Cut], wide: bool, mark: str) -> str:
        replaced = scrubbing.replace(text, cuts, mark)
        content = scrubbing.parsed(text)
        if content is None or scrubbing.parsed(replaced) is not None:
            return replaced
        return json.dumps(scrub_json(content, self, wide, mark), ensure_ascii=text.isascii())

    def _cuts(self, way: Reading, wide: bool) -> Iterator[scrubbing.Cut]:
        for finder in self._finders(wide):
            for start, end in _find(finder, way):
                yield from scrubbing.cut_out(way, start, end)

    def _finders(self, wide: bool) -> list:
        return self.narrow + self._only_wide if wide else self.narrow


def scrub_json(value: Any, matcher: Matcher, wide: bool = False, mark: str = MARK) -> Any:
    """As :meth:`Matcher.scrub`, of what JSON was parsed to, keys included; a phone number that is a number is null."""
    if isinstance(value, str):
        return matcher.scrub(value, wide, mark)
    if isinstance(value, dict):
        return _scrub_dict(value, matcher, wide, mark)
    if isinstance(value, list):
        items = [scrub_json(item, matcher, wide, mark) for item in value]
        return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
    if isinstance(value, int | float) and not isinstance(value, bool) and matcher.find(str(value), wide):
        return None
    return value


def _scrub_dict(value: dict, matcher: Matcher, wide: bool, mark: str) -> dict:
    scrubbed = {}
    changed = False
    for key, item in value.items():
        new_key, new_item = matcher.scrub(key, wide, mark), scrub_json(item, matcher, wide, mark)
        while new_key is not key and (new_key in scrubbed or new_key in value):
            new_key += mark or MARK
        changed = changed or new_key is not key or new_item is not item
        scrubbed[new_key] = new_item
    return scrubbed if changed else value


class Crowd:
    """Finds thousands of persons at once: words are looked up first, and what they are of is asked of its matcher."""

    def __init__(self, identities: dict[Hashable, Identity]):
        self.matchers = {key: Matcher(identity, with_shared=True) for key, identity in identities.items()}
        self.by_file: dict[str, set[Hashable]] = defaultdict(set)  # by the SHA-1 of its content
        self._by_word: dict[str, list[tuple[frozenset[str], Hashable]]] = defaultdict(list)
        self._by_digits: dict[str, set[Hashable]] = defaultdict(set)
        self._by_characters: dict[str, set[Hashable]] = defaultdict(set)
        self._index()
        self.numbers: set[int] = set()  # phone numbers, as numbers
        for key, identity in identities.items():
            for checksum in identity.files:
                self.by_file[checksum].add(key)
            for number in identity.phones | {value for value in identity.shared if "@" not in value}:
                self.numbers |= notations.phone_values(*notations.split_number(number))

    def find(self, text: str) -> dict[Hashable, set[str]]:
        """Who is in a text, with the kinds of values that are."""
        candidates = {key for plain in plains(text) for key in self._candidates(plain)} if text else ()
        ways = list(readings(text)) if candidates else []
        found = ((key, self.matchers[key].find_in(ways)) for key in candidates)
        return {key: kinds for key, kinds in found if kinds}

    def may_find(self, text: str) -> bool:
        """Tell quickly whether somebody may be in a text: this is what a search of a million texts takes."""
        return any(map(self._candidates, plains(text)))

    def _candidates(self, plain: str) -> set[Hashable]:
        """Who may be in a text without case, accents and escapes."""
        is_ascii = plain.isascii()
        words = set(plain.translate(_ONLY_LETTERS).split() if is_ascii else _LETTERS.findall(plain))
        numbers = _numbers_in(plain) if self._has_numbers else []
        words.update(numbers)
        telling = self._by_word.keys() & words
        found = {key for word in telling for needed, key in self._by_word[word] if needed <= words}
        if self._by_digits:
            found |= self._candidates_by_digits(numbers)
            if "<" in plain:  # a number may be in a tag, or on both sides of one
                found |= self._candidates_by_digits(_numbers_in(_TAG.sub(" ", plain)))
        if self._by_characters and not is_ascii:
            found |= {key for part, keys in self._by_characters.items() if part in plain for key in keys}
        return found

    def _candidates_by_digits(self, numbers: list[str]) -> set[Hashable]:
        """By the last digits of a number, which ends where a group does; what is in between is not looked at."""
        found: set[Hashable] = set()
        by_digits, size = self._by_digits, finders.KEY_DIGITS
        digits = ""
        for group in numbers:
            digits = group[-size:] if len(group) >= size else (digits + group)[-size:]
            if digits in by_digits:
                found |= by_digits[digits]
        return found

    def _index(self) -> None:
        needs = {(need, key) for key, matcher in self.matchers.items() for f in matcher.narrow for need in f.needs}
        frequency = Counter(word for need, _key in needs for word in need.words)
        for need, key in needs:
            if need.digits:
                self._by_digits[need.digits].add(key)
            elif need.characters:
                self._by_characters[need.characters].add(key)
            else:
                self._by_word[self._telling(need.words, frequency)].append((need.words, key))
        self._has_numbers = bool(self._by_digits) or any(word.isdigit() for word in frequency)

    @staticmethod
    def _telling(words: frozenset[str], frequency: Counter) -> str:
        """The word that the fewest of the crowd have, and of these the longest; a number only if it tells much more."""
        rank = {word: (frequency[word] * (_FEW if word.isdigit() else 1), -len(word), word) for word in words}
        return min(words, key=rank.__getitem__)


def _numbers_in(plain: str) -> list[str]:
    return plain.translate(_ONLY_DIGITS).split() if plain.isascii() else _GROUPS.findall(plain)


def _find(finder: Any, way: Reading) -> Iterator[tuple[int, int]]:
    """What a finder finds, asked only where it may find something."""
    return finder.find(way) if any(need.may_be_in(way.plain) for need in finder.needs) else iter(())


def _has_any(spans: Iterator) -> bool:
    return next(spans, None) is not None


def _finders_of(identity: Identity, is_careful: bool) -> tuple[list, list]:
    """What finds the person anywhere, and what finds the person in what is about the person alone."""
    emails = set(identity.emails) | {email for name in identity.names for email in _ADDRESS.findall(name)}
    spelled = _spelled(identity.names)
    companies = _spelled(identity.companies) - spelled
    narrow: list = [finders.email_finder(email.strip().lower()) for email in sorted(emails) if "@" in email]
    narrow += [finders.phone_finder(number) for number in sorted(identity.phones) if names.words_of(number)]
    narrow += [finders.text_finder(text) for text in sorted(identity.texts) if names.words_of(text)]
    narrow += [finders.text_finder(text, "number") for text in sorted(identity.numbers) if names.words_of(text)]
    narrow += [finder for words in sorted(spelled) for finder in _narrow_name_finders(words)]
    narrow += [_of_company(finder) for words in sorted(companies) for finder in _narrow_name_finders(words)]
    family = frozenset(word for words in spelled for word in words) if is_careful else None
    # a company's name is made of words of every day, and of places
    wide = [finder for words in sorted(spelled) for finder in _wide_name_finders(words, family)]
    patterns = map(notations.date_pattern, sorted(identity.dates))
    wide += [finders.PatternFinder("date", pattern, [finders.Needs()]) for pattern in patterns]
    return narrow, wide


def _shared_finders(identity: Identity) -> list:
    found = [
        finders.email_finder(value) if "@" in value else finders.phone_finder(value)
        for value in sorted(identity.shared)
        if names.words_of(value)
    ]
    for finder in found:
        finder.kind = "shared"
    return found


def _spelled(written: set[str]) -> set[tuple[str, ...]]:
    return {words for name in written for words in names.spellings(_ADDRESS.sub(" ", name))}


def _of_company(finder: Any) -> Any:
    finder.kind = "company"
    return finder


def _narrow_name_finders(words: tuple[str, ...]) -> list:
    if names.UNSPACED.search("".join(words)):
        return [finders.unspaced_finder(words)] if len("".join(words)) > 2 else []
    if not _is_telling(words):
        return [finders.WholeFinder("name", words)]
    return [finders.NameFinder(words)] + ([finders.JoinedFinder(words)] if len("".join(words)) > 7 else [])


def _is_telling(words: tuple[str, ...]) -> bool:
    """Tell whether a name is more than a word, or than a few letters, that stand in any text."""
    return len(words) > 1 and sum(map(str.isalpha, "".join(words))) > 3


def _wide_name_finders(words: tuple[str, ...], family: frozenset[str] | None) -> list:
    found = _single_word_finders(words, family)
    if not _is_telling(words):
        return found + ([] if names.ORDINARY.issuperset(words) else [finders.NameFinder(words)])
    return [_initials_finder(words), finders.JoinedFinder(words, wide=True), *found]


def _single_word_finders(words: tuple[str, ...], family: frozenset[str] | None) -> list:
    last = names.last_name(words) if len(words) > 1 else ()
    wanted = [word for word in words if len(word) > 2 and word not in names.PARTICLES | names.TITLES]
    particles = "|".join(sorted(names.PARTICLES & set(words)))
    before = rf"(?:(?:{particles}){notations.GAP}{{1,3}}){{0,3}}" if particles else ""
    return [
        finders.CapitalFinder(rf"(?<![^\W\d_]){before}(?P<word>{word})(?![^\W\d_])", word, family, word in last)
        for word in wanted
        if word.isalpha()
    ]


def _initials_finder(words: tuple[str, ...]) -> Any:
    """The last name with initials before or after it."""
    last = rf"{notations.GAP}{{1,3}}".join(names.last_name(words))
    first = words[: len(words) - len(names.last_name(words))]
    initials = rf"{first[0][0]}(?:[. ]{{0,2}}(?:{'|'.join({word[0] for word in first})})){{0,4}}\.?"
    pattern = rf"(?<![^\W_])(?:{initials}[\s_-]{{0,3}}(?:{last})|(?:{last})(?:, ?| ){initials})(?![^\W_])"
    return finders.PatternFinder("name", pattern, [finders.Needs(words=frozenset(names.last_name(words)))])
