from odoo import api, models


class ResPartner(models.Model):
    """The custom fields of customers, on a page of their own."""

    _name = "res.partner"
    _inherit = ["res.partner", "crm.custom.field.mixin"]

    @api.model
    def _custom_form_places(self, arch):
        page = arch.find(".//notebook/page[@name='internal_notes']")
        return ((None, None), (page, "before")) if page is not None else None

    @api.model
    def _custom_page_title(self):
        return self.env._("Profile")
