"""What a search of the whole database found of persons: scrubbed where that is safe, told where it is not.

A search knows words, not people: a row that names "Maria van Dalen" may be about another one, and one that has "Sales"
or "Dorpsstraat 1" mostly is. So it is decided column by column. What says who somebody is goes where the row is the
person's own: by an address or number in it, and nothing that speaks against it. Any other text loses all of the person
where it has an address or number of theirs, and otherwise only a name that can be nobody else's: one of two words that
are not of every day, and which no other contact has.
"""

import json
from collections import Counter, defaultdict

from odoo.tools import SQL

from ..handlers import SWEEP, get_handler
from ..tools.identity import Identity
from ..tools.matching import Crowd
from ..tools.names import is_distinctive
from .found import THEIR_FILE
from .persons import Person, is_same
from .policy import is_identity
from .run import Run
from .sweep_files import find_theirs
from .vocabulary import read_vocabulary

# what a text that is taken out could break
SETTINGS = (
    "ir.ui.view", "ir.model", "ir.model.access", "ir.model.constraint", "ir.model.fields", "ir.model.fields.selection",
    "ir.model.inherit", "ir.model.relation", "ir.asset", "ir.rule", "ir.sequence", "ir.mail_server", "res.company",
    "res.groups", "res.lang", "res.country", "base.automation", "privacy.log", "fetchmail.server", "mail.alias.domain",
)  # fmt: skip
# the same of columns: where mail comes from and goes to
ADDRESSES = {
    ("mail.alias", "alias_name"), ("mail.alias", "alias_full_name"), ("mail.template", "email_from"),
    ("mail.template", "reply_to"), ("mail.template", "email_to"),
}  # fmt: skip
OURS = ("crm.gdpr.", "ir.module.")
# what our own lists show of others, in whose values a person may be
SHOWN = {("crm.gdpr.request.line", "sample"), ("crm.gdpr.request.line", "problem")}
# each tells a person from all others
TELLING = {"email", "phone", "number"}
# what somebody is called, where a row of a person says it
NAMES = ("name", "contact_name", "one_off_name", "acc_holder_name")
# what somebody else has as well
SHARED = "shared"


def _is_file(hit):
    """Whether it is in the content of a file, which cannot be edited."""
    return hit.table == "filestore" or (hit.table, hit.column) in (
        ("ir_attachment", "store_fname"), ("ir_attachment", "db_datas"),
    )  # fmt: skip


