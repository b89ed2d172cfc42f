"""What identifies one person, in memory only: it is never stored, logged or shown."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date


@dataclass(repr=False)
class Identity:
    """The values, also former ones, by which a person can be told.

    ``texts`` and ``numbers`` are found literally but for case, blanks and punctuation.
    """

    names: set[str] = field(default_factory=set)
    companies: set[str] = field(default_factory=set)  # names that are a company's and nobody's alone
    emails: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)  # in E.164 where it is known, else as they are written
    texts: set[str] = field(default_factory=set)  # street lines, references: others may have the same
    numbers: set[str] = field(default_factory=set)  # VAT, IBAN and the like, of which there is one in the world
    dates: set[date] = field(default_factory=set)
    files: set[str] = field(default_factory=set)  # SHA-1 of contents, in hexadecimal
    shared: set[str] = field(default_factory=set)  # addresses and numbers that somebody else has too: told, never cut

    def merge(self, other: Identity) -> Identity:
        """Take over all that identifies ``other``, who is the same person; return self."""
        for kind in fields(self):
            getattr(self, kind.name).update(getattr(other, kind.name))
        return self

    def __bool__(self) -> bool:
        return any(getattr(self, kind.name) for kind in fields(self))

    def __repr__(self) -> str:
        """How many values there are: a traceback must not say who the person is."""
        counts = ", ".join(f"{kind.name}: {len(getattr(self, kind.name))}" for kind in fields(self))
        return f"<Identity {counts}>"
