"""Which of the rows that were found the person is given, and as what."""

from collections import defaultdict

from odoo.tools import SQL

from ..engine import links
from ..handlers import get_handler


class Selection:
    """
    :param run: of `finding.find`
    :param reach: of `reach.Reach`: what is another company's is left out
    :param kept: of somebody who was anonymised: all that is left of them, ``{model: ids}``

    ``theirs`` are the rows about the person, ``involved`` those that they have to do with, with the fields that say
    how; ``messages`` tells of each message whether they wrote or received it, or it is about them.
    """

    def __init__(self, run, reach, kept=None):
        self.run = run
        self.reach = reach
        self.env = run.env
        self.person = run.person
        self.theirs = defaultdict(set)
        self.involved = defaultdict(dict)
        self.messages = {}
        self.left_out = defaultdict(int)
        _direct, references = links.find_links(run.env, run.models)
        self._references = defaultdict(list)
        for link in references:
            self._references[link.model].append(link)
        if kept is None:
            self._choose()
        else:
            self._choose_kept(kept)

    def _choose(self):
        """Documents first, then what hangs on them."""
        models = [model for model in self.run._in_order() if self._is_exported(model)]
        for model in sorted(models, key=lambda model: model in self._references):
            handler = get_handler(model)
            rows = self.run.found.get(model)
            theirs = handler.choose_export(self, rows)
            self.theirs[model] = self.reach.leave_out(model, theirs)
            if model == "mail.message":
                self.messages = {row_id: self.messages[row_id] for row_id in self.theirs[model]}
            if handler.export_involved:
                roles = self._get_roles(model, rows.keys() - theirs)
                inside = self.reach.leave_out(model, roles)
                self.involved[model] = {row_id: names for row_id, names in roles.items() if row_id in inside}

    def _is_exported(self, model):
        return get_handler(model).is_exported and not self.env[model]._transient and self.run.found.get(model)

    def _choose_kept(self, kept):
        for model, ids in kept.items():
            if get_handler(model).is_exported:
                self.theirs[model] = ids
        self.messages = dict.fromkeys(kept.get("mail.message", ()), "about")

    def find_theirs(self, model, rows):
        """The ids of the rows that are about the person: by a link, by where they are, and not of another contact."""
        handler = get_handler(model)
        wanted = set(handler.get_export_links())
        theirs = {row_id for row_id, row in rows.items() if row.is_own or row.links & wanted}
        if handler.is_owned_by_document:
            theirs |= self._find_on_theirs(model, rows.keys() - theirs)
        return theirs - self._find_of_others(model, theirs)

    def _find_on_theirs(self, model, ids):
        """Those that hang on rows which are theirs."""
        found = set()
        for link in self._references[model] if ids else ():
            beside = self.env[model]._fields[link.field]
            column = getattr(beside, "model_field", None)
            if link.kind != "many2one_reference" or not self.env[model]._fields[column].column_type:
                continue
            self.env.cr.execute(
                SQL(
                    "SELECT id, %s, %s FROM %s WHERE id = ANY(%s)",
                    SQL.identifier(column),
                    SQL.identifier(link.field),
                    SQL.identifier(self.env[model]._table),
                    list(ids),
                )
            )
            found |= {row_id for row_id, of, res_id in self.env.cr.fetchall() if res_id in self.theirs.get(of, ())}
        return found

    def _find_of_others(self, model, ids):
        """A row of a lead may be about another contact of the project."""
        field = self.env[model]._fields.get("partner_id")
        if not ids or model in ("res.partner", "res.users") or not field or field.type != "many2one" or not field.store:
            return set()
        if field.comodel_name != "res.partner":
            return set()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM %s WHERE id = ANY(%s) AND partner_id IS NOT NULL AND NOT partner_id = ANY(%s)",
                SQL.identifier(self.env[model]._table),
                list(ids),
                self.person.partners,
            )
        )
        return {row_id for (row_id,) in self.env.cr.fetchall()}

    def _get_roles(self, model, ids):
        """By which fields the person has to do with rows, ``{row id: [field]}``."""
        direct = {
            field.name
            for field in self.env[model]._fields.values()
            if field.store and field.relational and field.comodel_name in ("res.partner", "crm.lead")
        }
        rows = self.run.found.get(model)
        roles = {row_id: sorted(rows[row_id].links & direct) for row_id in ids}
        return {row_id: names for row_id, names in roles.items() if names}

    def count(self):
        """How many rows of each model there are."""
        models = {*self.theirs, *self.involved}
        counts = {model: len(self.theirs[model]) + len(self.involved[model]) for model in models}
        return {model: number for model, number in sorted(counts.items()) if number}
