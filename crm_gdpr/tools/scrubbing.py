"""Taking what was found out of a text, and leaving all that holds the text together."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from .notations import TAG
from .reading import Reading

_WORDS = re.compile(rf"{TAG}|([^\W_]+)")
# What stands between two words and must stay: markup, quotes, brackets, and what parts fields and lines.
_HARD = re.compile(r"[<>\"\\{}\[\]\n\r\t;|&:=]|'[^\w]|[^\w]'")
_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>")

Cut = tuple[int, int, bool]


def cut_out(reading: Reading, start: int, end: int) -> list[Cut]:
    """The pieces of the text to be taken out for one match; the first is to be replaced by a mark.

    :param start: of the match in ``reading.plain``
    """
    plain = reading.plain
    words = [match.span() for match in _WORDS.finditer(plain, start, end) if match[1]]
    if not words:
        return []
    words[0] = (start if not _HARD.search(plain, start, words[0][0]) else words[0][0], words[0][1])
    pieces = [words[0]]
    for word in words[1:]:
        if _HARD.search(plain, pieces[-1][1], word[0]):
            pieces.append(word)
        else:
            pieces[-1] = (pieces[-1][0], word[1])
    if not _HARD.search(plain, pieces[-1][1], end):
        pieces[-1] = (pieces[-1][0], end)
    return [(*reading.span(*piece), place == 0) for place, piece in enumerate(pieces)]


def replace(text: str, cuts: Iterable[Cut], mark: str) -> str:
    """The text without these pieces. A tag inside of one stays where it is."""
    parts = []
    end = 0
    for start, stop, is_marked in _merged(cuts):
        parts.append(text[end:start])
        parts.append(mark if is_marked else "")
        parts += _TAG.findall(text, start, stop)
        end = stop
    parts.append(text[end:])
    return "".join(parts)


def _merged(cuts: Iterable[Cut]) -> list[Cut]:
    merged: list[Cut] = []
    for start, stop, is_marked in sorted(cuts):
        if merged and start <= merged[-1][1]:
            first, last, was_marked = merged[-1]
            merged[-1] = first, max(last, stop), was_marked or is_marked
        else:
            merged.append((start, stop, is_marked))
    return merged


def parsed(text: str):
    """What a text is in JSON, or None where it is none: then ``{}`` and ``[]`` are none either."""
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
