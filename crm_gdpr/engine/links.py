"""Which stored fields lead from a row to a contact, a user, a lead, or any other row: found in the registry."""

import re
from dataclasses import dataclass

from odoo.tools import SQL

PERSONS = ("res.partner", "res.users", "crm.lead")
MAGIC = {"create_uid", "write_uid"}


@dataclass(frozen=True)
class Link:
    """A field that leads to a row.

    :param kind: many2one, many2many, many2one_reference (beside a field with the model's name) or reference
    """

    model: str
    field: str
    kind: str
    target: str = ""


def is_customer(name):
    """Whether a field says whose business a row is, also one that the company made itself."""
    return re.sub(r"^x_(studio_)?", "", name) == "partner_id"


def stored_models(env):
    """The models whose rows are in a table of their own, in the order of their names."""
    tables = {
        name: env[name]._table for name in env.registry.models if not env[name]._abstract and env[name]._name == name
    }
    env.cr.execute(
        SQL(
            """
            SELECT relname FROM pg_class
             WHERE relnamespace = current_schema::regnamespace AND relkind IN ('r', 'p') AND relname = ANY(%s)
            """,
            list(set(tables.values())),
        )
    )
    ordinary = {name for (name,) in env.cr.fetchall()}
    return sorted(name for name, table in tables.items() if table in ordinary)


def find_links(env, models):
    """Return the links to contacts, users and leads, and those to any row."""
    direct, references = [], []
    for name in models:
        for field in env[name]._fields.values():
            link = _get_link(name, field)
            if link:
                (references if link.kind in ("many2one_reference", "reference") else direct).append(link)
    return direct, references


def _get_link(model, field):
    if not field.store or field.name in MAGIC or field.type not in (
        "many2one", "many2many", "many2one_reference", "reference",
    ):  # fmt: skip
        return None
    if field.type in ("many2one_reference", "reference"):
        return Link(model, field.name, field.type)
    # a user is found through their contact; groups and the like say nothing about a person
    is_person = field.comodel_name in PERSONS and (field.comodel_name == "res.partner" or field.type == "many2one")
    return Link(model, field.name, field.type, field.comodel_name) if is_person else None


def search_link(env, link, ids):
    """Yield (row id, id of the target) of the rows that link to one of these."""
    model = env[link.model]
    field = model._fields[link.field]
    if link.kind == "many2many":
        query = SQL(
            "SELECT %(row)s, %(target)s FROM %(table)s WHERE %(target)s = ANY(%(ids)s)",
            row=SQL.identifier(field.column1),
            target=SQL.identifier(field.column2),
            table=SQL.identifier(field.relation),
            ids=ids,
        )
    elif field.company_dependent:
        return []
    else:
        query = SQL(
            "SELECT id, %(column)s FROM %(table)s WHERE %(column)s = ANY(%(ids)s)",
            column=SQL.identifier(field.name),
            table=SQL.identifier(model._table),
            ids=ids,
        )
    env.cr.execute(query)
    return env.cr.fetchall()


def search_reference(env, link, targets):
    """Yield (row id, model, id) of the rows that link to any of these, ``{model: ids}``."""
    model = env[link.model]
    field = model._fields[link.field]
    pairs = [(name, row_id) for name, ids in targets.items() for row_id in ids]
    if not pairs:
        return []
    if link.kind == "reference":
        wanted = [f"{name},{row_id}" for name, row_id in pairs]
        query = SQL(
            "SELECT id, split_part(%(column)s, ',', 1), split_part(%(column)s, ',', 2)::int FROM %(table)s"
            " WHERE %(column)s = ANY(%(wanted)s)",
            column=SQL.identifier(field.name),
            table=SQL.identifier(model._table),
            wanted=wanted,
        )
    else:
        beside = model._fields[field.model_field]
        if not (beside.store and beside.column_type):
            return []
        query = SQL(
            """
            SELECT row.id, wanted.model, wanted.id
              FROM unnest(%(models)s::text[], %(ids)s::int[]) AS wanted (model, id)
              JOIN %(table)s AS row ON row.%(model)s = wanted.model AND row.%(column)s = wanted.id
            """,
            models=[name for name, _row_id in pairs],
            ids=[row_id for _name, row_id in pairs],
            table=SQL.identifier(model._table),
            model=SQL.identifier(beside.name),
            column=SQL.identifier(field.name),
        )
    env.cr.execute(query)
    return env.cr.fetchall()
