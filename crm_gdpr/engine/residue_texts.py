"""Finding persons in texts and contents of any length."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator

from ..tools.file_text import embedded, read
from ..tools.matching import Crowd

PIECE = 1_000_000
# A name, an address or a number is found whole in one of two pieces.
OVERLAP = 1_000
Persons = dict[Hashable, frozenset[str]]


def pieces(text: str) -> Iterator[str]:
    """A text in parts that take little memory to search."""
    if len(text) <= PIECE:
        yield text
        return
    for start in range(0, len(text), PIECE):
        yield text[max(0, start - OVERLAP) : start + PIECE]


def may_be_in(crowd: Crowd, text: str) -> bool:
    """Tell quickly whether somebody may be in a text, or in what it holds in Base64."""
    return crowd.may_find(text) or any(_find_embedded(crowd, text))


def find_in_text(crowd: Crowd, text: str) -> Persons:
    """Who is in a text, or in what it holds in Base64."""
    return merged([*map(crowd.find, pieces(text)), *_find_embedded(crowd, text)])


def _find_embedded(crowd: Crowd, text: str) -> Iterator[Persons]:
    return (find_in_content(crowd, content)[0] for content in embedded(text))


def find_in_content(crowd: Crowd, content: bytes) -> tuple[Persons, bool]:
    """Who is in a file, or is known to have it, and whether it could be read completely."""
    file = read(content)
    known = {key: {"file"} for key in crowd.by_file.get(hashlib.sha1(content).hexdigest(), ())}
    return merged([known, *map(crowd.find, pieces(file.text))]), file.is_complete


def merged(found: Iterable[dict[Hashable, set[str]]]) -> Persons:
    persons: dict[Hashable, set[str]] = defaultdict(set)
    for part in found:
        for key, kinds in part.items():
            persons[key] |= kinds
    return {key: frozenset(kinds) for key, kinds in persons.items()}
