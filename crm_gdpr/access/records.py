"""What a person is told of a row."""

from dataclasses import dataclass, field

OWN, INVOLVED = "own", "involved"


@dataclass
class Record:
    """
    :param relation: "own", "involved", or what a message is to the person: "wrote", "received", "about"
    :param title: what the row is called on its page
    :param values: ``{name: Value}``
    :param lines: rows below, ``{name of the field: [{name: Value}]}``
    :param changes: what was noted as changed, ``[(field, old, new)]``, as texts
    :param files: paths of files in the archive
    :param titled_by: the field that the title is of
    """

    id: int
    relation: str
    title: str
    values: dict
    lines: dict = field(default_factory=dict)
    changes: list = field(default_factory=list)
    files: list = field(default_factory=list)
    titled_by: str = ""

    def as_json(self):
        told = {"id": self.id, "relation": self.relation}
        told["values"] = {name: value.as_json() for name, value in self.values.items() if value.is_there}
        if self.lines:
            told["lines"] = {
                name: [{column: value.as_json() for column, value in line.items()} for line in lines]
                for name, lines in self.lines.items()
            }
        if self.changes:
            told["changes"] = [{"field": label, "old": old, "new": new} for label, old, new in self.changes]
        if self.files:
            told["files"] = self.files
        return told

    @property
    def short(self):
        """What fits on a line."""
        return [(name, value) for name, value in self._shown if not value.is_long]

    @property
    def long(self):
        return [(name, value) for name, value in self._shown if value.is_long]

    @property
    def _shown(self):
        return [(name, value) for name, value in self.values.items() if value.is_shown and name != self.titled_by]
