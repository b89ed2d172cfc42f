from odoo import fields, models


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

    def write(self, vals):
        changed = self.browse()
        if "gdpr_suppression" in vals:
            changed = self.filtered(lambda company: company.gdpr_suppression != bool(vals["gdpr_suppression"]))
        result = super().write(vals)
        if changed:
            self.env["crm.gdpr.log"]._append(
                "settings", changed, setting="suppression", value=bool(vals["gdpr_suppression"])
            )
        return result
