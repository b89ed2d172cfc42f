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
# the first entry that is sealed with another key than the one before it
KEY_CHANGED = "key_changed"
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
    - ``head_before``: it was not when this entry was written; the end before the entry may have been cut off,
    - ``other_key``: these entries, from the first one, were sealed before the key was changed to today's, or all of
      them were; nothing can be said about them,
    - ``unproven``: these say that they were sealed with another key, which no change of the key accounts for: anybody
      who changes an entry can write that. A key that was changed back looks the same,
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
        self.last_key_id = self.key_id
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
            self.number, self.previous_hash, self.last_key_id = number, entry["hash"], entry["key_id"]

    def _check_seal(self, entry: dict[str, Any]) -> None:
        number = entry["number"]
        if entry["key_id"] != self.key_id:
            self._other_key = [(self._other_key or [number])[0], number]
            return
        is_sealed = hmac.compare_digest(seal(self.key, entry), entry["hash"])
        is_change = is_sealed and entry["event"] == KEY_CHANGED
        if is_change and not self._other_key:
            self._add("head_before", number)
        self._close_other_key(is_accounted_for=is_change)
        if not is_sealed:
            self._add("changed", number)

    def finish(self, head: dict[str, Any] | None = None) -> list[Problem]:
        """Return what is wrong, after a look at the head.

        :param head: ``number``, ``hash``, ``mac`` and ``key_id``; none where there is no head to look at
        """
        # nothing is sealed with the key of today: it was changed, and nothing was written since
        is_all_other = self._other_key == [1, self.number]
        self._close_other_key(is_accounted_for=is_all_other)
        if head:
            self._check_head(head, is_all_other)
        return list(self._tell())

    def _check_head(self, head: dict[str, Any], is_all_other: bool) -> None:
        if head["key_id"] == self.key_id:
            is_sealed = head["mac"] == seal_head(self.key, head["number"], head["hash"])
        else:
            is_sealed = is_all_other and head["key_id"] == self.last_key_id
        if not is_sealed:
            self._add("head", head["number"])
        if self.number < head["number"]:
            self._add("cut", self.number + 1, head["number"])
        elif self.number > head["number"]:
            self._add("extra", head["number"] + 1, self.number)
        elif self.previous_hash != head["hash"]:
            self._add("head", head["number"])

    def _tell(self) -> Iterator[Problem]:
        yield from dict.fromkeys(self.problems)
        if self.unshown:
            yield Problem("more", self.unshown, self.unshown)

    def _close_other_key(self, *, is_accounted_for: bool) -> None:
        """An entry that only says that its key was another one cannot be checked, which suits who changed it."""
        if self._other_key:
            is_told = is_accounted_for and self._other_key[0] == 1
            self._add("other_key" if is_told else "unproven", *self._other_key)
            self._other_key = None

    def _add(self, kind: str, number: int, until: int | None = None) -> None:
        if len(self.problems) < SHOWN:
            self.problems.append(Problem(kind, number, until or number))
        else:
            self.unshown += 1
