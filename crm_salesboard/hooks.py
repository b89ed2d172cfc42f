"""Installation on, and removal from, a database that is in use."""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column, drop_index, make_index_name

from .tools.uninstall import clean_up


def pre_init_hook(env):
    """Make the stored columns before the ORM would, which fills them project by project."""
    for name, sql_type in (
        ("board_column_id", "int4"),
        ("board_date", "date"),
        ("actual_revenue", "numeric"),
        ("order_basis", "varchar"),
        ("date_last_touch", "timestamp"),
        ("date_start", "date"),
        ("subject_id", "int4"),
        ("chance_id", "int4"),
    ):
        if not column_exists(env.cr, "crm_lead", name):
            create_column(env.cr, "crm_lead", name, sql_type)
    date_projects(env)


def post_init_hook(env):
    """Fill what needs our ready-made choices; the board fills the rest when a team is switched on."""
    fill_chances(env)


def date_projects(env):
    """Date the projects from before, all at once: each write to a table with so many indexes takes its time."""
    env.cr.execute(
        SQL(
            """
            UPDATE crm_lead
               SET date_start = COALESCE(date_start, create_date::date),
                   date_last_touch = COALESCE(date_last_touch, date_last_stage_update, create_date)
             WHERE date_start IS NULL OR date_last_touch IS NULL
            """
        )
    )


def fill_chances(env):
    """Give open projects whose weight was set by hand the chance that stands for it, in one statement."""
    env["crm.lead"].flush_model()
    env["crm.choice"].flush_model()
    env.cr.execute(
        SQL(
            """
            UPDATE crm_lead SET chance_id = choice.id
              FROM crm_choice choice
              JOIN ir_model_data data ON data.res_id = choice.list_id AND data.model = 'crm.choice.list'
                   AND data.module = 'crm_salesboard' AND data.name = 'crm_choice_list_chance'
             WHERE crm_lead.chance_id IS NULL AND crm_lead.probability = choice.percentage
               AND round(crm_lead.probability::numeric, 2)
                   != round(COALESCE(crm_lead.automated_probability, 0)::numeric, 2)
            """
        )
    )
    env["crm.lead"].invalidate_model(["chance_id"], flush=False)


def uninstall_hook(env):
    """Give native CRM its pipeline back: teams leave their process, and the app opens with the pipeline."""
    env = api.Environment(env.cr, SUPERUSER_ID, {"active_test": False, "crm_custom_field_values_go": True})
    # Odoo keeps the columns that somebody has added, and these would point at choices that are gone.
    env["crm.custom.field"].search([]).unlink()
    _let_go_of_choices(env)
    for team in env["crm.team"].search([("process_id", "!=", False)]):
        team.switch_process(env["crm.process"])
    processes = env["crm.process"].search([])
    processes.won_stage_id = False
    processes.stage_ids._release()
    _keep_cancel_reasons(env)
    env.ref("crm.crm_menu_root").action = False
    # The column is not ours. Where another addon wants the index too, Odoo makes it again.
    drop_index(env.cr, make_index_name("res_partner", "phone_sanitized"), "res_partner")
    clean_up(env, "crm_salesboard")


def _let_go_of_choices(env):
    """Empty what points at choices: a choice in use could not go, and the columns go only after it."""
    env.flush_all()
    for field in env["crm.choice"]._using_fields():
        if field.type == "many2one":
            table, column = SQL.identifier(env[field.model_name]._table), SQL.identifier(field.name)
            env.cr.execute(SQL("UPDATE %s SET %s = NULL WHERE %s IS NOT NULL", table, column, column))
    env.invalidate_all()


def _keep_cancel_reasons(env):
    """A cancelled project becomes a lost one, natively: let it keep its reason, and with it the reason itself."""
    leads = env["crm.lead"].search([("cancel_reason_id", "!=", False)])
    reasons = (
        leads.cancel_reason_id | env["crm.lead"].search([("lost_reason_id.outcome", "=", "cancelled")]).lost_reason_id
    )
    leads.flush_model()
    env.cr.execute(
        SQL(
            """
            UPDATE crm_lead SET lost_reason_id = cancel_reason_id, cancel_reason_id = NULL
             WHERE cancel_reason_id IS NOT NULL
            """
        )
    )
    leads.invalidate_model(["lost_reason_id", "cancel_reason_id"], flush=False)
    # What is in use is the company's own from now on, not ours to remove.
    env["ir.model.data"].search(
        [("module", "=", "crm_salesboard"), ("model", "=", "crm.lost.reason"), ("res_id", "in", reasons.ids)]
    ).unlink()
