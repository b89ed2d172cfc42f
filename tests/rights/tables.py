"""The tables of rights in the READMEs, read into plain Python: no database is needed.

The README of all addons says which roles there are, that of an addon what each may do with its models.
"""

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
HEADING = "Rights"
# how a letter is called over RPC, in the order in which they are written
OPERATIONS = {"C": "create", "R": "read", "W": "write", "D": "unlink"}
NOTHING = "–"
# each role that every table has a column for; a table may have more of those that the README of all addons names
ROLES = (
    "own documents",
    "all documents",
    "sales manager",
    "accountant",
    "service",
    "administrator",
    "privacy officer",
    "portal",
    "public",
)
CELL = re.compile(rf"[Cc]?[Rr]?[Ww]?[Dd]?|{NOTHING}")


class Right(NamedTuple):
    """What a role may do with a model: the letters of its cell, capital ones for all records, small ones for own."""

    model: str
    role: str
    letters: str


def section(text, heading=HEADING):
    """Return what stands below a heading of the second level, or None where there is none."""
    found = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return found and found[1]


def tables(text):
    """Return the tables of a text, each a list of rows, each a list of cells; without the line below the head."""
    found, rows = [], []
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip().strip("|").split("|")])
        elif rows:
            found.append([rows[0], *rows[2:]])
            rows = []
    return found


def table_headed(text, first):
    """Return the head and the rows of the one table of a text whose first column is called so, or None."""
    found = [table for table in tables(text or "") if table[0][0] == first]
    assert len(found) < 2, f"there are {len(found)} tables of {first}"
    return (found[0][0], found[0][1:]) if found else None


def read_groups(text):
    """Return which group makes a role, from the README of all addons; None stands for who has not signed in."""
    head, rows = table_headed(section(text), "role")
    groups = {row[0]: row[head.index("group")].strip("`") for row in rows}
    return {role: None if group == NOTHING else group for role, group in groups.items()}


def read_rights(text):
    """Return the rights that the README of an addon gives, in the order of the table.

    :raise AssertionError: the table lacks a role, or a cell is none
    """
    found = table_headed(section(text), "model")
    if not found:
        return []
    head, rows = found
    missing = [role for role in ROLES if role not in head]
    assert not missing, f"no column for {', '.join(missing)}"
    return [right for row in rows for right in _read_row(head, row)]


def _read_row(head, row):
    assert len(row) == len(head), f"{len(row)} cells, and {len(head)} columns: {row}"
    models = re.findall(r"`([\w.]+)`", row[0])
    assert models, f"no model: {row}"
    for role, cell in zip(head[1:], row[1:], strict=True):
        assert cell and CELL.fullmatch(cell), f"{models[0]}, {role}: “{cell}” is no cell"
        letters = "" if cell == NOTHING else cell
        yield from (Right(model, role, letters) for model in models)


def read_all(root=ROOT):
    """Return the rights of every addon with a table: ``{addon: [Right]}``."""
    found = {path.parent.name: read_rights(path.read_text()) for path in sorted(root.glob("*/README.md"))}
    return {addon: rights for addon, rights in found.items() if rights}
