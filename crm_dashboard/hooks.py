"""Installation on, and removal from, a database that is in use."""

from odoo.tools import SQL
from odoo.tools.sql import drop_index, make_index_name

from odoo.addons.crm_salesboard.tools.uninstall import clean_up


def post_init_hook(env):
    """Take what is known of the projects from before, in one statement each: there may be a million."""
    env["crm.lead.move"]._fill_days()
    env["crm.lead"]._fill_progress(SQL("lead.board_column_id IS NOT NULL OR team.process_id IS NOT NULL"))


def uninstall_hook(env):
    """Leave the group of dashboards to those that users have put into it."""
    # The column is the board's, and Odoo leaves it its index.
    drop_index(env.cr, make_index_name("crm_lead_move", "to_column_id"), "crm_lead_move")
    clean_up(env, "crm_dashboard")
