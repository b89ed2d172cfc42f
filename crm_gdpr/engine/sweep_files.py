"""Files that a search found, and that are nobody else's: they can go."""

from collections import defaultdict

from odoo.tools import SQL

from .policy import is_identity

# who else may have the same picture: then it is a logo
WITH_PICTURES = ("res.company", "product.")
# the address of a file
SHOWN = r"/web/(?:content|image)(?:/ir\.attachment)?(?:/|\?id=)(\d{1,9})"


def find_theirs(env, columns, hits, theirs, is_telling):
    """Which of these files can go.

    A file that certainly names the person, whose record is gone, and that nothing refers to; and a copy of a person's
    photo or signature, unless another contact or a company has the same picture.

    :param hits: those in files
    :param theirs: rows that are the person's: ``{(table, id): keys}``
    :param is_telling: tells of a person's key whether such kinds of values are nobody else's
    :return: ids of attachments
    """
    hits = [hit for hit in hits if isinstance(hit.row_id, int)]
    kinds = {hit.row_id: frozenset().union(*hit.persons.values()) for hit in hits}
    env.cr.execute(
        SQL("SELECT id, checksum, res_model, res_id, res_field FROM ir_attachment WHERE id = ANY(%s)", list(kinds))
    )
    rows = env.cr.fetchall()
    telling = {hit.row_id for hit in hits if any(is_telling(*person) for person in hit.persons.items())}
    left_behind = _find_left_behind(env, columns, sorted(telling))
    shared = {
        checksum for _id, checksum, model, res_id, field in rows if field and _is_of_another(env, model, res_id, theirs)
    }
    return left_behind | {
        row_id for row_id, checksum, *_document in rows if kinds[row_id] == {"file"} and checksum not in shared
    }


def _find_left_behind(env, columns, ids):
    """Files of records that are gone, or of none, which nothing shows: no row by a key, and no page by its address."""
    query = "SELECT id, res_model, res_id FROM ir_attachment WHERE id = ANY(%s) AND public IS NOT TRUE AND url IS NULL"
    env.cr.execute(SQL(query, ids))
    by_model = defaultdict(list)
    for row_id, model, res_id in env.cr.fetchall():
        by_model[model].append((row_id, res_id))
    found = {row_id for model, rows in by_model.items() for row_id in _find_without_record(env, model, rows)}
    if found:
        found -= columns.find_referenced("ir_attachment", sorted(found))
    return found - _find_shown(env) if found else found


def _find_without_record(env, model, rows):
    """Those of a model's files, ``[(id, record's id)]``, that hang on nothing, or on what is gone."""
    if not model or model not in env or env[model]._abstract:
        return {row_id for row_id, _res_id in rows}
    # whoever may see them: only whether they are there is asked
    there = set(env[model].sudo().browse({res_id for _row_id, res_id in rows if res_id}).exists()._ids)
    is_draft = model == "mail.compose.message"
    return {row_id for row_id, res_id in rows if (is_draft if not res_id else res_id not in there)}


def _find_shown(env):
    """The ids of all files that a page or a message has the address of."""
    shown = set()
    for model in env.registry.values():
        if model._abstract or not model._auto:
            continue
        names = [name for name, field in model._fields.items() if field.store and field.type == "html"]
        for name in names + ["arch_db"] * (model._name == "ir.ui.view"):
            column, table = SQL.identifier(name), SQL.identifier(model._table)
            query = "SELECT DISTINCT (regexp_matches(%s::text, %s, 'g'))[1]::bigint FROM %s WHERE %s::text LIKE %s"
            env.cr.execute(SQL(query, column, SHOWN, table, column, "%/web/%"))
            shown |= {row_id for (row_id,) in env.cr.fetchall()}
    return shown


def _is_of_another(env, model, res_id, theirs):
    if model not in env or theirs.get((env[model]._table, res_id)):
        return False
    return model.startswith(WITH_PICTURES) or is_identity(model, "name")
