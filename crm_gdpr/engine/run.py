"""Anonymising the persons of a batch: what has to do with them is found, then deleted, rewritten or kept.

Columns are read and written as they stand in the tables: neither tracking nor propagation nor a rule of the interface
plays a part. Rows are read once, each treated for all of its persons, and only what differs is written, so that a
second time changes nothing.
"""

import json
from collections import defaultdict
from datetime import date, datetime

from odoo import fields
from odoo.tools import SQL

from ..handlers import HANDLERS, get_handler
from ..tools.file_text import extract
from . import invoices, links
from .columns import Columns
from .derived import Derived
from .found import Found
from .outside import told_when_done
from .persons import is_same
from .policy import Policy
from .values import Values

PERSON_LINKS = {"res.partner": "partners", "res.users": "users", "crm.lead": "leads"}
SAMPLES = 40


class Run:
    """One batch of persons in one transaction (or savepoint).

    :param persons: of `persons.resolve`
    :param settings: what the company chose, see `crm.gdpr.field._get_settings`
    :param is_rehearsal: what is too slow to be undone is only counted
    :param since: find out whose rows others made or changed after that time; what a run does leaves no such trace
    """

    def __init__(self, env, persons, settings, *, is_rehearsal=False, since=None):
        self.env = env
        self.is_rehearsal = is_rehearsal
        self.since = since
        self.today = fields.Date.context_today(env.user)
        self.persons = persons
        self.settings = settings
        self.policy = Policy(env, settings.strategies)
        self.columns = Columns(env)
        self.values = Values(self)
        self.derived = Derived(self)
        self.found = Found()
        self.kept_rows = defaultdict(dict)
        self.fiscal_until = {}
        self.sessions = set()
        # what is done when all of it is committed, and not before: calls without arguments
        self.after_commit = []
        self._texts = {}

    # ------------------------------------------------------------
    # Finding
    # ------------------------------------------------------------

    def find(self):
        """Find every row that has to do with the persons."""
        self.env.flush_all()
        self.models = links.stored_models(self.env)
        self._find_themselves()
        direct, references = links.find_links(self.env, self.models)
        for link in direct:
            self._find_by_link(link)
        for model in self._in_order():
            get_handler(model).find(self)
        self._find_by_references(references)
        for handler in sorted(HANDLERS.values(), key=lambda handler: handler.sequence):
            if handler.model in self.env.registry:
                handler.find_last(self)

    def by_value(self, kind):
        """Who has each address or number, ``{value: persons}``: a family has one phone."""
        found = defaultdict(list)
        for person in self.persons:
            for value in getattr(person.identity, kind):
                found[value].append(person)
        return found

    def _in_order(self):
        """Models by the sequence of their handlers, then by name."""
        return sorted(self.models, key=lambda model: (get_handler(model).sequence, model))

    def _find_themselves(self):
        for model, attribute in PERSON_LINKS.items():
            for person in self.persons:
                for row_id in getattr(person, attribute):
                    self.found.add(model, row_id, person, "id", is_own=True)

    def _find_by_link(self, link):
        handler = get_handler(link.model)
        targets = self.found.own(link.target)
        if not targets or link.field in handler.no_links or link.model == "res.partner":
            return
        is_own, is_near = link.field in handler.own_links, links.is_customer(link.field)
        for row_id, target_id in links.search_link(self.env, link, list(targets)):
            self.found.follow(link.model, row_id, targets[target_id], link.field, is_own=is_own, is_near=is_near)

    def _find_by_references(self, references):
        targets = {
            model: list(rows) for model, rows in self.found.rows.items() if rows and get_handler(model).has_documents
        }
        for link in references:
            handler = get_handler(link.model)
            if link.field in handler.no_links:
                continue
            wanted = {model: ids for model, ids in targets.items() if model != link.model}
            for row_id, model, target_id in links.search_reference(self.env, link, wanted):
                parent = self.found.get(model)[target_id]
                is_own = parent.is_own and handler.is_owned_by_document
                self.found.follow(link.model, row_id, parent, link.field, is_own=is_own)

    # ------------------------------------------------------------
    # Erasing
    # ------------------------------------------------------------

    def erase(self):
        """Delete, rewrite or keep all that was found."""
        with told_when_done(self.env.cr, is_undone=self.is_rehearsal):
            self._erase()

    def _erase(self):
        models = self._in_order()
        for model in models:
            self._note_digest(model, self.found.get(model))
            if self.since:
                self._note_changed(model, self.found.get(model))
        for model in models:
            if rows := self.found.get(model):
                get_handler(model).erase(self, dict(sorted(rows.items())))
        self.derived.recompute()
        self.env.invalidate_all()

    def _note_digest(self, model, rows):
        """A row that comes or goes changes the plan of those it has to do with."""
        for row_id, row in sorted(rows.items()):
            for person in row.persons:
                person.digest.update(f"{model},{row_id};".encode())

    def _note_changed(self, model, rows):
        """What a digest tells, by the time of it."""
        if not rows or "write_date" not in self.columns.types[self.env[model]._table]:
            return
        query = "SELECT id, create_date > %(since)s FROM %(table)s WHERE id = ANY(%(ids)s) AND write_date > %(since)s"
        table = SQL.identifier(self.env[model]._table)
        self.env.cr.execute(SQL(query, since=self.since, table=table, ids=list(rows)))
        for row_id, is_new in self.env.cr.fetchall():
            for person in rows[row_id].persons if is_new else rows[row_id].owners:
                person.is_changed = True

    def count(self, model, persons, what, why="", number=1):
        for person in persons:
            person.counts[model, what, why] += number

    def delete(self, model, rows, *, is_plain=False):
        """Delete rows, and count them."""
        if not rows:
            return
        for row in rows.values():
            self.count(model, row.persons, "deleted")
        if is_plain:
            table = SQL.identifier(self.env[model]._table)
            self.env.cr.execute(SQL("DELETE FROM %s WHERE id = ANY(%s)", table, list(rows)))
        else:
            # the officer need not have the rights to what is deleted, and nothing is told of it
            quiet = {"tracking_disable": True, "mail_notrack": True, "active_test": False}
            self.env[model].sudo().with_context(**quiet).browse(rows).exists().unlink()

    def keep(self, model, rows, reasons, fields=None):
        """Note rows that stay for now; ``reasons`` is ``{row id: Reason}``."""
        for row_id, row in rows.items():
            reason = reasons[row_id]
            self.kept_rows[model][row_id] = reason
            self.count(model, row.persons, "kept", reason.why)
            told = fields[row_id] if fields else None
            for person in row.persons:
                person.kept.append((model, row_id, told, reason))

    def get_fiscal_until(self, persons):
        """Until when the books have to be kept of any of these persons."""
        return max((self.fiscal_until[person] for person in persons if person in self.fiscal_until), default=None)

    def is_over(self, reason):
        """Whether what had to be kept has to be kept no more."""
        return bool(reason.until and reason.until < self.today)

    def print_copies(self, move_ids, rows):
        """Print invoices as they are sent to customers, and attach the copies."""
        for move_id in move_ids:
            self.count("account.move", rows[move_id].persons, "printed")
        if move_ids and not self.is_rehearsal:
            copies = invoices.print_copies(self.env, move_ids)
            for copy in copies:
                self.found.follow("ir.attachment", copy.id, rows[copy.res_id], "res_id", is_own=False)

    def get_text_of(self, attachment):
        """The text in a file; one that several attachments share is read once."""
        name = attachment.checksum or attachment.id
        if name not in self._texts:
            self._texts[name] = extract(attachment.raw or b"", attachment.mimetype or "", attachment.name or "")
        return self._texts[name]

    def rewrite(self, model, rows, *, is_kept=False):
        """Treat the columns of rows; return the names of the fields that change, by row.

        :param is_kept: write nothing: the rows stay as they are for now
        """
        columns = self.policy.get_treated(model)
        if not rows or not columns:
            return {}
        changes = {}
        stored = dict(self._read(model, [*columns, *self.policy.get_derived(model)], list(rows)))
        for row_id, values in stored.items():
            row = rows[row_id]
            if row.is_own:
                self._note_values(row, values)
            changed = self._treat(model, columns, row, values)
            if changed:
                changes[row_id] = changed
                if not is_kept:
                    self._note_change(model, row_id, row, values, changed)
        if not is_kept:
            self.write(model, changes)
            self.derived.remember(model, stored)
        return {row_id: sorted(changed) for row_id, changed in changes.items()}

    def _read(self, model, names, ids):
        columns = SQL(", ").join(SQL.identifier(name) for name in ("id", *names))
        table = SQL.identifier(self.env[model]._table)
        self.env.cr.execute(SQL("SELECT %s FROM %s WHERE id = ANY(%s) ORDER BY id", columns, table, ids))
        for row in self.env.cr.fetchall():
            yield row[0], dict(zip(names, row[1:], strict=True))

    @staticmethod
    def _note_values(row, values):
        """A value that changes in a row about a person changes that person's plan."""
        told = json.dumps(values, default=repr, sort_keys=True, ensure_ascii=False).encode()
        for person in row.owners:
            person.digest.update(told)

    def _treat(self, model, columns, row, values):
        changed = {}
        is_customers = _is_customers(row) and not _is_somebody_else(row, values)
        for name, column in columns.items():
            if values[name] is None or values[name] == "" or row.columns is not None and name not in row.columns:
                continue
            treatment = column.own if row.is_own or column.is_customers and is_customers else column.involved
            new = self.values.treat(model, name, treatment, values[name], row)
            if new != values[name]:
                changed[name] = new
        return changed

    def _note_change(self, model, row_id, row, values, changed):
        self.count(model, row.persons, "changed")
        for person in row.persons:
            if person.is_sampled and len(person.samples) < SAMPLES:
                person.samples += [
                    (model, row_id, name, _shorten(values[name]), _shorten(new)) for name, new in changed.items()
                ]

    def write(self, model, changes):
        """One UPDATE for all rows in which the same columns change: ``{row id: {column: value}}``."""
        by_columns = defaultdict(list)
        for row_id, changed in changes.items():
            by_columns[tuple(sorted(changed))].append({"id": row_id, **changed})
        for names, rows in by_columns.items():
            self.columns.update(self.env[model]._table, names, rows)


def _is_customers(row):
    return any(map(links.is_customer, row.links))


def _is_somebody_else(row, values):
    """Whether a row that was made for the customer has a name and an address of its own, as who was booked for has."""
    name, email = values.get("name"), values.get("email")
    if not (isinstance(name, str) and name and isinstance(email, str) and email):
        return False
    return not any(is_same(person, {"name": name, "email": email}) for person in row.persons)


def _shorten(value):
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    text = value if isinstance(value, str) else "" if value is None else str(value)
    return text if len(text) <= 120 else text[:119] + "…"
