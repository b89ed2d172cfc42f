from odoo import api, fields, models


class CrmIntakeSource(models.Model):
    """Where people write themselves, somebody who was anonymised may come back."""

    _inherit = "crm.intake.source"

    gdpr_take_again = fields.Boolean(
        string="Takes Anonymised Persons in Again",
        groups="crm_gdpr.group_privacy_officer",
        help="For forms and addresses that people write to themselves: who asks for something new wants an answer. "
        "Else leads of anonymised persons are refused and emptied.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        sources = super().create(vals_list)
        self.env["crm.gdpr.log"]._note_switch(sources, "gdpr_take_again", default=False)
        return sources

    def write(self, vals):
        with self.env["crm.gdpr.log"]._noting_switch(self, "gdpr_take_again", vals):
            return super().write(vals)
