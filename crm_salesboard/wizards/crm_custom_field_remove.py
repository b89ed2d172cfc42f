from odoo import api, fields, models


class CrmCustomFieldRemove(models.TransientModel):
    """Asks before a custom field goes with all that it holds."""

    _name = "crm.custom.field.remove"
    _description = "Remove Custom Field"

    field_id = fields.Many2one("crm.custom.field", required=True, readonly=True, ondelete="cascade")
    value_count = fields.Integer(compute="_compute_value_count")

    @api.depends("field_id")
    def _compute_value_count(self):
        for wizard in self:
            wizard.value_count = wizard.field_id.value_count

    def action_archive(self):
        """Hide the field, and keep its values."""
        self.field_id.active = False
        return self.field_id._action_list()

    def action_remove(self):
        """Remove the field with its values."""
        self.field_id.with_context(crm_custom_field_values_go=True).unlink()
        return self.env["crm.custom.field"]._action_list()
