from odoo import fields, models

from ..tools import retention


class ResCompany(models.Model):
    """How long the company keeps its books."""

    _inherit = "res.company"

    gdpr_retention_years = fields.Integer(
        string="Years to Keep Invoices",
        groups="crm_gdpr.group_privacy_officer",
        help="Counted from the end of the business year of the last posted entry with a contact. "
        "With 0 the law of the company's country counts.",
    )

    _gdpr_retention_years_range = models.Constraint(
        "CHECK (gdpr_retention_years IS NULL OR gdpr_retention_years BETWEEN 0 AND 30)",
        "Invoices are kept between 1 and 30 years; 0 stands for the law of the country.",
    )

    def _get_retention_years(self):
        self.ensure_one()
        return self.gdpr_retention_years or retention.get_years(self.country_id.code)
