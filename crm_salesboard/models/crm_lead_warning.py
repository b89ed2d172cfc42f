from odoo import api, fields, models

WARNINGS = [("blocked", "Blocked by accounting"), ("overdue", "Invoices overdue")]


class CrmLead(models.Model):
    """A warning on project and card before an offer is made, see ``res.partner``."""

    _inherit = "crm.lead"

    customer_warning = fields.Selection(
        WARNINGS,
        "Warning of the Customer",
        compute="_compute_customer_warning",
        exportable=False,
        help="By accounting of the project's company, or of the companies that are chosen where it has none.",
    )
    customer_warning_text = fields.Text("Why to be Careful", compute="_compute_customer_warning", exportable=False)

    @api.depends("partner_id", "company_id")
    @api.depends_context("allowed_company_ids", "lang")
    def _compute_customer_warning(self):
        leads = self.filtered("partner_id")
        (self - leads).customer_warning = (self - leads).customer_warning_text = False
        customers = [(lead.partner_id, lead.company_id or self.env.companies) for lead in leads]
        warnings = self.env["res.partner"]._warnings_of_customers(customers)
        for lead, (warning, text) in zip(leads, warnings, strict=True):
            lead.customer_warning = warning
            lead.customer_warning_text = text
