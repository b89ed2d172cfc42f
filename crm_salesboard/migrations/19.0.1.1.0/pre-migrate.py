from odoo import SUPERUSER_ID, api

from odoo.addons.crm_salesboard.hooks import pre_init_hook


def migrate(cr, version):
    """Make the columns that the ORM would fill project by project."""
    pre_init_hook(api.Environment(cr, SUPERUSER_ID, {}))