class Sweep:
    """The hits of one search.

    :param identities: who is searched for, by any key
    :param hits: of `residue.scan`
    :param records: their contacts or leads, by the same key: (model, id)
    """

    def __init__(self, env, identities, hits, settings, records):
        self.env = env
        self.settings = settings
        self.records = records
        self.crowd = Crowd(identities)
        self.persons = {key: Person(("", key), identity=identity) for key, identity in identities.items()}
        self.models = {env[name]._table: name for name in env.registry.models if not env[name]._abstract}
        self.left = {key: Counter() for key in identities}
        self.hits = list(hits)
        self.kept = {}
        self.run = Run(env, list(self.persons.values()), settings)
        self._theirs = self._find_theirs()
        self._their_files = set()
        self._in_files = self._find_in_files()
        self._namesakes = self._find_namesakes()
        self._neighbours = self._find_neighbours()
        self._careful = self._get_careful(identities)
        self._unsure = self._find_unsure()

    def clean(self):
        """Take out what can be taken out, and note what is left: ``left`` of each person."""
        files = [hit for hit in self.hits if _is_file(hit)]
        self._their_files = find_theirs(self.env, self.run.columns, files, self._theirs, self._is_telling)
        self._forget_shown()
        told, rows = self._sort_out()
        self._add(rows)
        self.run.models = sorted(self.run.found.rows)
        self.run.erase()
        self.kept = {key: person.kept for key, person in self.persons.items()}
        for place, why, key in self._drop_gone(told):
            self.left[key][place, why] += 1
        self._look_again(rows)

    def _forget_shown(self):
        """Empty what requests show, this one and others, where a value of the persons is in it, of whomever."""
        shown, others = [], []
        for hit in self.hits:
            (shown if (self.models.get(hit.table), hit.column) in SHOWN else others).append(hit)
        self.hits = others
        self.env["crm.gdpr.request.line"].browse({hit.row_id for hit in shown}).exists()._empty_shown()

    def _add(self, rows):
        """Add rows to what is treated: of each column only what is known to be in it of each person."""
        found = self.run.found
        for (model, row_id, key), columns in rows.items():
            is_file = model == "ir.attachment" and row_id in self._their_files
            found.add(model, row_id, self.persons[key], THEIR_FILE if is_file else SWEEP)
            row = found.get(model)[row_id]
            row.columns = row.columns or defaultdict(set)
            for name, is_sure in columns.items():
                row.columns[name].add((self.persons if is_sure else self._careful)[key])

    def _drop_gone(self, told):
        """Without rows that were deleted meanwhile."""
        ids = defaultdict(set)
        for _place, _why, _key, model, row_id in told:
            if model and isinstance(row_id, int):
                ids[model].add(row_id)
        there = {model: self._find_there(model, list(row_ids)) for model, row_ids in ids.items()}
        for place, why, key, model, row_id in told:
            if not isinstance(row_id, int) or model not in there or row_id in there[model]:
                yield place, why, key

    def _find_there(self, model, ids):
        table = SQL.identifier(self.env[model]._table)
        self.env.cr.execute(SQL("SELECT id FROM %s WHERE id = ANY(%s)", table, ids))
        return {row_id for (row_id,) in self.env.cr.fetchall()}

    def _sort_out(self):
        """Return what is only told, and what to treat: ``{(model, id, key): {column: whether it is certain}}``."""
        kept = self._find_kept()
        told, rows = [], defaultdict(dict)
        for hit in self.hits:
            model = self.models.get(hit.table)
            for key in hit.persons:
                why = self._why_left(hit, model, key, kept)
                if why:
                    told.append((f"{hit.table}.{hit.column}", why, key, model, hit.row_id))
                else:
                    rows[model, hit.row_id, key][hit.column] = self._is_sure(hit, model, key)
        return told, rows

    def _why_left(self, hit, model, key, kept):
        """Why a column is not touched; empty where it is."""
        reasons = kept.get((model, hit.row_id), {})
        if self.records[key] in reasons:
            return reasons[self.records[key]]
        if _is_file(hit):
            return "" if hit.row_id in self._their_files else next(iter(reasons.values()), "file")
        if self._is_setting(hit, model):
            return "settings"
        if hit.persons[key] <= {SHARED}:
            return "other_person"
        if self._is_sure(hit, model, key):
            return ""
        if is_identity(model, hit.column):
            return "other_person"
        return self._unsure.get((hit.table, hit.row_id, hit.column, key), "")

    @staticmethod
    def _is_setting(hit, model):
        if not model or not isinstance(hit.row_id, int) or (model, hit.column) in ADDRESSES:
            return True
        return model in SETTINGS or model.startswith(OURS)

    def _is_sure(self, hit, model, key):
        """Whether all that is found of a person in a column is theirs for certain."""
        if key in self._theirs[hit.table, hit.row_id] or get_handler(model).is_log:
            return True
        if model == "ir.attachment" and hit.row_id in self._their_files:
            return True
        kinds = hit.persons[key]
        if (model, hit.column) == ("ir.attachment", "index_content"):
            kinds = kinds | self._in_files[hit.row_id][key]
        return not is_identity(model, hit.column) and (bool(kinds & TELLING) or self._has_name_and_text(key, kinds))

    def _has_name_and_text(self, key, kinds):
        """A name of more than everyday words, with a street or the like beside it that no namesake has."""
        return {"name", "text"} <= kinds and key in self._distinctive and key not in self._neighbours

    def _is_telling(self, key, kinds):
        """Whether such values can be nobody else's wherever they stand."""
        return bool(kinds & TELLING or "name" in kinds and self._careful[key].identity)

    def _find_namesakes(self):
        """Persons of whose name there is another contact."""
        return {
            key
            for hit in self.hits
            if is_identity(self.models.get(hit.table), hit.column) and "company_name" not in hit.column
            for key, kinds in hit.persons.items()
            if kinds & {"name", "company"} and key not in self._theirs[hit.table, hit.row_id]
        }

    def _find_in_files(self):
        """What is in the content of files, of which the database has the text once more: ``{id: {key: kinds}}``."""
        found = defaultdict(lambda: defaultdict(frozenset))
        for hit in filter(_is_file, self.hits):
            for key, kinds in hit.persons.items():
                found[hit.row_id][key] |= kinds
        return found

    def _find_neighbours(self):
        """Persons of whom a namesake has the street, or the like, as well."""
        named, at_home = set(), set()
        for hit in self.hits:
            for key, kinds in hit.persons.items():
                if key in self._namesakes and key not in self._theirs[hit.table, hit.row_id]:
                    place = hit.table, hit.row_id, key
                    if "name" in kinds and is_identity(self.models.get(hit.table), hit.column):
                        named.add(place)
                    if "text" in kinds:
                        at_home.add(place)
        return {key for _table, _row_id, key in named & at_home}

    def _find_theirs(self):
        """Whose own record a row is: ``{(table, id): keys}``.

        With an address or number of theirs where it says who somebody is, and without the name or address of another.
        """
        marked = defaultdict(lambda: defaultdict(set))
        for hit in self.hits:
            if is_identity(self.models.get(hit.table), hit.column):
                keys = {key for key, kinds in hit.persons.items() if kinds & TELLING}
                marked[hit.table][hit.row_id] |= keys
        theirs = defaultdict(set)
        for table, rows in marked.items():
            model = self.models[table]
            for row_id, values in self._read(model, list(rows)):
                theirs[table, row_id] = {key for key in rows[row_id] if _is_own(model, values, self.persons[key])}
        return theirs

    def _get_careful(self, identities):
        """The persons, of whom only that is known which is nobody else's wherever it stands."""
        vocabulary = read_vocabulary(self.env)
        names = {
            key: {name for name in identity.names if is_distinctive(name, vocabulary)}
            for key, identity in identities.items()
        }
        self._distinctive = {key for key in names if names[key]}
        return {
            key: Person(("", key), identity=Identity(names=set() if key in self._namesakes else names[key]))
            for key in identities
        }

    def _find_unsure(self):
        """Columns in which nothing is certainly the person, and why: ``{(table, id, column, key): why}``."""
        crowd = Crowd({key: person.identity for key, person in self._careful.items()})
        unsure, to_read = {}, defaultdict(lambda: defaultdict(set))
        for hit in self.hits:
            for key in hit.persons:
                why = "other_person" if key in self._namesakes else "ordinary"
                unsure[hit.table, hit.row_id, hit.column, key] = why
                if self._careful[key].identity and hit.table in self.models and isinstance(hit.row_id, int):
                    to_read[hit.table][hit.row_id].add(hit.column)
        for table, columns in to_read.items():
            for row_id, values in self._read(self.models[table], list(columns)):
                for column in columns[row_id]:
                    for key in crowd.find(_as_text(values, [column])):
                        unsure.pop((table, row_id, column, key), None)
        return unsure

    def _find_kept(self):
        """Why rows with hits are kept, and for whom: ``{(model, id): {(model, id) of the person: why}}``."""
        found = {(self.models[hit.table], hit.row_id) for hit in self.hits if hit.table in self.models}
        models = {model for model, _row_id in found}
        ids = {row_id for _model, row_id in found if isinstance(row_id, int)}
        rows = self.env["crm.gdpr.kept"].search(
            [("released_at", "=", False), ("res_model", "in", list(models)), ("res_id", "in", list(ids))]
        )
        kept = defaultdict(dict)
        for row in rows:
            if (row.res_model, row.res_id) in found:
                whose = ("res.partner", row.partner_id.id) if row.partner_id else ("crm.lead", row.lead_id.id)
                kept[row.res_model, row.res_id][whose] = row.why
        return kept

    def _look_again(self, rows):
        """Read what was treated once more: what is still there is kept by law, or could not be taken out."""
        by_model = defaultdict(lambda: defaultdict(dict))
        for (model, row_id, key), columns in rows.items():
            by_model[model][row_id][key] = columns
        for model, persons in by_model.items():
            if get_handler(model).is_plain:
                continue
            for row_id, values in self._read(model, list(persons)):
                for key, columns in persons[row_id].items():
                    text = _as_text(values, columns)
                    if kinds := self.crowd.find(text).get(key):
                        reason = self.run.kept_rows[model].get(row_id)
                        why = reason.why if reason else self._why_still(key, kinds, any(columns.values()), text)
                        self.left[key][self.env[model]._table, why] += 1

    def _why_still(self, key, kinds, is_sure, text):
        if kinds <= {SHARED}:
            return "other_person"
        return "settings" if is_sure or self._careful[key].matcher.find(text) else "ordinary"

    def _read(self, model, ids):
        table = SQL.identifier(self.env[model]._table)
        self.env.cr.execute(SQL("SELECT id, row_to_json(t) FROM %s t WHERE id = ANY(%s)", table, ids))
        return self.env.cr.fetchall()


def _is_own(model, values, person):
    """Whether a row that has an address or number of a person is that person's."""
    names = [values[name] for name in NAMES if values.get(name) and (model, name) != ("crm.lead", "name")]
    emails = ", ".join(
        value
        for name, value in values.items()
        if "email" in name and isinstance(value, str) and is_identity(model, name)
    )
    if names:
        return any(is_same(person, {"name": name, "email": emails}) for name in names)
    return not emails or is_same(person, {"name": "", "email": emails})


def _as_text(values, columns):
    """What stands in some columns of a row."""
    return json.dumps([values.get(name) for name in columns], ensure_ascii=False)
