"""Whose of the companies the rows are."""

from collections import defaultdict

from odoo.tools import SQL

# a file belongs where it hangs, and an account is for several companies: theirs is where somebody worked at the time
OF_NO_COMPANY = {"ir.attachment", "res.users"}


def read_companies(env, model, ids):
    """Return the companies of rows, ``{row id: company id}``, but of rows that all companies share."""
    field = env[model]._fields.get("company_id")
    is_told = field and field.type == "many2one" and field.comodel_name == "res.company" and field.store
    if not ids or not is_told or field.company_dependent or model in OF_NO_COMPANY:
        return {}
    table = SQL.identifier(env[model]._table)
    env.cr.execute(SQL("SELECT id, company_id FROM %s WHERE id = ANY(%s) AND company_id IS NOT NULL", table, list(ids)))
    return dict(env.cr.fetchall())


def find_companies(run):
    """Return the companies whose rows go along with each person of a run, ``{person: ids}``."""
    found = defaultdict(set)
    for model, rows in run.found.rows.items():
        for row_id, company_id in read_companies(run.env, model, rows).items():
            for person in rows[row_id].persons:
                found[person].add(company_id)
    return found
