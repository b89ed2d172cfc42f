from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    call_extension = fields.Char(
        "Phone Extension",
        copy=False,
        groups="base.group_erp_manager",
        help="The extension by which the telephone system knows this user.",
    )

    _call_extension_once = models.UniqueIndex(
        "(call_extension) WHERE call_extension <> ''", "Another user has this phone extension already."
    )
