"""What is personal data: every stored field of every model that holds or derives a person's name, address, number, text
about them, or a link to them, with its treatment. Found in the registry; handlers say what is known better."""

from dataclasses import dataclass
from functools import cached_property

from ..handlers import get_handler
from .treatments import CONFIGURED, DERIVE, EMPTY, SCRUB, Treatment, keep

TEXTS = ("char", "text", "html", "json", "properties", "serialized", "binary")
# what such a field holds is a person's own; of a model that nobody described, the customer's
NAMES_OF_PERSONAL_DATA = (
    "email", "phone", "mobile", "fax", "street", "zip", "city", "vat", "iban", "acc_number", "birth", "passport",
    "ssn", "contact_name", "partner_name", "signature", "ip_address", "latitude", "longitude",
)  # fmt: skip
# the same of fields that are no text
FACTS = ("birth", "passport", "latitude", "longitude")
FACT_TYPES = ("date", "datetime", "float")
COPIES = ("email_cc", "cc_email")
TECHNICAL = {
    "id", "create_uid", "create_date", "write_uid", "write_date", "parent_path", "active", "sequence", "color",
    "access_token", "res_model", "model",
}  # fmt: skip
# a person's own records, of which another one may have the same name
PERSON_MODELS = {
    "res.partner", "res.users", "res.partner.bank", "crm.lead", "mailing.contact", "crm.lead.contact", "mail.guest",
    "mail.blacklist", "phone.blacklist",
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A stored field and its treatment in rows about a person, and in rows that they have to do with."""

    name: str
    own: Treatment
    involved: Treatment
    is_known: bool  # somebody decided it: a handler or the company
    is_customers: bool = False  # of the customer of a row that is not about the customer alone


class Policy:
    """The treatments of a registry with a company's configuration."""

    def __init__(self, env, strategies):
        """:param strategies: ``{model: {field: (strategy, text)}}`` of the models whose fields are configured"""
        self.env = env
        self.strategies = strategies
        self._columns = {}
        self._treated = {}

    def get_columns(self, model):
        """The columns of a model that hold text or are treated in another way, by their name."""
        if model not in self._columns:
            self._columns[model] = {
                column.name: column for field in self.env[model]._fields.values() if (column := self._decide(field))
            }
        return self._columns[model]

    def get_treated(self, model):
        """Those that are to be changed, in rows about a person or in others."""
        if model not in self._treated:
            columns = self.get_columns(model)
            self._treated[model] = {
                name: column for name, column in columns.items() if column.own.is_change or column.involved.is_change
            }
        return self._treated[model]

    def get_derived(self, model):
        """The names of those that the ORM computes from what is to be changed in contacts and leads."""
        return self._derived.get(model, [])

    @cached_property
    def _derived(self):
        is_from = {self.env[model]._fields[name]: True for model in self.strategies for name in self.get_treated(model)}
        return {
            model: [
                name
                for name, column in self.get_columns(model).items()
                if column.own.kind == "derive" and self._is_from(self.env[model]._fields[name], is_from)
            ]
            for model in self.strategies
        }

    def _is_from(self, field, known):
        """Whether a field is computed from those that are to be changed, which ``known`` has to begin with.

        What is stored and can be edited stays as it is, and so does what is computed from it.
        """
        if field not in known:
            known[field] = False  # of one that is computed from itself in other records
            is_computed = field.compute and (is_derived(field) or not field.store)
            known[field] = bool(is_computed) and any(self._is_from(other, known) for other in self._get_sources(field))
        return known[field]

    def _get_sources(self, field):
        for path in self.env.registry.field_depends[field]:
            model = self.env[field.model_name]
            for name in path.split("."):
                source = model._fields[name]
                yield source
                model = self.env[source.comodel_name] if source.relational else model

    def _decide(self, field):
        handler = get_handler(field.model_name)
        told = handler.fields.get(field.name)
        # a link that opens a document without a login is technical, unless its model says what becomes of it
        if not field.store or not field.column_type or (field.name in TECHNICAL and told is None):
            return None
        if told is None and field.model_name in self.strategies:
            return self._decide_configured(field)
        if told is None and field.type in TEXTS and "*" in handler.fields:
            told = handler.fields["*"]
        if told is not None:
            own, involved = told if isinstance(told, tuple) else (told, told)
            return Column(field.name, own, involved, True)
        if field.type in FACT_TYPES and any(part in field.name for part in FACTS) and not is_derived(field):
            return Column(field.name, EMPTY, SCRUB, handler.is_known, not handler.is_known)
        if field.type not in TEXTS:
            return None
        return self._decide_by_rule(field, handler)

    @staticmethod
    def _is_of_others(field):
        """Who got a copy, which the customer need not know."""
        return any(part in field.name for part in COPIES)

    def _decide_configured(self, field):
        """A contact's or lead's own field: the company says how, also of fields that it made itself."""
        if is_derived(field):
            return Column(field.name, DERIVE, DERIVE, True)
        strategy = self.strategies[field.model_name].get(field.name)
        if not strategy:
            return None
        if strategy[0] == "keep":
            why = keep("the company keeps this field")
            return Column(field.name, why, why, True)
        return Column(field.name, CONFIGURED, SCRUB, True)

    def _decide_by_rule(self, field, handler):
        is_known = handler.is_known
        if is_derived(field):
            # what is derived from a person's data is found by it in the other tables
            return Column(field.name, SCRUB, SCRUB, is_known)
        if field.type == "binary":
            return Column(field.name, EMPTY, keep("a file of a row that is not about the person alone"), is_known)
        if any(part in field.name for part in NAMES_OF_PERSONAL_DATA):
            return Column(field.name, EMPTY, SCRUB, is_known, not is_known and not self._is_of_others(field))
        return Column(field.name, handler.own_text, handler.involved_text, is_known)


def is_identity(model, name):
    """Whether a column of a person's record holds who they are, rather than words that may name anybody."""
    if model not in PERSON_MODELS or any(part in name for part in COPIES):
        return False
    is_name = name in ("name", "complete_name", "login", "number") and model != "crm.lead"
    return is_name or any(part in name for part in (*NAMES_OF_PERSONAL_DATA, "company_name", "one_off"))


def is_derived(field):
    """Computed from others and not to be edited: the ORM fills it again."""
    return bool(field.compute and field.readonly and not field.inverse)


def describe(env, strategies, models):
    """List what is personal data: (model, field, treatment of own rows, of others, known)."""
    policy = Policy(env, strategies)
    return [(model, column) for model in models for column in policy.get_columns(model).values()]
