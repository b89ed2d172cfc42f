"""Files that a search found, and that are nobody else's: they can go."""

from odoo.tools import SQL

from .policy import is_identity

# who else may have the same picture: then it is a logo
WITH_PICTURES = ("res.company", "product.")


def find_theirs(env, columns, hits, sure):
    """Which of these files can go.

    A file whose record is gone, and that nothing refers to; and a copy of a person's photo or signature, unless another
    contact or a company has the same picture.

    :param hits: those in files
    :param sure: rows that are about the person: ``{(table, id): keys}``
    :return: ids of attachments
    """
    kinds = {hit.row_id: frozenset().union(*hit.persons.values()) for hit in hits if isinstance(hit.row_id, int)}
    env.cr.execute(
        SQL("SELECT id, checksum, res_model, res_id, res_field FROM ir_attachment WHERE id = ANY(%s)", list(kinds))
    )
    rows = env.cr.fetchall()
    left_behind = {row_id for row_id, _checksum, model, res_id, _field in rows if not _exists(env, model, res_id)}
    left_behind -= columns.find_referenced("ir_attachment", sorted(left_behind)) if left_behind else set()
    shared = {
        checksum
        for _id, checksum, model, res_id, field in rows
        if field and _is_of_another(env, model, res_id, sure)
    }
    return left_behind | {
        row_id for row_id, checksum, *_document in rows if kinds[row_id] == {"file"} and checksum not in shared
    }


def _exists(env, model, res_id):
    if not res_id or model not in env:
        return False
    # whoever may see it: only whether it is there is asked
    return bool(env[model].sudo().browse(res_id).exists())


def _is_of_another(env, model, res_id, sure):
    if model not in env or (env[model]._table, res_id) in sure:
        return False
    return model.startswith(WITH_PICTURES) or is_identity(model, "name")
