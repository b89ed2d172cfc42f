"""Everything that is stored about one person, for this person.

    export = Export(env, partner, "nl_NL")
    export.count()       # {"res.partner": 1, "mail.message": 12, …}
    export.write(file)   # a ZIP

What is found is what would be anonymised; handlers say what the person is told of it (see `handlers/base.py`).
"""

from collections import Counter
from functools import cached_property

from odoo.fields import Domain

from ..handlers import get_handler
from . import columns
from .archive import Archive
from .files import Files
from .finding import find
from .linked import find_linked, find_unlinked
from .people import People
from .reach import Reach
from .records import INVOLVED, OWN, Record
from .selection import Selection
from .values import Value, Values

# records on a page
PAGE = 200


class Export:
    """
    :param record: a contact, or a lead without one
    :param lang: the language of the pages
    """

    def __init__(self, env, record, lang=None):
        # what is read is anybody's: only the dialogue and the controller get here, which let privacy officers in alone
        tz = (record.sudo().tz if record._name == "res.partner" else None) or env.user.tz or "UTC"
        chosen = {"allowed_company_ids": [env.company.id, *(env.companies - env.company).ids]}
        context = {"active_test": False, "lang": lang, "tz": tz, "prefetch_fields": False, **chosen}
        self.reach = Reach(env)
        self.env = env(su=True, context=context)
        self.record = record.with_env(self.env)
        self.run = find(self.env, self.record)
        self.person = self.run.person
        self.selection = Selection(self.run, self.reach, self._find_kept() if self.is_anonymised else None)

    @cached_property
    def is_anonymised(self):
        """Of a lead it is known by what the law keeps of it alone: nothing else is left to know it by."""
        return bool(self.record.gdpr_state if self.record._name == "res.partner" else self.kept)

    def _find_kept(self):
        """What is left of somebody who was anonymised, ``{model: ids}``."""
        kept = {}
        for row in self.kept:
            kept.setdefault(row.res_model, set()).add(row.res_id)
        return kept

    @cached_property
    def kept(self):
        """What the law keeps, of what is within reach."""
        whose = Domain("partner_id", "in", self.person.partners) | Domain("lead_id", "in", self.person.leads)
        rows = self.env["crm.gdpr.kept"].search(whose & Domain("released_at", "=", False))
        inside = {
            model: self.reach.leave_out(model, of_model.mapped("res_id"))
            for model, of_model in rows.grouped("res_model").items()
            if model in self.env
        }
        return rows.filtered(lambda row: row.res_id in inside.get(row.res_model, ()))

    @cached_property
    def people(self):
        return People(self.env, self.person, find_linked(self.selection), find_unlinked(self.selection))

    @cached_property
    def values(self):
        return Values(self.env, self.people, self.reach)

    @cached_property
    def files(self):
        return Files(self.env, self.selection, self.people)

    @cached_property
    def words(self):
        """What is said in many places."""
        return {
            "other": self.env._("another person"),
            "wrote": self.env._("You wrote"),
            "received": self.env._("You received"),
            "about": self.env._("About you"),
        }

    def label(self, model):
        """What a model is called."""
        return self.env["ir.model"]._get(model).name or model

    def count(self):
        """Return how many records there are, ``{model: number}``, files as ``ir.attachment``."""
        counts = self.selection.count()
        counts.pop("ir.attachment", None)
        if self.files.paths:
            counts["ir.attachment"] = len(self.files.paths)
        return counts

    def write(self, file):
        """Write the archive.

        :param file: open for writing and seeking
        :return: as `count`
        """
        with Archive(self, file) as archive:
            models = sorted(self.selection.count(), key=lambda model: (-get_handler(model).sequence, self.label(model)))
            for model in models:
                if model != "ir.attachment":
                    archive.add_model(model, self._read_parts(model))
            archive.add_files(self.files)
        return self.count()

    # ------------------------------------------------------------
    # Records
    # ------------------------------------------------------------

    def _read_parts(self, model):
        """Yield the records of a model, a page at a time."""
        handler = get_handler(model)
        theirs = sorted(self.selection.theirs[model], reverse=True)
        yield from self._read_part(theirs, lambda ids: handler.get_export(self, ids))
        involved = sorted(self.selection.involved[model], reverse=True)
        yield from self._read_part(involved, lambda ids: self._read_involved(model, ids))

    def _read_part(self, ids, read):
        for start in range(0, len(ids), PAGE):
            yield read(ids[start : start + PAGE])
            self.env.invalidate_all(flush=False)

    def read(self, model, ids):
        """Return the Records of rows that are theirs, with what their handler says is told of them."""
        handler = get_handler(model)
        names = columns.get_told_fields(self.env, model)
        values = self.values.read(model, ids, names, written=handler.export_written)
        lines = self._read_lines(model, ids)
        files = self.files.get_of(model)
        return [
            Record(row_id, OWN, self._get_title(model, row_id, told), told, lines=lines[row_id], files=files[row_id])
            for row_id, told in values.items()
        ]

    def _read_involved(self, model, ids):
        names = get_handler(model).export_involved
        names = [name for name in names if name in self.env[model]._fields]
        values = self.values.read(model, ids, names)
        for row_id, told in values.items():
            fields = [self.env[model]._fields[name] for name in self.selection.involved[model][row_id]]
            roles = [field._description_string(self.env) for field in fields]
            told["role"] = Value([field.name for field in fields], ", ".join(roles), is_named=True)
        return [Record(row_id, INVOLVED, self._get_title(model, row_id, told), told) for row_id, told in values.items()]

    def _read_lines(self, model, ids):
        """The rows below, ``{row id: {field: [{name: Value}]}}``."""
        told = {row_id: {} for row_id in ids}
        for field, names in get_handler(model).export_lines.items():
            if field not in self.env[model]._fields:
                continue
            records = self.env[model].browse(ids)
            lines = records.mapped(field)
            values = self.values.read(lines._name, lines.ids, [name for name in names if name in lines._fields])
            for record in records:
                told[record.id][field] = [values[line.id] for line in record[field]]
        return told

    def _get_title(self, model, row_id, values):
        named = values.get(self.env[model]._rec_name) or values.get("display_name")
        if named and named.value:
            return named.shown
        return self.env._("No. %(number)s", number=row_id)

    def get_headings(self, model):
        """What the fields of a model are called, ``{name: {"label", "type"}}``, with those of its lines."""
        handler = get_handler(model)
        names = [*columns.get_told_fields(self.env, model), *handler.export_involved]
        told = self._describe(model, names)
        extra = {"role": self.env._("Your Part")} if handler.export_involved else {}
        if model == "mail.message":
            extra = {"author": self.env._("From"), "record": self.env._("On")}
        told |= {name: {"label": label, "type": "char"} for name, label in extra.items()}
        for field, below in handler.export_lines.items():
            lines = self.env[model]._fields.get(field)
            if lines:
                told |= self._describe(model, [field])
                told[field]["fields"] = self._describe(lines.comodel_name, below)
        return told

    def _describe(self, model, names):
        fields = self.env[model]._fields
        return {
            name: {"label": fields[name]._description_string(self.env), "type": fields[name].type}
            for name in names
            if name in fields
        }

    # ------------------------------------------------------------
    # What is not in it
    # ------------------------------------------------------------

    def count_kept(self):
        """How many rows the law keeps, ``[(why, until, number)]``."""
        words = self.env["crm.gdpr.kept"]._get_words()
        counts = Counter((row.why, row.until) for row in self.kept)
        return [(words[why], until, number) for (why, until), number in sorted(counts.items(), key=str)]
