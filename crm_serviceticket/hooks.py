"""Removal from a database that is in use."""

from odoo.addons.crm_salesboard.tools.uninstall import clean_up


def uninstall_hook(env):
    """Take along what administrators have made for tickets: fields of their own, and sequences of their numbers."""
    fields = env["crm.custom.field"].with_context(active_test=False, crm_custom_field_values_go=True)
    fields.search([("model", "=", "crm.ticket")]).unlink()
    env["ir.sequence"].with_context(active_test=False).search([("code", "=", "crm.ticket")]).unlink()
    clean_up(env, "crm_serviceticket")
