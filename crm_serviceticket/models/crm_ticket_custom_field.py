from odoo import api, fields, models


class CrmTicket(models.Model):
    """The fields that administrators define for tickets."""

    _name = "crm.ticket"
    _inherit = ["crm.ticket", "crm.custom.field.mixin"]

    # of custom fields that hold an amount
    currency_id = fields.Many2one(related="company_id.currency_id")

    @api.model
    def _custom_form_places(self, arch):
        group = arch.find(".//group[@name='ticket']")
        page = arch.find(".//page[@name='documents']")
        return ((group, "after"), (page, "after")) if group is not None and page is not None else None
