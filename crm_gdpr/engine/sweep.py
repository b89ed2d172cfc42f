"""What a search of the whole database found of persons: scrubbed where that is safe, told where it is not.

A search knows words, not people: a row that names "Maria van Dalen" may be about another one, and one that has "Sales"
or "Dorpsstraat 1" mostly is. A row with an address or number of the person, or with two of such values, is theirs. In all
others names and addresses of other records are left, and elsewhere only a name goes that can be nobody else's: one of
two words that are not of every day, and which no other contact has.
"""

from collections import Counter, defaultdict

from odoo.tools import SQL

from ..handlers import SWEEP, get_handler
from ..tools.identity import Identity
from ..tools.matching import Crowd
from ..tools.names import is_distinctive
from .persons import Person
from .found import THEIR_FILE
from .policy import is_identity
from .run import Run
from .sweep_files import find_theirs
from .vocabulary import read_vocabulary

# what a text that is taken out could break
SETTINGS = (
    "ir.ui.view", "ir.model", "ir.model.access", "ir.model.constraint", "ir.model.fields", "ir.model.fields.selection",
    "ir.model.inherit", "ir.model.relation", "ir.asset", "ir.rule", "ir.sequence", "ir.mail_server", "res.company",
    "res.groups", "res.lang", "res.country", "base.automation", "privacy.log",
)  # fmt: skip
OURS = ("crm.gdpr.", "ir.module.")
# each tells a person from all others
TELLING = {"email", "phone", "number"}
# two of them do
HINTS = {"name", "company", "text"}


def _is_file(hit):
    """Whether it is in the content of a file, which cannot be edited."""
    return hit.table == "filestore" or (hit.table, hit.column) in (
        ("ir_attachment", "store_fname"), ("ir_attachment", "db_datas"),
    )  # fmt: skip


