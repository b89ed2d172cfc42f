"""Installation on, and removal from, a database that is in use."""

from odoo import SUPERUSER_ID, api
from odoo.fields import Domain
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
    """Fill them in one pass each, for the projects from before; those of the demo data have their values already."""
    env.flush_all()
    env.cr.execute(
        SQL(
            """
            UPDATE crm_lead lead
               SET date_last_touch = COALESCE(lead.date_last_stage_update, lead.create_date),
                   actual_revenue = CASE WHEN lead.won_status = 'won' THEN lead.expected_revenue ELSE 0 END,
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
                 WHERE lead.date_last_touch IS NULL
              ) zone
             WHERE zone.id = lead.id
            """,
            zone=env.company.partner_id.tz or None,
        )
    )
    leads = env["crm.lead"].with_context(active_test=False)
    leads.invalidate_model(flush=False)
    # Won, and never valued: without an order they have just got their projected value.
    unvalued = Domain("won_status", "=", "won") & Domain("order_basis", "=", False)
    ordered = leads.search(unvalued & Domain("order_ids.state", "not in", ("draft", "sent", "cancel")))
    env.add_to_compute(leads._fields["actual_revenue"], ordered)
    ordered.flush_recordset(["actual_revenue"])
    env.cr.execute(SQL("UPDATE crm_lead SET order_basis = '-' WHERE won_status = 'won' AND order_basis IS NULL"))
    leads.invalidate_model(["order_basis"], flush=False)


def uninstall_hook(env):
    """Give native CRM its pipeline back: teams leave their process, and the app opens with the pipeline."""
    env = api.Environment(env.cr, SUPERUSER_ID, {"active_test": False})
    for team in env["crm.team"].search([("process_id", "!=", False)]):
        team.switch_process(env["crm.process"])
    processes = env["crm.process"].search([])
    processes.won_stage_id = False
    processes.stage_ids._release()
    env.ref("crm.crm_menu_root").action = False
