from odoo import SUPERUSER_ID, api

from odoo.addons.crm_salesboard.hooks import fill_chances


def migrate(cr, version):
    """Bring what a new database gets when the addon is installed: ready-made fields, and chances of known weights."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["crm.custom.field"]._ensure_presets()
    fill_chances(env)
