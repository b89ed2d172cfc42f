from odoo import api, models


class IrActionsReport(models.Model):
    """Letters run no scripts: neither need they be waited for, nor can a text bring one along."""

    _inherit = "ir.actions.report"

    @api.model
    def _build_wkhtmltopdf_args(self, *args, **kwargs):
        arguments = super()._build_wkhtmltopdf_args(*args, **kwargs)
        if self.env.context.get("crm_letter_print"):
            delay = arguments.index("--javascript-delay")
            arguments[delay : delay + 2] = ["--disable-javascript"]
        return arguments
