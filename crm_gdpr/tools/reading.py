"""What a text says, whatever it is written in: without case, accents and escapes, and where each letter comes from."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from html.entities import html5

# A text that somebody was already taken out of: nothing is found across it.
MARK = "…"
_LETTERS = {
    "ß": "ss", "ẞ": "SS", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE",
    "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i", "ς": "σ", "ħ": "h", "Ħ": "H",
    "ŋ": "n", "Ŋ": "N", "ĸ": "k", "ŧ": "t", "Ŧ": "T", MARK: MARK,
}  # fmt: skip
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "b": " ", "f": " "}

_ENTITY = r"&(?:amp;){0,4}(?:\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});"
# each begins with a plain character, which is what a text without any is searched for in no time
_CODE = r"\\\\{0,7}(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2})"
_CONTROL = r"\\\\{0,7}[\"'/nrtbf]"
_QUOTE = r"\\\\{0,7}[\"'/]"
_TAIL = "%(?:25){0,4}[89abAB][0-9a-fA-F]"
_URL = (
    "%(?:25){0,4}(?:[0-7][0-9a-fA-F]"
    f"|[c-dC-D][0-9a-fA-F]{_TAIL}|[eE][0-9a-fA-F]{_TAIL}{_TAIL}|[fF][0-7]{_TAIL}{_TAIL}{_TAIL})"
)
_QUOTED_PRINTABLE = "=(?:[CD][0-9A-F]=[89AB][0-9A-F]|E[0-9A-F]=[89AB][0-9A-F]=[89AB][0-9A-F])"
# Formatting that may stand in the middle of a word.
_FORMAT = r"/?(?:a|abbr|b|big|del|em|font|i|ins|mark|s|small|span|strike|strong|sub|sup|u|wbr)(?:\s[^<>]{0,400})?/?>"
_INLINE = rf"<(?<=[^\W_]<){_FORMAT}(?:<{_FORMAT}){{0,7}}(?=[^\W_])"


def _escapes(*patterns: str) -> tuple[re.Pattern, re.Pattern]:
    """What finds escapes in a text of plain ASCII, and what finds escapes and other letters in any text."""
    either = "|".join(patterns)
    return re.compile(either), re.compile(rf"{either}|[^\x00-\x7f]+")


# By far the most of all, and quicker to replace than to look at each.
_FREQUENT = (("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'))
# How far an escape was escaped again.
_ESCAPED_ENTITY = re.compile("^&(?:amp;)+(?=.)")
_BYTES = re.compile("[%=](?:25)*([0-9a-fA-F]{2})")
_COMMON = (_ENTITY, _CODE, _URL, _QUOTED_PRINTABLE)
_USUAL = _escapes(*_COMMON, _CONTROL)
_PATHS = _escapes(*_COMMON, _QUOTE)
_WITHOUT_TAGS = _escapes(*_COMMON, _CONTROL, _INLINE)
_AMBIGUOUS_CONTROL = re.compile(r"\\[nrtbf][^\W_]")
_SPLIT_WORD = re.compile(_INLINE)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_ESCAPES = frozenset("&\\%=<")


class _Folds(dict):
    """What a character is without its accents, by its code: as :meth:`str.translate` asks for it."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = "".join(map(self._fold, _LETTERS.get(char) or unicodedata.normalize("NFKD", char)))
        self[code] = folded
        return folded

    @staticmethod
    def _fold(char: str) -> str:
        category = unicodedata.category(char)
        if category[0] == "M" or category == "Cf":  # accents; soft hyphens and what else has no width
            return ""
        return str(unicodedata.decimal(char, _LETTERS.get(char, char)))


_FOLDS = _Folds()


class _Units(dict):
    """What escapes, and runs of letters that are not ASCII, say; of the many that there may be, the latest are kept."""

    def __missing__(self, unit: str) -> str:
        if len(self) > 10_000:
            self.clear()
        self[unit] = (_unescape(unit) if unit[0] in _ESCAPES else unit).translate(_FOLDS)
        return self[unit]

    def said_by(self, match: re.Match) -> str:
        return self[match[0]]


_UNITS = _Units()


def fold(text: str) -> str:
    """A text without case and accents; escapes stay what they are."""
    return _lower(text if text.isascii() else text.translate(_FOLDS))


def _lower(text: str) -> str:
    """In lower case, letter by letter."""
    lower = text.lower()
    if text.isascii():
        return lower
    if len(lower) != len(text):
        lower = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    return lower.replace("ς", "σ")


