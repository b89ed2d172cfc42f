"""What becomes of one value of a column, by its treatment and its field's type."""

import ast

from ..tools import strategies
from ..tools.matching import scrub_json
from ..tools.phone import calling_code
from .policy import is_identity
from .treatments import LOGIN

MARK = "…"
# fields of actions, jobs, filters and the like that hold code
PYTHON = {"code", "domain", "context"}
# addresses, names and subjects, which many rows of a person have alike
LONGEST_KNOWN = 200


class Values:
    """Treats the values of a run."""

    def __init__(self, run):
        self.run = run
        self.env = run.env
        self._scrubbed = {}
        self._facts = {}

    def treat(self, model, name, treatment, value, row):
        """Return the new value of a column, as it is to be written."""
        field, is_mandatory, is_unique = self._get_facts(model, name)
        new = getattr(self, f"_{treatment.kind}")(field, treatment, value, row)
        if new is value or treatment is LOGIN:
            return new
        if new is None and is_mandatory:
            new = self._get_nothing(field, value)
        if is_unique and isinstance(new, str) and new != value:
            return strategies.apply("hash", value, key=self.run.settings.key)
        return new

    def _get_facts(self, model, name):
        """The field, whether its column must not be empty, and whether no two rows may have the same there."""
        if (model, name) not in self._facts:
            table, columns = self.env[model]._table, self.run.columns
            facts = self.env[model]._fields[name], columns.is_mandatory(table, name), columns.is_unique(table, name)
            self._facts[model, name] = facts
        return self._facts[model, name]

    @staticmethod
    def _get_nothing(field, value):
        """What must not be empty gets something that says nothing."""
        if field.type not in ("char", "text", "html"):
            return value
        return {"en_US": MARK} if isinstance(value, dict) else MARK

    def _keep(self, _field, _treatment, value, _row):
        return value

    _derive = _keep

    def _empty(self, _field, _treatment, _value, _row):
        return None

    def _replace(self, _field, treatment, value, _row):
        return treatment.text if not isinstance(value, dict) else dict.fromkeys(value, treatment.text)

    def _login(self, _field, _treatment, value, row):
        """Nobody's, and unique."""
        hashed = strategies.apply("hash", value, key=self.run.settings.key)
        return value if value.startswith("anonymised-") else f"anonymised-{hashed}"

    def _configured(self, field, _treatment, value, _row):
        strategy = self.run.settings.strategies[field.model_name][field.name]
        if isinstance(value, dict):
            # by language or by company
            if field.type in ("json", "properties", "serialized"):
                return None
            treated = {key: self._by_strategy(strategy, part) for key, part in value.items()}
            return {key: part for key, part in treated.items() if part} or None
        if field.type in ("many2one", "boolean", "integer", "float", "monetary", "selection"):
            return None
        return self._by_strategy(strategy, value)

    def _by_strategy(self, strategy, value):
        kind, text = strategy
        code = calling_code(value) if kind == "country" and isinstance(value, str) else ""
        return strategies.apply(kind, value, fixed=text, key=self.run.settings.key, calling_code=code)

    def _scrub(self, field, _treatment, value, row):
        """Take out what identifies each of the row's persons."""
        for person in sorted(row.get_persons(field.name), key=lambda person: str(person.main)):
            is_near = row.is_near(person)
            matcher = person.matcher if is_near else person.careful_matcher
            # a single word of a name is somebody else's as well, above all where that one's name stands
            is_wide = not row.is_swept and (is_near or not is_identity(field.model_name, field.name))
            if isinstance(value, (dict, list)):
                value = scrub_json(value, matcher, wide=is_wide)
            elif isinstance(value, str):
                scrubbed = self._scrub_text(matcher, value, is_wide)
                value = value if field.name in PYTHON and _is_broken(value, scrubbed) else scrubbed
        return value

    def _scrub_text(self, matcher, text, is_wide):
        if len(text) > LONGEST_KNOWN:
            return matcher.scrub(text, wide=is_wide, mark=MARK)
        key = matcher, text, is_wide
        if key not in self._scrubbed:
            self._scrubbed[key] = matcher.scrub(text, wide=is_wide, mark=MARK)
        return self._scrubbed[key]


def _is_broken(code, scrubbed):
    """Whether what was code is none any more."""
    return scrubbed is not code and _is_code(code) and not _is_code(scrubbed)


def _is_code(text):
    try:
        ast.parse(text.strip())
    except (SyntaxError, ValueError):
        return False
    return True
