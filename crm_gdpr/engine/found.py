"""The rows that have to do with the persons of a run."""

from collections import defaultdict
from dataclasses import dataclass, field

SWEEP = "*search*"  # the link of rows that only the search of the whole database found
THEIR_FILE = "*file*"  # of a file that it found, and that is nobody else's


@dataclass
class Row:
    """A row, and whose it is.

    :param persons: those it has to do with
    :param owners: those it is about
    :param near: those whose business it is: an order of theirs, or a message on it
    :param links: the names of the fields that led to it
    :param columns: those that are treated, where it is not all of them, with who is taken out of each
    """

    persons: set = field(default_factory=set)
    owners: set = field(default_factory=set)
    near: set = field(default_factory=set)
    links: set = field(default_factory=set)
    columns: dict | None = None

    @property
    def is_swept(self):
        """Nothing led here but the search for words."""
        return self.links == {SWEEP}

    @property
    def is_own(self):
        return bool(self.owners)

    def get_persons(self, column):
        """Who is taken out of a column."""
        return self.persons if self.columns is None else self.columns[column]

    def is_near(self, person):
        return person in self.near or person in self.owners


class Found:
    """Rows by model and id."""

    def __init__(self):
        self.rows = defaultdict(dict)

    def add(self, model, row_id, person, link="", *, is_own=False, is_near=False):
        row = self.rows[model].setdefault(row_id, Row())
        row.persons.add(person)
        row.links.add(link)
        if is_own:
            row.owners.add(person)
        if is_near:
            row.near.add(person)

    def follow(self, model, row_id, parent, link="", *, is_own=None, is_near=True):
        """Add a row that hangs on another row: it has to do with the same persons.

        :param is_near: it is as near to them as that row is
        """
        is_own = parent.is_own if is_own is None else is_own
        for person in list(parent.persons):
            is_theirs = is_own and (not parent.owners or person in parent.owners)
            self.add(model, row_id, person, link, is_own=is_theirs, is_near=is_near and parent.is_near(person))

    def get(self, model):
        return self.rows.get(model, {})

    def own(self, model):
        return {row_id: row for row_id, row in self.get(model).items() if row.is_own}
