"""What a search of the whole database found of persons: scrubbed where that is safe, told where it is not.

A search knows words, not people: a row that names "Maria van Dalen" may be about another one. So names and addresses of
other records are left, and where another contact has the same name, words that are nothing but the name as well.
"""

from collections import Counter, defaultdict

from odoo.tools import SQL

from ..handlers import SWEEP, get_handler
from ..tools.matching import Crowd
from .persons import Person
from .policy import is_identity
from .run import Run

# what a text that is taken out could break
SETTINGS = (
    "ir.actions.", "ir.ui.", "ir.model", "ir.config_parameter", "ir.cron", "ir.module.", "ir.asset", "ir.rule",
    "ir.sequence", "ir.mail_server", "res.company", "res.groups", "res.lang", "res.country", "base.automation",
    "crm.gdpr.", "privacy.log",
)  # fmt: skip


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

    def clean(self):
        """Take out what can be taken out, and note what is left: ``left`` of each person."""
        told, rows = self._sort_out()
        run = Run(self.env, list(self.persons.values()), self.settings)
        for model, row_id, key in rows:
            run.found.add(model, row_id, self.persons[key], SWEEP)
        run.models = sorted(run.found.rows)
        run.erase()
        for place, why, key in told:
            self.left[key][place, why] += 1
        self._look_again(run, rows)

    def _sort_out(self):
        """Return what is only told, and the rows to treat."""
        namesakes = self._find_namesakes()
        kept = self._find_kept()
        told, rows = [], set()
        for hit in self.hits:
            model = self.models.get(hit.table)
            for key, kinds in hit.persons.items():
                place = f"{hit.table}.{hit.column}"
                why = self._why_left(hit, model, kinds, key in namesakes, kept)
                if why:
                    told.append((place, why, key))
                else:
                    rows.add((model, hit.row_id, key))
        return told, rows

    def _why_left(self, hit, model, kinds, has_namesake, kept):
        """Why a row is not touched; empty where it is."""
        if (model, hit.row_id) in kept:
            return kept[model, hit.row_id]
        if _is_file(hit):
            return "file"
        if not model or not isinstance(hit.row_id, int) or model.startswith(SETTINGS):
            return "settings"
        if is_identity(model, hit.column):
            return "other_person"
        if has_namesake and kinds <= {"name"}:
            return "other_person"
        return ""

    def _find_namesakes(self):
        """Persons of whose name there is another contact or lead."""
        return {
            key
            for hit in self.hits
            if is_identity(self.models.get(hit.table), hit.column)
            for key, kinds in hit.persons.items()
            if "name" in kinds
        }

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
