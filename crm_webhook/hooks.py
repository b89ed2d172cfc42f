from odoo.addons.crm_salesboard.tools.uninstall import clean_up


def uninstall_hook(env):
    """Leave no parameter behind; tables, jobs and what waited go with the addon."""
    clean_up(env, "crm_webhook")
