from odoo import api, fields, models


class CrmIntakeMappingValue(models.Model):
    """A value of theirs and the one of ours that it stands for."""

    _name = "crm.intake.mapping.value"
    _inherit = "crm.intake.config.mixin"
    _description = "Lead Intake Mapping Value"

    mapping_id = fields.Many2one("crm.intake.mapping", required=True, ondelete="cascade", index=True)
    external_value = fields.Char(string="Theirs", required=True)
    value = fields.Char(string="Ours", required=True)

    _once = models.UniqueIndex("(mapping_id, external_value)", "Each of their values stands for one of ours.")

    @api.depends("external_value", "value")
    def _compute_display_name(self):
        for value in self:
            value.display_name = f"{value.external_value} → {value.value}"
