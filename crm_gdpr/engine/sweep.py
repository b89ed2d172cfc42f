"""What a search of the whole database found of persons: scrubbed where that is safe, told where it is not.

A search knows words, not people: a row that names "Maria van Dalen" may be about another one. So names and addresses of
other records are left, and where another contact has the same name, words that are nothing but the name as well.
"""

from collections import Counter, defaultdict

from odoo.tools import SQL

from ..handlers import SWEEP, get_handler
from ..tools.matching import Crowd
from .persons import Person
from .found import THEIR_FILE
from .policy import is_identity
from .run import Run
from .sweep_files import find_theirs

# what a text that is taken out could break
SETTINGS = (
    "ir.ui.view", "ir.model", "ir.model.access", "ir.model.constraint", "ir.model.fields", "ir.model.fields.selection",
    "ir.model.inherit", "ir.model.relation", "ir.asset", "ir.rule", "ir.sequence", "ir.mail_server", "res.company",
    "res.groups", "res.lang", "res.country", "base.automation", "privacy.log",
)  # fmt: skip
OURS = ("crm.gdpr.", "ir.module.")
# tells a person from others of the same name
TELLING = {"email", "phone"}


def _is_file(hit):
    """Whether it is in the content of a file, which cannot be edited."""
    return hit.table == "filestore" or (hit.table, hit.column) in (
        ("ir_attachment", "store_fname"), ("ir_attachment", "db_datas"),
    )  # fmt: skip


class Sweep:
    """The hits of one search.

    :param identities: who is searched for, by any key
    :param hits: of `residue.scan`
    """

    def __init__(self, env, identities, hits, settings):
        self.env = env
        self.settings = settings
        self.crowd = Crowd(identities)
        self.persons = {key: Person(("", key), identity=identity) for key, identity in identities.items()}
        self.models = {env[name]._table: name for name in env.registry.models if not env[name]._abstract}
        self.left = {key: Counter() for key in identities}
        self.hits = list(hits)
        self.kept = {}
        self._sure = self._find_sure()
        self._their_files = set()

    def clean(self):
        """Take out what can be taken out, and note what is left: ``left`` of each person."""
        run = Run(self.env, list(self.persons.values()), self.settings)
        files = [hit for hit in self.hits if _is_file(hit)]
        self._their_files = find_theirs(self.env, run.columns, files, self._sure)
        told, columns = self._sort_out()
        rows = list(columns)
        self._add(run, columns)
        run.models = sorted(run.found.rows)
        run.erase()
        self.kept = {key: person.kept for key, person in self.persons.items()}
        for place, why, key in told:
            self.left[key][place, why] += 1
        self._look_again(run, rows)

    def _add(self, run, columns):
        """Add rows to what is treated: no more of them than the columns in which the person is."""
        for (model, row_id, key), names in columns.items():
            is_file = model == "ir.attachment" and row_id in self._their_files
            run.found.add(model, row_id, self.persons[key], THEIR_FILE if is_file else SWEEP)
            row = run.found.get(model)[row_id]
            row.columns = (row.columns or set()) | names

    def _sort_out(self):
        """Return what is only told, and the rows to treat: ``{(model, id, key): columns}``."""
        namesakes = self._find_namesakes()
        kept = self._find_kept()
        told, rows = [], defaultdict(set)
        for hit in self.hits:
            model = self.models.get(hit.table)
            for key, kinds in hit.persons.items():
                place = f"{hit.table}.{hit.column}"
                why = self._why_left(hit, model, kinds, key, kept, has_namesake=key in namesakes)
                if why:
                    told.append((place, why, key))
                else:
                    rows[model, hit.row_id, key].add(hit.column)
        return told, rows

    def _why_left(self, hit, model, kinds, key, kept, *, has_namesake):
        """Why a row is not touched; empty where it is."""
        if (model, hit.row_id) in kept:
            return kept[model, hit.row_id]
        if _is_file(hit):
            return "" if hit.row_id in self._their_files else "file"
        if not model or not isinstance(hit.row_id, int) or model in SETTINGS or model.startswith(OURS):
            return "settings"
        if key in self._sure[hit.table, hit.row_id] or get_handler(model).is_log:
            return ""
        if is_identity(model, hit.column) or has_namesake and kinds <= {"name"}:
            return "other_person"
        return ""

    def _find_namesakes(self):
        """Persons of whose name there is another contact or lead."""
        return {
            key
            for hit in self.hits
            if is_identity(self.models.get(hit.table), hit.column)
            for key, kinds in hit.persons.items()
            if "name" in kinds and key not in self._sure[hit.table, hit.row_id]
        }

    def _find_sure(self):
        """Whose address or number is in a row, which tells them from others of their name: ``{(table, id): keys}``."""
        sure = defaultdict(set)
        for hit in self.hits:
            sure[hit.table, hit.row_id] |= {key for key, kinds in hit.persons.items() if kinds & TELLING}
        return sure

    def _find_kept(self):
        # sudo is the engine's: which rows are kept by law
        rows = self.env["crm.gdpr.kept"].search([("released_at", "=", False)])
        return {(row.res_model, row.res_id): row.why for row in rows}

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
                    self.left[key][self.env[model]._table, reason.why if reason else "settings"] += 1

    def _read(self, model, ids):
        table = SQL.identifier(self.env[model]._table)
        self.env.cr.execute(SQL("SELECT id, row_to_json(t)::text FROM %s t WHERE id = ANY(%s)", table, ids))
        return self.env.cr.fetchall()
