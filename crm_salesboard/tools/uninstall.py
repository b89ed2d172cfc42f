"""What an addon takes along when it is uninstalled besides what Odoo removes, and what it leaves to the company."""

import re

from odoo.tools import SQL

# Ready-made records that a company works with: what it has used of them is its own.
READY_MADE = (
    "crm.choice",
    "crm.stage",
    "mail.activity.type",
    "spreadsheet.dashboard.group",
    "utm.medium",
    "utm.stage",
)


def clean_up(env, addon):
    """Leave no row behind that only the addon understands, and nothing of the company's in a state of the addon's.

    To be called last by the addon's ``uninstall_hook``.

    :param env: the environment that Odoo gives to the hook
    :param str addon: its technical name
    """
    env.flush_all()
    going = _going(env, addon)
    for model, ids in _records_of(env, addon, going).items():
        pointers = [(_goes(field, env, going), field) for field in _pointers(env, model)]
        if model in READY_MADE:
            _leave_used(env, addon, model, ids, [field for goes, field in pointers if not goes], going)
        _let_go(env, ids, [field for goes, field in pointers if goes])
    # Odoo would delete these before what uses them; they go with their tables
    gone = [("module", "=", addon), ("model", "in", _models_of(env, going))]
    env["ir.model.data"].search(gone).unlink()
    _forget_searches(env, going)
    _leave_appointments(env, going)
    parameters = env["ir.config_parameter"].search([("key", "=like", f"{addon}.%")])
    parameters.filtered(lambda parameter: parameter.key.startswith(f"{addon}.")).unlink()
    env.invalidate_all()


def _going(env, addon):
    """The names of all addons that are uninstalled together with this one."""
    return {addon, *env["ir.module.module"].search([("state", "=", "to remove")]).mapped("name")}


def _records_of(env, addon, going):
    """The addon's own records in tables that stay: ``{model: ids}``."""
    groups = env["ir.model.data"]._read_group(
        [("module", "=", addon), ("model", "not in", list(_models_of(env, going)))], ["model"], ["res_id:array_agg"]
    )
    return {model: tuple(ids) for model, ids in groups if model in env and not model.startswith("ir.")}


def _models_of(env, going):
    """The models whose tables go."""
    return [name for name, model in env.registry.items() if model._original_module in going and not model._abstract]


def _pointers(env, comodel):
    """All columns in which PostgreSQL keeps a record of the model from being deleted, or forgets it."""
    return [
        field
        for model in env.registry.values()
        if model._auto and not model._abstract
        for field in model._fields.values()
        if field.comodel_name == comodel
        and field.type == "many2one"
        and field.store
        and not field.company_dependent
        and field.ondelete != "cascade"
    ]


def _goes(field, env, going):
    """Whether the column goes with the addons. What administrators have added to a table that stays does not."""
    # Fields that Odoo adds to every model, and those that administrators have added, are of no module.
    of_addons = bool(field._modules) and going.issuperset(field._modules)
    return of_addons or env.registry[field.model_name]._original_module in going


def _leave_used(env, addon, model, ids, fields, going):
    """Let ready-made records that are in use elsewhere be the company's own: Odoo deletes what has an external id."""
    used = set()
    for field in fields:
        table, column = SQL.identifier(env[field.model_name]._table), SQL.identifier(field.name)
        rows = env.execute_query(
            SQL(
                """
                SELECT DISTINCT source.%(column)s FROM %(table)s source
                 WHERE source.%(column)s IN %(ids)s
                   AND NOT EXISTS (
                     SELECT FROM ir_model_data data
                      WHERE data.model = %(model)s AND data.res_id = source.id AND data.module IN %(going)s
                   )
                """,
                table=table,
                column=column,
                ids=ids,
                model=field.model_name,
                going=tuple(going),
            )
        )
        used.update(record_id for (record_id,) in rows)
    domain = [("module", "=", addon), ("model", "=", model), ("res_id", "in", list(used))]
    env["ir.model.data"].search(domain).unlink()


def _let_go(env, ids, fields):
    """Empty what keeps the addon's records from being deleted: the columns go only after them."""
    for field in fields:
        if field.ondelete == "restrict" and not field.required:
            table, column = SQL.identifier(env[field.model_name]._table), SQL.identifier(field.name)
            env.cr.execute(SQL("UPDATE %s SET %s = NULL WHERE %s IN %s", table, column, column, ids))


def _forget_searches(env, going):
    """Remove favourites and saved exports of models that go, and favourites that search or group by fields that go.

    One of these as somebody's default would keep a screen of Odoo's from opening.
    """
    models = _models_of(env, going)
    env["ir.exports"].search([("resource", "in", models)]).unlink()
    favourites = env["ir.filters"].with_context(active_test=False).search([])
    lost = favourites.filtered(lambda favourite: favourite.model_id in models)
    for model, of_model in (favourites - lost).grouped("model_id").items():
        fields = env[model]._fields.values() if model in env else ()
        if names := "|".join(re.escape(field.name) for field in fields if _goes(field, env, going)):
            asks = re.compile(rf"""['"]({names})['".:]""")
            lost |= of_model.filtered(
                lambda favourite, asks=asks: asks.search(f"{favourite.domain} {favourite.context} {favourite.sort}")
            )
    lost.unlink()


def _leave_appointments(env, going):
    """Leave appointments about records that go to the calendar. Odoo has PostgreSQL delete them with the model."""
    models = _models_of(env, going)
    env.cr.execute(
        SQL(
            """
            UPDATE calendar_event SET res_model_id = NULL, res_model = NULL, res_id = NULL
             WHERE res_model_id IN (SELECT id FROM ir_model WHERE model IN %s)
            """,
            tuple(models) or (None,),
        )
    )
