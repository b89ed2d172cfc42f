"""The one place where the tests meet what they test: how persons are anonymised, and what is kept."""

from datetime import timedelta

from odoo import fields

# tables in which it is noted that something was done
RECORDS = {
    "crm_gdpr_request", "crm_gdpr_request_line", "crm_gdpr_request_reach_rel", "crm_gdpr_request_res_company_rel",
    "crm_gdpr_log", "crm_gdpr_log_head", "crm_gdpr_kept", "ir_cron",
    "ir_cron_trigger", "ir_cron_progress", "ir_sequence", "bus_bus",
}  # fmt: skip


def as_user(env, login):
    """The environment of one of the cast."""
    return env(user=env["res.users"].search([("login", "=", login)]).id)


def anonymise(env, partners):
    """Preview, carry out and wait until it is done, as a privacy officer.

    :return: the crm.gdpr.request
    """
    env = as_user(env, "olga")
    request = env["crm.gdpr.request"]._make(partners.with_env(env))
    preview(request)
    assert set(request.line_ids.mapped("state")) == {"planned"}, request.line_ids.mapped("problem")
    request.action_carry_out()
    env.cr.commit()
    run_job(env, "crm_gdpr.ir_cron_carry_out")
    env.invalidate_all()
    assert request.state == "done", (request.state, request.line_ids.mapped("problem"))
    assert set(request.line_ids.mapped("state")) == {"done"}, request.line_ids.mapped("problem")
    return request


def preview(request):
    """Preview a request, and wait for the job where there are many."""
    request.action_preview()
    if request.state == "previewing":
        request.env.cr.commit()
        run_job(request.env(su=True), "crm_gdpr.ir_cron_preview")
        request.env.invalidate_all()


def run_job(env, xml_id):
    """Run a job to its end, with its commits."""
    env.ref(xml_id).sudo().method_direct_trigger()
    env.cr.commit()


def kept_rows(env):
    """What is kept by law and not released yet.

    :return: ``{(table.column, row)}``, and of files where they lie
    """
    places = set()
    for kept in env["crm.gdpr.kept"].search([("released_at", "=", False)]):
        record = env[kept.res_model].browse(kept.res_id)
        places |= {(f"{record._table}.{name}", str(record.id)) for name in kept.field_names or ()}
        if kept.res_model == "ir.attachment":
            places.add(("file store", record.store_fname))
    return places


def let_time_pass(env):
    """Move the end of what is kept into the past, as if the books were that old."""
    moves = env["crm.gdpr.kept"].search([("res_model", "=", "account.move")]).mapped("res_id")
    rows = tuple(moves) or (0,)
    for table in ("account_move", "account_move_line"):
        column = "id" if table == "account_move" else "move_id"
        env.cr.execute(f"UPDATE {table} SET date = date - 9500 WHERE {column} IN %s", (rows,))
    env.cr.execute("UPDATE account_move SET invoice_date = invoice_date - 9500 WHERE id IN %s", (rows,))
    env["crm.gdpr.kept"].search([("released_at", "=", False)]).until = fields.Date.today() - timedelta(days=1)
    env.cr.commit()
    env.invalidate_all()


def _attachments(env, names):
    return env["ir.attachment"].with_context(skip_res_field_check=True).search([("store_fname", "in", list(names))])


def find_documents(env, names):
    """On which records files hang, by their names in the file store."""
    return {(file.res_model, file.res_id) for file in _attachments(env, names)}


def delete_files(env, names):
    """As the officer does with files of others that name the person."""
    _attachments(env, names).unlink()
    env.cr.commit()
    env["ir.attachment"]._gc_file_store()
    env.cr.commit()
