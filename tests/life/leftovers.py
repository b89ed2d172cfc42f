"""What a database has of structure and configuration, and what of it nobody that is installed knows."""

import re
from contextlib import closing

from psycopg2 import sql

from odoo.tools import SQL
from odoo.tools.sql import make_index_name

# Everything that PostgreSQL keeps of a schema, by a name that says what it is.
SCHEMA = """
    SELECT CASE relkind WHEN 'i' THEN 'index' WHEN 'S' THEN 'sequence' WHEN 'v' THEN 'view' ELSE 'table' END
           || ' ' || relname
      FROM pg_class WHERE relnamespace = current_schema::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S', 'i')
    UNION ALL
    SELECT 'column ' || table_name || '.' || column_name || ' ' || udt_name
           || CASE is_nullable WHEN 'NO' THEN ' required' ELSE '' END || coalesce(' default ' || column_default, '')
      FROM information_schema.columns WHERE table_schema = current_schema
    UNION ALL
    SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
      FROM pg_constraint WHERE connamespace = current_schema::regnamespace AND contype <> 'n'
    UNION ALL
    SELECT 'trigger ' || tgrelid::regclass || ' ' || tgname FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL
    SELECT 'function ' || oid::regprocedure FROM pg_proc WHERE pronamespace = current_schema::regnamespace
"""
# What addons bring of configuration, and what of it must be as it was.
CONFIGURATION = {
    "crm_lost_reason": ("name",),
    "ir_act_client": ("name", "tag"),
    "ir_act_report_xml": ("id", "report_name"),
    "ir_act_server": ("id", "name"),
    "ir_act_window": ("id", "name", "res_model", "domain", "context", "binding_model_id"),
    "ir_asset": ("path", "bundle"),
    "ir_config_parameter": ("key",),
    "ir_cron": ("id", "active"),
    "ir_default": ("id", "json_value"),
    "ir_embedded_actions": ("id", "name"),
    "ir_filters": ("id", "model_id"),
    "ir_model": ("model", "name", '"order"'),
    "ir_model_access": ("id", "name", "active"),
    "ir_model_constraint": ("name", "module"),
    "ir_model_data": ("module", "name"),
    "ir_model_fields": (
        "model", "name", "ttype", "field_description", "relation", "relation_table", "required", "readonly",
        "store", "index", "copied", "tracking",
    ),
    "ir_model_fields_selection": ("field_id", "value"),
    "ir_model_inherit": ("model_id", "parent_id"),
    "ir_model_relation": ("name", "module"),
    "ir_rule": ("id", "name", "active", "domain_force"),
    "ir_sequence": ("id", "name"),
    "ir_ui_menu": ("id", "name", "parent_id", "action", "active", "sequence"),
    "ir_ui_menu_group_rel": ("menu_id", "gid"),
    "ir_ui_view": ("id", "name", "active", "md5(arch_db::text)"),
    "mail_activity_type": ("name",),
    "mail_message_subtype": ("id", "name"),
    "mail_template": ("id", "name"),
    "report_paperformat": ("name",),
    "res_groups": ("id", "name"),
    "res_groups_implied_rel": ("gid", "hid"),
    "res_groups_privilege": ("name",),
    "res_groups_users_rel": ("gid", "uid"),
    "sms_template": ("id", "name"),
    "spreadsheet_dashboard": ("id", "name"),
    "spreadsheet_dashboard_group": ("name",),
    "utm_medium": ("name",),
    "utm_stage": ("name",),
}  # fmt: skip
# Columns that hold the name of a model, in tables whose rows are about a record of it.
NAMES_OF_MODELS = ("model", "model_id", "model_name", "res_model", "relation", "resource", "parent_res_model")
# Left on purpose: copies of the privacy log that were kept elsewhere are verified with its key.
KEPT = frozenset({"ir_config_parameter crm_gdpr.key"})
# Odoo's own doing: names of things that are gone, which it leaves of every addon, and a constraint that it makes as its
# model has it when the model is next set up.
ODOOS_OWN = re.compile(
    r"ir_model_constraint \w+_fkey \d+|ir_model_data \w+ (model_inherit|selection)__crm_\w+"
    r"|constraint rule_group_rel rule_group_rel_group_id_fkey .+"
)


