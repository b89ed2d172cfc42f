"""The other people whom a person's rows lead to."""

from odoo.tools import SQL

from ..engine import links
from ..handlers import get_handler


def find_linked(selection):
    """Return the ids of the contacts that any row leads to which has to do with the person, and of their colleagues."""
    run = selection.run
    direct, _references = links.find_links(run.env, [model for model, rows in run.found.rows.items() if rows])
    found = set()
    for link in direct:
        ids = set(run.found.get(link.model))
        if link.model == "mail.message":
            ids |= set(selection.messages)
        if link.target in ("res.partner", "res.users"):
            found |= _read_link(run.env, link, list(ids))
    return found | _find_followers(selection) | _find_workmates(selection)


def find_unlinked(selection):
    """Return the identities of people who stand in rows without a contact."""
    run = selection.run
    return [
        identity for model, rows in run.found.rows.items() if rows
        for identity in get_handler(model).get_others(run, rows)
    ]  # fmt: skip


def _read_link(env, link, ids):
    field = env[link.model]._fields[link.field]
    if field.company_dependent:
        return set()
    if link.kind == "many2many":
        table, row, target = field.relation, field.column1, field.column2
    else:
        table, row, target = env[link.model]._table, "id", field.name
    query = SQL(
        "SELECT DISTINCT %s AS id FROM %s WHERE %s = ANY(%s)",
        SQL.identifier(target),
        SQL.identifier(table),
        SQL.identifier(row),
        ids,
    )
    if link.target == "res.users":
        query = SQL("SELECT partner_id FROM res_users WHERE id IN (%s)", query)
    env.cr.execute(query)
    return {row_id for (row_id,) in env.cr.fetchall() if row_id}


def _find_followers(selection):
    found = set()
    for model, ids in selection.theirs.items():
        if ids and get_handler(model).has_documents:
            selection.env.cr.execute(
                SQL(
                    "SELECT DISTINCT partner_id FROM mail_followers WHERE res_model = %s AND res_id = ANY(%s)",
                    model,
                    list(ids),
                )
            )
            found |= {partner_id for (partner_id,) in selection.env.cr.fetchall()}
    return found


def _find_workmates(selection):
    """The people of the same company."""
    selection.env.cr.execute(
        SQL(
            """
            SELECT id FROM res_partner WHERE NOT is_company AND commercial_partner_id IN (
                SELECT commercial_partner_id FROM res_partner WHERE id = ANY(%s))
            """,
            selection.person.partners,
        )
    )
    return {partner_id for (partner_id,) in selection.env.cr.fetchall()}
