"""How much is read of one file, with all that is packed in it."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

BYTES = 100_000_000
SECONDS = 60
DEPTH = 5


class Exceeded(Exception):
    """A file unpacks to more than is read of one."""


class Budget:
    """What may still be unpacked and read; ``is_kept`` as long as all could be read."""

    def __init__(self, size: int = BYTES, seconds: float = SECONDS):
        self.is_kept = True
        self.left = size
        self._until = time.monotonic() + seconds
        self._depth = 0

    def take(self, size: int) -> None:
        """Count so many bytes, or the time alone."""
        self.left -= size
        if self.left < 0 or time.monotonic() > self._until:
            self.exceed()

    def exceed(self) -> None:
        self.is_kept = False
        raise Exceeded

    def inflate(self, content: bytes, window: int = zlib.MAX_WBITS) -> bytes:
        """What was deflated; no more of it is unpacked than may be."""
        inflater = zlib.decompressobj(window)
        data = inflater.decompress(content, max(self.left, 0) + 1)
        self.take(len(data))
        return data

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """A file in a file."""
        if self._depth >= DEPTH:
            self.exceed()
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
