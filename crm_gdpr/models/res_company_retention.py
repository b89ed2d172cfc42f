from odoo import api, fields, models

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

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies.sudo().filtered("gdpr_retention_years")._note_retention()
        return companies

    def write(self, vals):
        # sudo: whoever sets it up for a company by a script is no privacy officer
        before = {company: company.gdpr_retention_years for company in self.sudo()}
        result = super().write(vals)
        if "gdpr_retention_years" in vals:
            changed = self.sudo().filtered(lambda company: company.gdpr_retention_years != before[company])
            changed._note_retention()
        return result

    def _note_retention(self):
        """How long books are kept decides when something is erased: it never changes silently."""
        for years, companies in self.grouped("gdpr_retention_years").items():
            self.env["crm.gdpr.log"]._append("settings", companies, setting="gdpr_retention_years", value=years)

    def _warn_of_retention(self, years):
        """What to tell whoever chooses fewer years than the law of the company's country; empty where it is enough."""
        country = self.country_id
        legal = retention.YEARS.get(country.code)
        if not years or not legal or years >= legal:
            return ""
        return self.env._(
            "The law of %(country)s demands that invoices are kept for %(legal)s years. With %(years)s, they are erased"
            " before. Do this only if you know better.",
            country=country.name,
            legal=legal,
            years=years,
        )

    def _get_retention_years(self):
        self.ensure_one()
        return self.gdpr_retention_years or retention.get_years(self.country_id.code)
