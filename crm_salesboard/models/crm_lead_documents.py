from odoo import models


class CrmLead(models.Model):
    """The documents of a project."""

    _name = "crm.lead"
    _inherit = ["crm.documents.mixin", "crm.lead"]
