from odoo import fields, models


class ResUsers(models.Model):
    """Whether one is told of leads and projects that one got."""

    _inherit = "res.users"

    crm_assignment_email = fields.Boolean(
        string="E-mail When I Get a Lead",
        default=True,
        help="Also for opportunities, where the company and the source of the lead tell people at all.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "crm_assignment_email"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, "crm_assignment_email"]