class Sweep:
    """The hits of one search.

    :param identities: who is searched for, by any key
    :param hits: of `residue.scan`
    :param partners: their contacts' ids, by the same key
    """

    def __init__(self, env, identities, hits, settings, partners):
        self.env = env
        self.settings = settings
        self.partners = partners
        self.crowd = Crowd(identities)
        self.persons = {key: Person(("", key), identity=identity) for key, identity in identities.items()}
        self.models = {env[name]._table: name for name in env.registry.models if not env[name]._abstract}
        self.left = {key: Counter() for key in identities}
        self.hits = list(hits)
        self.kept = {}
        self._sure = self._find_sure()
        self._their_files = set()
        namesakes = self._find_namesakes()
        self._careful = self._get_careful(identities, namesakes)
        self._unsure = self._find_unsure(namesakes)

    def clean(self):
        """Take out what can be taken out, and note what is left: ``left`` of each person."""
        run = Run(self.env, [*self.persons.values(), *self._careful.values()], self.settings)
        files = [hit for hit in self.hits if _is_file(hit)]
        self._their_files = find_theirs(self.env, run.columns, files, self._sure)
        told, columns = self._sort_out()
        rows = list(columns)
        self._add(run, columns)
        run.models = sorted(run.found.rows)
        run.erase()
        self.kept = {key: person.kept + self._careful[key].kept for key, person in self.persons.items()}
        for place, why, key in told:
            self.left[key][place, why] += 1
        self._look_again(run, rows)

    def _add(self, run, columns):
        """Add rows to what is treated: no more of them than the columns in which the person is."""
        for (model, row_id, key), names in columns.items():
            is_file = model == "ir.attachment" and row_id in self._their_files
            person = (self.persons if self._is_sure(model, row_id, key) else self._careful)[key]
            run.found.add(model, row_id, person, THEIR_FILE if is_file else SWEEP)
            row = run.found.get(model)[row_id]
            row.columns = (row.columns or set()) | names

    def _sort_out(self):
        """Return what is only told, and the rows to treat: ``{(model, id, key): columns}``."""
        kept = self._find_kept()
        told, rows = [], defaultdict(set)
        for hit in self.hits:
            model = self.models.get(hit.table)
            for key, kinds in hit.persons.items():
                place = f"{hit.table}.{hit.column}"
                why = self._why_left(hit, model, key, kept)
                if why:
                    told.append((place, why, key))
                else:
                    rows[model, hit.row_id, key].add(hit.column)
        return told, rows

    def _why_left(self, hit, model, key, kept):
        """Why a row is not touched; empty where it is."""
        reasons = kept.get((model, hit.row_id), {})
        if self.partners[key] in reasons:
            return reasons[self.partners[key]]
        if _is_file(hit):
            return "" if hit.row_id in self._their_files else next(iter(reasons.values()), "file")
        if not model or not isinstance(hit.row_id, int) or model in SETTINGS or model.startswith(OURS):
            return "settings"
        if self._is_sure(model, hit.row_id, key):
            return ""
        if is_identity(model, hit.column):
            return "other_person"
        return self._unsure.get((hit.table, hit.row_id, key), "")

    def _is_sure(self, model, row_id, key):
        return key in self._sure[self.env[model]._table, row_id] or get_handler(model).is_log

    def _find_namesakes(self):
        """Persons of whose name there is another contact."""
        return {
            key
            for hit in self.hits
            if is_identity(self.models.get(hit.table), hit.column) and "company_name" not in hit.column
            for key, kinds in hit.persons.items()
            if kinds & {"name", "company"} and key not in self._sure[hit.table, hit.row_id]
        }

    def _find_sure(self):
        """Whom a row is about for certain: ``{(table, id): keys}``."""
        found = defaultdict(lambda: defaultdict(set))
        for hit in self.hits:
            for key, kinds in hit.persons.items():
                found[hit.table, hit.row_id][key] |= kinds
        sure = {
            row: {key for key, kinds in persons.items() if kinds & TELLING or len(kinds & HINTS) > 1}
            for row, persons in found.items()
        }
        return defaultdict(set, sure)

    def _get_careful(self, identities, namesakes):
        """The persons, of whom only that is known which is nobody else's wherever it stands."""
        vocabulary = read_vocabulary(self.env)
        careful = {}
        for key, identity in identities.items():
            names = {name for name in identity.names if key not in namesakes and is_distinctive(name, vocabulary)}
            careful[key] = Person(("", key), identity=Identity(names=names))
        return careful

    def _find_unsure(self, namesakes):
        """Rows in which nothing is certainly the person, and why they are left: ``{(table, id, key): why}``."""
        crowd = Crowd({key: person.identity for key, person in self._careful.items()})
        unsure, to_read = {}, defaultdict(set)
        for hit in self.hits:
            for key in hit.persons.keys() - self._sure[hit.table, hit.row_id]:
                unsure[hit.table, hit.row_id, key] = "other_person" if key in namesakes else "ordinary"
                if self._careful[key].identity and hit.table in self.models and isinstance(hit.row_id, int):
                    to_read[hit.table].add(hit.row_id)
        for table, ids in to_read.items():
            for row_id, text in self._read(self.models[table], list(ids)):
                for key in crowd.find(text):
                    unsure.pop((table, row_id, key), None)
        return unsure

    def _find_kept(self):
        """Why rows with hits are kept, and for whom: ``{(model, id): {partner id: why}}``."""
        found = {(self.models[hit.table], hit.row_id) for hit in self.hits if hit.table in self.models}
        models = {model for model, _row_id in found}
        ids = {row_id for _model, row_id in found if isinstance(row_id, int)}
        rows = self.env["crm.gdpr.kept"].search(
            [("released_at", "=", False), ("res_model", "in", list(models)), ("res_id", "in", list(ids))]
        )
        kept = defaultdict(dict)
        for row in rows:
            if (row.res_model, row.res_id) in found:
                kept[row.res_model, row.res_id][row.partner_id.id] = row.why
        return kept

    def _look_again(self, run, rows):
        """Read what was treated once more: what is still there is kept by law, or could not be taken out."""
        by_model = defaultdict(lambda: defaultdict(set))
        for model, row_id, key in rows:
            by_model[model][row_id].add(key)
        for model, keys in by_model.items():
            if get_handler(model).is_plain:
                continue
            for row_id, text in self._read(model, list(keys)):
                for key in keys[row_id] & set(self.crowd.find(text)):
                    reason = run.kept_rows[model].get(row_id)
                    why = reason.why if reason else self._why_still(model, row_id, key, text)
                    self.left[key][self.env[model]._table, why] += 1

    def _why_still(self, model, row_id, key, text):
        is_theirs = self._is_sure(model, row_id, key) or self._careful[key].matcher.find(text)
        return "settings" if is_theirs else "ordinary"

    def _read(self, model, ids):
        table = SQL.identifier(self.env[model]._table)
        self.env.cr.execute(SQL("SELECT id, row_to_json(t)::text FROM %s t WHERE id = ANY(%s)", table, ids))
        return self.env.cr.fetchall()
