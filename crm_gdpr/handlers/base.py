"""The handlers: what is known of a model, one small class each.

A handler says which links make a row the person's own, how its fields are treated, which rows are deleted, and which
stay for now and why. A model without one is treated by rules: see `engine/policy.py`. An addon adds to what is known by
a sub-class for each of its models; the last one that was defined for a model counts.
"""

from datetime import date
from typing import NamedTuple

from ..engine.found import SWEEP
from ..engine.treatments import SCRUB

HANDLERS = {}


class Reason(NamedTuple):
    """Why a row stays for now, and until when; without a date until somebody decides."""

    why: str
    until: date | None = None


class Handler:
    """What is known of one model."""

    model: str = ""
    version = 1
    is_known = True
    # lower comes first; what needs to see rows as they were comes before what changes them
    sequence = 50
    # fields that link to a contact, user or lead and make the row one about that person
    own_links: tuple = ()
    # fields that link to them and say nothing about them
    no_links: tuple = ()
    # a row that hangs on a person's own record is about that person as well
    is_owned_by_document = True
    # what hangs on such a row (messages, files, activities) has to do with the person too
    has_documents = True
    # rows found by these links are deleted; "*" by any
    deleted_by: tuple = ()
    # thrown away before long anyway: of a line that may be about another one nothing is lost
    is_log = False
    # by SQL, where nothing hangs on the rows but what the database itself takes along
    is_plain = False
    # treatment by field, of rows about the person and of rows that they have to do with
    fields: dict = {}
    # text that is not in `fields`
    own_text = SCRUB
    involved_text = SCRUB

    # What the person is given, see "Access" in the README.
    # nothing of a model that says nothing about anybody, or is told with something else
    is_exported = True
    # what a colleague has to do with at work is not about the colleague
    is_work = False
    # links that make a row theirs, where it is not for `own_links` to say
    export_links: tuple | None = None
    # fields of rows that are theirs; None: all that are neither technical nor secret
    export_fields: tuple | None = None
    # rows below: {field: their fields}
    export_lines: dict = {}
    # fields that the person wrote: nobody else is taken out of them
    export_written: tuple = ()
    # fields of rows that they only have a part in; such rows are not told where there are none
    export_involved: tuple = ()

    def __init__(self, model):
        self.model = model

    def __init_subclass__(cls):
        if cls.model:
            HANDLERS[cls.model] = cls(cls.model)

    def find(self, run):
        """Find rows that no link to a contact, user or lead leads to, and add them: `run.found.add(…)`."""

    def find_last(self, run):
        """The same when all else was found."""

    def get_export_links(self):
        return self.own_links if self.export_links is None else self.export_links

    def choose_export(self, selection, rows):
        """Return the ids of the rows that are about the person, of all that have to do with them.

        :param selection: `access.selection.Selection`
        """
        return selection.find_theirs(self.model, rows)

    def get_export(self, export, ids):
        """Return what the person is told of rows that are theirs: a list of `access.records.Record`.

        :param export: `access.export.Export`
        """
        return export.read(self.model, ids)

    def get_others(self, run, rows):
        """Return identities of other people in these rows who have no contact: they are taken out of the texts."""
        return []

    def get_kept(self, run, rows):
        """Return what stays for now: ``{row id: Reason}``."""
        return {}

    def get_deleted(self, run, rows):
        """Return the ids of the rows to delete."""
        return {row_id for row_id, row in rows.items() if self._is_deleted(row)}

    def _is_deleted(self, row):
        if row.is_swept:
            return SWEEP in self.deleted_by
        return "*" in self.deleted_by or bool(row.links & set(self.deleted_by))

    def erase(self, run, rows):
        """Delete, rewrite and keep these rows, ``{id: Row}``."""
        kept = self.get_kept(run, rows)
        run.keep(self.model, {row_id: rows[row_id] for row_id in kept}, kept)
        rows = {row_id: row for row_id, row in rows.items() if row_id not in kept}
        deleted = self.get_deleted(run, rows)
        run.delete(self.model, {row_id: rows[row_id] for row_id in deleted}, is_plain=self.is_plain)
        run.rewrite(self.model, {row_id: row for row_id, row in rows.items() if row_id not in deleted})
        return kept


class UnknownModel(Handler):
    """A model that nobody described: what identifies the person is taken out of its texts."""

    is_known = False
    export_involved = ("display_name", "create_date")

    def get_deleted(self, run, rows):
        """What a dialogue left behind is of no use to anybody."""
        return set(rows) if run.env[self.model]._transient else set()


class Plain(Handler):
    """Rows that mean nothing without the person, deleted by SQL."""

    deleted_by = ("*",)
    is_plain = True
    has_documents = False


class Configuration(Handler):
    """Words that the company chose. No link makes them a person's; what the search finds in them is taken out."""

    has_documents = False


def describe_configuration(*models):
    """Say of models that they hold settings."""
    HANDLERS.update({model: Configuration(model) for model in models})
