"""Installation on, and removal from, a database that is in use."""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column


def pre_init_hook(env):
    """Make the stored columns before the ORM would, which fills them project by project."""
    for name, sql_type in (
        ("board_column_id", "int4"),
        ("board_date", "date"),
        ("actual_revenue", "numeric"),
        ("order_basis", "varchar"),
        ("date_last_touch", "timestamp"),
    ):
        if not column_exists(env.cr, "crm_lead", name):
            create_column(env.cr, "crm_lead", name, sql_type)


def post_init_hook(env):
    """Fill them in one pass for the projects from before: demo projects have all that, and the date of a touch."""
    env.flush_all()
    env.cr.execute(
        SQL(
            """
            UPDATE crm_lead lead
               SET date_last_touch = COALESCE(lead.date_last_stage_update, lead.create_date),
                   actual_revenue = CASE WHEN lead.won_status = 'won' THEN lead.expected_revenue ELSE 0 END,
                   order_basis = CASE WHEN lead.won_status = 'won' THEN '-' END,
                   board_date = CASE
                     WHEN lead.won_status IN ('won', 'lost') THEN (lead.date_closed AT TIME ZONE 'UTC' AT TIME ZONE zone.tz)::date
                     WHEN lead.date_deadline IS NOT NULL OR (lead.type = 'opportunity' AND lead.stage_id IS NOT NULL)
                       THEN lead.date_deadline
                     ELSE (lead.create_date AT TIME ZONE 'UTC' AT TIME ZONE zone.tz)::date END
              FROM (
                SELECT lead.id, COALESCE(owner.tz, company.tz, %(zone)s, 'UTC') AS tz
                  FROM crm_lead lead
                  LEFT JOIN res_users ON res_users.id = lead.user_id
                  LEFT JOIN res_partner owner ON owner.id = res_users.partner_id
                  LEFT JOIN res_company ON res_company.id = lead.company_id
                  LEFT JOIN res_partner company ON company.id = res_company.partner_id
              ) zone
             WHERE zone.id = lead.id AND lead.date_last_touch IS NULL
            """,
            zone=env.company.partner_id.tz or None,
        )
    )
    leads = env["crm.lead"].with_context(active_test=False)
    leads.invalidate_model(flush=False)
    ordered = leads.search([("won_status", "=", "won"), ("order_ids.state", "not in", ("draft", "sent", "cancel"))])
    env.add_to_compute(leads._fields["actual_revenue"], ordered)
    ordered.flush_recordset(["actual_revenue"])


def uninstall_hook(env):
    """Give native CRM its pipeline back: teams leave their process, and the app opens with the pipeline."""
    env = api.Environment(env.cr, SUPERUSER_ID, {"active_test": False})
    for team in env["crm.team"].search([("process_id", "!=", False)]):
        team.switch_process(env["crm.process"])
    env["crm.stage"].search([("process_id", "!=", False)])._release()
    env.ref("crm.crm_menu_root").action = False
