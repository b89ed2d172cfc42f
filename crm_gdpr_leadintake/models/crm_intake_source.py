from odoo import fields, models


class CrmIntakeSource(models.Model):
    """Where people write themselves, somebody who was anonymised may come back."""

    _inherit = "crm.intake.source"

    gdpr_take_again = fields.Boolean(
        string="Takes Anonymised Persons in Again",
        groups="crm_gdpr.group_privacy_officer",
        help="For forms and addresses that people write to themselves: who asks for something new wants an answer. "
        "Else leads of anonymised persons are refused and emptied.",
    )

    def write(self, vals):
        changed = self.browse()
        if "gdpr_take_again" in vals:
            changed = self.filtered(lambda source: source.gdpr_take_again != bool(vals["gdpr_take_again"]))
        result = super().write(vals)
        if changed:
            self.env["crm.gdpr.log"]._append(
                "settings", changed, setting="take_again", value=bool(vals["gdpr_take_again"])
            )
        return result
