"""The chain of the log: each entry is sealed with the one before, so that none is changed, taken out or put in unseen.

A seal is an HMAC and not a plain hash: who can write to the database, yet has no key, cannot make the chain anew.
"""

import hmac
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

START = "0" * 64
# what of an entry is sealed; the hash of the entry before comes with it
SEALED = (
    "number",
    "date",
    "user_ref",
    "user_fingerprint",
    "event",
    "subjects",
    "counts",
    "handlers",
    "versions",
    "details",
    "key_id",
    "previous_hash",
)
SHOWN = 100


def canonical(values: dict[str, Any]) -> str:
    """Return values as the one JSON text that they have."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def seal(key: bytes, entry: dict[str, Any]) -> str:
    """Return the hash of an entry: of all that it says, and of what came before."""
    content = canonical({name: entry[name] for name in SEALED})
    return hmac.digest(key, b"entry\0" + content.encode(), "sha256").hex()


def seal_head(key: bytes, number: int, last_hash: str) -> str:
    """Return the hash of the head, which says how many entries there are and how the last one ends."""
    return hmac.digest(key, f"head\0{number}\0{last_hash}".encode(), "sha256").hex()


def identify(key: bytes) -> str:
    """Return what a key is recognised by, which does not help to guess it."""
    return hmac.digest(key, b"key", "sha256").hex()[:16]


@dataclass(frozen=True)
class Problem:
    """Something that is not right with the chain.

    ``kind`` is one of:

    - ``changed``: what the entry says, or its hash, is not what was written,
    - ``unlinked``: the entry does not continue the one before it,
    - ``missing``: there are no entries with these numbers,
    - ``cut``: the same at the end,
    - ``extra``: there are entries of which the head does not know,
    - ``head``: the head itself is not what was written,
    - ``other_key``: these entries were sealed with another key; nothing can be said about them,
    - ``more``: so many problems more.
    """

    kind: str
    number: int
    until: int


class Verifier:
    """Walks along a chain, entry by entry, and remembers what is wrong with it: the first hundred places, in order."""

    def __init__(self, key: bytes, number: int = 0, previous_hash: str = START):
        self.key, self.key_id = key, identify(key)
        self.number, self.previous_hash = number, previous_hash
        self.problems: list[Problem] = []
        self.unshown = 0
        self._other_key: list[int] | None = None

    def feed(self, entries: Iterable[dict[str, Any]]) -> None:
        """Take the next entries, in the order of their numbers."""
        for entry in entries:
            number = entry["number"]
            if number > self.number + 1:
                self._add("missing", self.number + 1, number - 1)
            elif entry["previous_hash"] != self.previous_hash:
                self._add("unlinked", number)
            self._check_seal(entry)
            self.number, self.previous_hash = number, entry["hash"]

    def _check_seal(self, entry: dict[str, Any]) -> None:
        if entry["key_id"] != self.key_id:
            self._other_key = [(self._other_key or [entry["number"]])[0], entry["number"]]
            return
        self._close_other_key()
        if not hmac.compare_digest(seal(self.key, entry), entry["hash"]):
            self._add("changed", entry["number"])

    def finish(self, head: dict[str, Any]) -> list[Problem]:
        """Return what is wrong, after a look at the head.

        :param head: ``number``, ``hash``, ``mac`` and ``key_id``
        """
        self._close_other_key()
        if head["key_id"] == self.key_id and head["mac"] != seal_head(self.key, head["number"], head["hash"]):
            self._add("head", head["number"])
        if self.number < head["number"]:
            self._add("cut", self.number + 1, head["number"])
        elif self.number > head["number"]:
            self._add("extra", head["number"] + 1, self.number)
        elif self.previous_hash != head["hash"]:
            self._add("head", head["number"])
        return list(self._tell())

    def _tell(self) -> Iterator[Problem]:
        yield from dict.fromkeys(self.problems)
        if self.unshown:
            yield Problem("more", self.unshown, self.unshown)

    def _close_other_key(self) -> None:
        if self._other_key:
            self._add("other_key", *self._other_key)
            self._other_key = None

    def _add(self, kind: str, number: int, until: int | None = None) -> None:
        if len(self.problems) < SHOWN:
            self.problems.append(Problem(kind, number, until or number))
        else:
            self.unshown += 1
