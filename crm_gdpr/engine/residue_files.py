"""The search of the file store."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from odoo import SUPERUSER_ID
from odoo.tools import SQL

from ..tools.file_budget import BYTES
from ..tools.matching import Crowd
from . import residue_texts

# Odoo's own list of files that may be garbage: empty ones, named as these are.
_BOOKKEEPING = "checklist"
_BATCH = 10_000

# Programs and style sheets that Odoo has put together for browsers, as it finds them itself: of its own files, and of
# attachments that are searched as such. They are many times larger than all that one person has.
_BUNDLES = SQL(
    """
    SELECT store_fname
      FROM ir_attachment
     WHERE store_fname IN (SELECT store_fname FROM ir_attachment WHERE url LIKE '/web/assets/%%')
     GROUP BY store_fname
    HAVING bool_and(COALESCE(
               url LIKE '/web/assets/%%' AND public AND create_uid = %s
               AND res_model = 'ir.ui.view' AND res_id = 0, FALSE
           ))
    """,
    SUPERUSER_ID,
)


class FileSearch:
    """Reads every file once, however many attachments have it; bundles of Odoo's programs are none of anybody's."""

    def __init__(self, cr, crowd: Crowd, filestore: str):
        self._cr = cr
        self._crowd = crowd
        self._folder = Path(filestore)
        cr.execute(_BUNDLES)
        self._bundles = {self._folder / name for (name,) in cr.fetchall()}
        self.size = sum(path.stat().st_size for path in self._paths())
        self.count = 0
        self.unread: list[str] = []

    def run(self, advance: Callable[[int], None]) -> Iterator[tuple]:
        """Yield table, column, id and persons of each hit; tell of the bytes that are done."""
        for path in self._paths():
            name = path.relative_to(self._folder).as_posix()
            persons, size = self._search(path, name)
            self.count += 1
            if persons:
                yield from ((*place, persons) for place in self._places_of(name))
            advance(size)
        self._look_for_missing()

    def _paths(self) -> Iterator[Path]:
        for folder, folders, names in os.walk(self._folder):
            if Path(folder) == self._folder and _BOOKKEEPING in folders:
                folders.remove(_BOOKKEEPING)
            paths = (Path(folder, name) for name in sorted(names))
            yield from (path for path in paths if path not in self._bundles)

    def _search(self, path: Path, name: str) -> tuple[residue_texts.Persons, int]:
        try:
            with path.open("rb") as file:
                content = file.read(BYTES + 1)
        except OSError:  # taken away meanwhile, or not readable
            self.unread.append(name)
            return {}, 0
        persons, is_complete = residue_texts.find_in_content(self._crowd, content)
        if not is_complete:
            self.unread.append(name)
        return persons, len(content)

    def _places_of(self, name: str) -> list[tuple]:
        self._cr.execute("SELECT id FROM ir_attachment WHERE store_fname = %s ORDER BY id", [name])
        ids = [row[0] for row in self._cr.fetchall()]
        return [("ir_attachment", "store_fname", attachment_id) for attachment_id in ids] or [
            ("filestore", "content", name)
        ]

    def _look_for_missing(self) -> None:
        """What attachments say there is, and is not, cannot have been searched."""
        last = ""
        while True:
            self._cr.execute(
                "SELECT DISTINCT store_fname FROM ir_attachment WHERE store_fname > %s ORDER BY store_fname LIMIT %s",
                [last, _BATCH],
            )
            names = [row[0] for row in self._cr.fetchall()]
            if not names:
                return
            self.unread += [name for name in names if not (self._folder / name).is_file()]
            last = names[-1]
