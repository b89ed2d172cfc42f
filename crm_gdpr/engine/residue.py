"""The proof that somebody is gone: a search of the whole database and file store for what identifies persons."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from odoo.exceptions import AccessError

from ..tools.identity import Identity
from ..tools.matching import Crowd
from .residue_files import FileSearch
from .residue_tables import TableSearch, tables_of

Progress = Callable[[int, int], None]
OFFICER = "crm_gdpr.group_privacy_officer"


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where persons are found.

    ``row_id`` is the row's id, or its place ``(block,line)`` where the table has none, or, in the table ``filestore``,
    the name of a file that no attachment has. ``persons`` has the kinds of values by the key of each person.
    """

    table: str
    column: str
    row_id: int | str
    persons: dict[Hashable, frozenset[str]]


class Scan:
    """A search that is carried out as it is iterated over; afterwards it knows what it went through."""

    def __init__(self, cr, crowd: Crowd, filestore: str | None, skip: Collection[str], progress: Progress | None):
        tables = tables_of(cr, skip)
        self._denied = [table.label for table in tables if not table.is_readable]
        self._tables = [TableSearch(cr, table, crowd) for table in tables if table.is_readable]
        self._files = FileSearch(cr, crowd, filestore) if filestore else None
        self._progress = progress or (lambda done, total: None)
        self._done = 0
        self.total = sum(search.size for search in self._parts())

    @property
    def rows(self) -> int:
        """How many rows were searched."""
        return sum(search.count for search in self._tables)

    @property
    def files(self) -> int:
        """How many files were searched."""
        return self._files.count if self._files else 0

    @property
    def unread(self) -> list[str]:
        """The files that could not be read completely (encrypted, broken, too large, gone), and others' tables."""
        return self._denied + (self._files.unread if self._files else [])

    def __iter__(self) -> Iterator[Hit]:
        # a million places tell of the same few persons: said once, as all are in memory together
        told: dict = {}
        for search in self._parts():
            for table, column, row_id, persons in search.run(self._advance):
                kinds = {key: frozenset(found) for key, found in persons.items()}
                yield Hit(table, column, row_id, told.setdefault(frozenset(kinds.items()), kinds))

    def _parts(self) -> list:
        return self._tables + ([self._files] if self._files else [])

    def _advance(self, size: int) -> None:
        self._done = min(self._done + size, self.total)
        self._progress(self._done, self.total)


def scan(
    cr,
    crowd: Crowd,
    *,
    filestore: str | None,
    skip: Collection[str] = (),
    progress: Progress | None = None,
) -> Scan:
    """Search every text, JSON and binary column of every table, and every file, for the persons of a crowd.

    What the transaction has not written yet is not found: flush before.

    :param cr: a cursor, whose transaction sees all of the search at one moment
    :param filestore: folder of the database's files, or None to leave them out
    :param skip: tables, or columns as ``table.column``, that are left out
    :param progress: called with how much is done, of how much
    :return: an iterable of :class:`Hit`
    """
    return Scan(cr, crowd, filestore, skip, progress)


def scan_values(env, identity: Identity, limit: int = 1_000) -> tuple[list[Hit], list[str]]:
    """Where values that a privacy officer gives are found, at most so many places, and what could not be read.

    :raise AccessError: for anybody else, as this reads past all access rights
    """
    if not env.user.has_group(OFFICER):
        raise AccessError(env._("Only privacy officers may search for a person everywhere."))
    env.flush_all()
    found: Any = scan(env.cr, Crowd({None: identity}), filestore=env["ir.attachment"]._filestore())
    return list(islice(found, limit)), found.unread
