"""Removal from a database that is in use."""

from odoo.addons.crm_salesboard.tools.uninstall import clean_up


def uninstall_hook(env):
    """Leave the kind of document "Letter" to those that were filed under it."""
    clean_up(env, "crm_letter")