def inventory(installation):
    """All that a database has of structure and configuration.

    :return: a set of texts, each of which begins with its kind and its name
    """
    with closing(installation.connect()) as connection, connection.cursor() as cursor:
        cursor.execute(SCHEMA)
        found = {text for (text,) in cursor.fetchall()}
        for table, columns in CONFIGURATION.items():
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
            if cursor.fetchone()[0]:
                query = "SELECT concat_ws(' ', {columns}) FROM {table}"
                columns = sql.SQL(", ").join(map(sql.SQL, columns))
                cursor.execute(sql.SQL(query).format(columns=columns, table=sql.Identifier(table)))
                found |= {f"{table} {text}" for (text,) in cursor.fetchall()}
        return {text for text in found if not ODOOS_OWN.fullmatch(text)}


def orphans(installation, uninstalled=()):
    """What nobody that is installed knows: seen from the models that there are, and by the names of those that went.

    :param uninstalled: technical names of addons
    :return: a set of texts; of those that Odoo itself leaves some are there before any addon comes
    """
    found = inventory(installation)
    with installation.env() as env:
        left = _named_after(uninstalled, found) | _unknown_structure(env, found) | _rows_without_model(env)
    return left - KEPT


def _named_after(addons, found):
    kinds = (
        ("ir_model_data {} ", "ir_config_parameter {}.", "ir_asset /{}/", "ir_asset {}/", "function {}_", "index {}_")
        if addons
        else ()
    )
    prefixes = tuple(kind.format(name) for name in addons for kind in kinds)
    named = {text for text in found if text.startswith(prefixes)} if prefixes else set()
    # indexes of crm_gdpr on the table sms_sms begin as the name of crm_gdpr_sms does
    return named if "crm_gdpr" in addons else {text for text in named if not text.startswith("index crm_gdpr_sms_sms_")}


def _unknown_structure(env, found):
    """Tables and columns that no model has, and indexes of columns that no installed addon wants one for."""
    tables, columns, unwanted = set(), set(), set()
    for model in env.registry.values():
        if model._abstract:
            continue
        tables.add(model._table)
        for field in model._fields.values():
            if field.type == "many2many" and field.store:
                tables.add(field.relation)
            elif field.store and field.column_type:
                columns.add(f"{model._table}.{field.name}")
                if not field.index:
                    unwanted.add(f"index {make_index_name(model._table, field.name)}")
    left = found & unwanted
    for text in found:
        kind, _space, rest = text.partition(" ")
        name = rest.partition(" ")[0]
        table = name.partition(".")[0]
        if (kind == "table" and table not in tables) or (
            kind == "column" and f"{table}.id" in columns and name not in columns
        ):
            left.add(text)
    return left


def _rows_without_model(env):
    """Rows that say of which model's record they are, where there is no such model of ours any more."""
    tables = env.execute_query(
        SQL(
            """
            SELECT table_name, column_name FROM information_schema.columns
              JOIN pg_class ON relname = table_name AND relkind = 'r' AND relnamespace = current_schema::regnamespace
             WHERE table_schema = current_schema AND column_name IN %s AND udt_name IN ('varchar', 'text')
            """,
            NAMES_OF_MODELS,
        )
    )
    left = set()
    for table, column in tables:
        rows = env.execute_query(
            SQL(
                """
                SELECT DISTINCT %(column)s FROM %(table)s
                 WHERE starts_with(%(column)s, 'crm.') AND %(column)s NOT IN (SELECT model FROM ir_model)
                """,
                column=SQL.identifier(column),
                table=SQL.identifier(table),
            )
        )
        left |= {f"row of {table} about {name}" for (name,) in rows}
    return left
