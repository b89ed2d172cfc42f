"""A copy of the log in a file, to be kept elsewhere: one entry a line, as JSON.

The first line says what it is; in a file that was finished the last one is the head of the log. Whoever holds the file
can tell that the end of the log was cut off, which the database by itself cannot once its head was turned back.
"""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Any

from .chain import SEALED, Problem, Verifier, seal

FORMAT, LONGEST = 1, 64 * 1024 * 1024
_BLOCK = 64 * 1024


class NoLedger(ValueError):
    """A file that is no ledger."""


def first_line(key_id: str) -> bytes:
    """Return the line that a ledger begins with."""
    return _line({"ledger": FORMAT, "key_id": key_id})


def entry_line(entry: dict[str, Any]) -> bytes:
    """Return the line of an entry, which holds all that is sealed, and the seal."""
    return _line({name: entry[name] for name in (*SEALED, "hash")})


def head_line(head: dict[str, Any]) -> bytes:
    """Return the line that a finished ledger ends with."""
    return _line({"head": head})


def _line(values: dict[str, Any]) -> bytes:
    return json.dumps(values, separators=(",", ":"), ensure_ascii=True).encode() + b"\n"


def _parse(line: bytes) -> dict[str, Any]:
    try:
        values = json.loads(line)
    except ValueError:
        values = None
    if not isinstance(values, dict):
        raise NoLedger
    return values


def _as_entry(values: dict[str, Any]) -> dict[str, Any]:
    is_entry = values.keys() == {*SEALED, "hash"} and isinstance(values["number"], int)
    if not is_entry or not isinstance(values["subjects"], list) or not isinstance(values["hash"], str):
        raise NoLedger
    return values


class Ledger:
    """A ledger that is read, entry by entry, and what is known of it afterwards.

    After all entries were read ``count`` is how many there are, ``sealed`` how many of them with this key, and
    ``problems`` those of its chain. Entries whose seal is broken are not given out: anybody could have written them.
    """

    def __init__(self, file: IO[bytes], key: bytes):
        self._file, self._key = file, key
        first = _parse(self._file.readline(_BLOCK))
        if first.get("ledger") != FORMAT:
            raise NoLedger
        self.count = self.sealed = 0
        self._verifier = Verifier(key)
        self._head: dict[str, Any] | None = None

    def __iter__(self) -> Iterator[dict[str, Any]]:
        while line := self._file.readline(LONGEST):
            if not line.endswith(b"\n"):
                break  # the server was stopped while it wrote; the next one writes it again
            values = _parse(line)
            if "head" in values:
                self._head = self._as_head(values["head"])
                continue
            entry = _as_entry(values)
            self._verifier.feed([entry])
            self.count += 1
            if seal(self._key, entry) == entry["hash"]:
                self.sealed += 1
                yield entry

    def _as_head(self, head: Any) -> dict[str, Any]:
        if not isinstance(head, dict) or not {"number", "hash", "mac", "key_id"} <= head.keys():
            raise NoLedger
        return head

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with the chain in the file, as :class:`.chain.Problem`."""
        return self._verifier.finish(self._head)


@contextmanager
def locked(path: str) -> Iterator[IO[bytes]]:
    """Yield a ledger to append to, which no other process of this machine writes to meanwhile."""
    while True:
        file = open(path, "ab+", opener=_private)  # noqa: SIM115
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            # somebody may have set it aside while we waited
            if os.path.exists(path) and os.path.samestat(os.fstat(file.fileno()), os.stat(path)):
                yield file
                return
        finally:
            file.close()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def last_entry(file: IO[bytes]) -> dict[str, Any] | None:
    """Return the last whole entry of a ledger that is written on, after cutting off what was broken off.

    :raise NoLedger: of a file that holds something else
    """
    end = file.seek(0, os.SEEK_END)
    tail, start = b"", end
    while start > 0 and tail.count(b"\n", 0, -1) < 2:
        start = max(0, start - _BLOCK)
        file.seek(start)
        tail = file.read(end - start)
        if tail and not tail.endswith(b"\n") and (b"\n" in tail or start == 0):
            end = start + tail.rfind(b"\n") + 1
            file.truncate(end)
            tail = tail[: end - start]
    file.seek(0, os.SEEK_END)
    lines = tail.splitlines()
    if not lines:
        return None
    values = _parse(lines[-1])
    return None if "ledger" in values else _as_entry(values)


def append(file: IO[bytes], entries: Iterable[dict[str, Any]]) -> None:
    """Write entries, and wait until they are on the disk."""
    for entry in entries:
        file.write(entry_line(entry))
    file.flush()
    os.fsync(file.fileno())
