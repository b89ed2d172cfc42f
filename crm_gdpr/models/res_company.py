from odoo import api, fields, models


class ResCompany(models.Model):
    """Whether the company wants to keep anonymised persons from being taken in again.

    It is on unless somebody switches it off: who was promised to be forgotten would not expect to be found in the next
    list that is imported. Nothing is kept before somebody is anonymised, and never who that was.
    """

    _inherit = "res.company"

    gdpr_suppression = fields.Boolean(
        string="Do Not Take Anonymised Persons in Again",
        default=True,
        groups="crm_gdpr.group_privacy_officer",
        help="Imports, mailings and lead intake leave them out. They are recognised by fingerprints of their e-mail "
        "addresses and phone numbers, which tell nothing about them. Contacts can still be made by hand.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        self.env["crm.gdpr.log"]._note_switch(companies, "gdpr_suppression", True)
        return companies

    @api.ondelete(at_uninstall=False)
    def _unlink_note_suppressions(self):
        """Whoever was kept out of a company alone may be taken in again once it is gone."""
        # sudo: whoever may delete a company need not be a privacy officer
        suppressions = self.env["crm.gdpr.suppression"].sudo()
        suppressions._log("unsuppressed", suppressions.search([("company_id", "in", self.ids)]).mapped("kind"))

    def write(self, vals):
        with self.env["crm.gdpr.log"]._noting_switch(self, "gdpr_suppression", vals):
            return super().write(vals)