class Reading:
    """One way to read a text.

    ``cased`` is what it says without accents and escapes, and ``plain`` the same in lower case, letter by letter.
    """

    __slots__ = ("_origins", "_places", "cased", "plain", "text")

    def __init__(self, text: str, cased: str, places: list[int] | None = None, origins: list[int] | None = None):
        self.text = text
        self.cased = cased
        self.plain = _lower(cased)
        self._places = places
        self._origins = origins

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where in the text stands what ``plain[start:end]`` says; an escape is never cut into pieces."""
        return (start, end) if self._places is None else (self._start(start), self._end(end))

    def _start(self, place: int) -> int:
        piece = bisect_right(self._places, place) - 1
        return self._origins[piece] + (place - self._places[piece] if self._is_letter_by_letter(piece) else 0)

    def _end(self, place: int) -> int:
        piece = bisect_right(self._places, place - 1) - 1
        if self._is_letter_by_letter(piece):
            return self._origins[piece] + place - self._places[piece]
        return self._origins[piece + 1]

    def _is_letter_by_letter(self, piece: int) -> bool:
        places, origins = self._places, self._origins
        return places[piece + 1] - places[piece] == origins[piece + 1] - origins[piece]


def readings(text: str) -> Iterator[Reading]:
    """A text as it is most likely meant and, where it is ambiguous, as it may be meant as well."""
    return (_read(text, escapes) for escapes in _ways(text))


def plains(text: str) -> Iterator[str]:
    """What the readings of a text say, in a tenth of the time as it is not kept where each letter comes from."""
    return (_plain(text, in_ascii) for in_ascii, _in_any in _ways(text))


def _ways(text: str) -> Iterator[tuple[re.Pattern, re.Pattern]]:
    yield _USUAL
    if "\\" in text and _AMBIGUOUS_CONTROL.search(text):  # "\nina" is a line and "ina", or Nina's folder
        yield _PATHS
    if "<" in text and _SPLIT_WORD.search(text):
        yield _WITHOUT_TAGS


def _plain(text: str, in_ascii: re.Pattern) -> str:
    if "&" in text:
        for entity, said in _FREQUENT:
            text = text.replace(entity, said)
    text = in_ascii.sub(_UNITS.said_by, text)
    return _lower(text if text.isascii() else _NOT_ASCII.sub(_UNITS.said_by, text))


def _read(text: str, escapes: tuple[re.Pattern, re.Pattern]) -> Reading:
    in_ascii, in_any = escapes
    if text.isascii():
        return Reading(text, text) if in_ascii.search(text) is None else _Reader(text).read(in_ascii)
    return _Reader(text).read(in_any)


class _Reader:
    """Reads a text piece by piece, and notes where each piece comes from."""

    def __init__(self, text: str):
        self.text = text
        self.parts: list[str] = []
        self.places: list[int] = []
        self.origins: list[int] = []
        self.length = 0

    def read(self, escapes: re.Pattern) -> Reading:
        end = 0
        for match in escapes.finditer(self.text):
            if match.start() > end:
                self._add(self.text[end : match.start()], end)
            end = match.end()
            self._add_unit(match[0], match.start())
        self._add(self.text[end:], end)
        self._add("", len(self.text))
        return Reading(self.text, "".join(self.parts), self.places, self.origins)

    def _add(self, said: str, origin: int) -> None:
        self.parts.append(said)
        self.places.append(self.length)
        self.origins.append(origin)
        self.length += len(said)

    def _add_unit(self, unit: str, origin: int) -> None:
        if unit[0] in _ESCAPES:
            self._add(_UNITS[unit], origin)
            return
        folds = [_FOLDS[ord(char)] for char in unit]
        if all(len(folded) == 1 for folded in folds):
            self._add("".join(folds), origin)
            return
        for place, folded in enumerate(folds):
            self._add(folded, origin + place)


def _unescape(unit: str) -> str:
    kind = unit[0]
    if kind == "<":
        return ""
    if kind == "&":
        return _unescape_entity(_ESCAPED_ENTITY.sub("&", unit))
    if kind == "\\":
        return _unescape_backslash(unit.lstrip("\\"))
    return bytes.fromhex("".join(_BYTES.findall(unit))).decode("utf-8", "replace")


def _unescape_entity(entity: str) -> str:
    name = entity[1:-1]
    if name[:1] != "#":
        return html5.get(f"{name};", entity)
    code = int(name[2:], 16) if name[1:2] in "xX" else int(name[1:])
    return chr(code) if 0 < code < 0x110000 else " "


def _unescape_backslash(escape: str) -> str:
    if escape[0] in "ux":
        return chr(int(escape[1:], 16))
    return _CONTROLS.get(escape[0], escape[0])
