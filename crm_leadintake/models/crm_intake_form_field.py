from odoo import api, fields, models

from ..tools.form_page import INPUTS


class CrmIntakeFormField(models.Model):
    """A field that the form of a source shows."""

    _name = "crm.intake.form.field"
    _inherit = "crm.intake.config.mixin"
    _description = "Lead Intake Form Field"
    _order = "sequence, id"
    _rec_name = "field"

    source_id = fields.Many2one("crm.intake.source", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(default=10)
    field = fields.Selection("_selection_field", required=True)
    label = fields.Char(help="In the language of the form. Empty: the usual one.")
    is_required = fields.Boolean(string="Mandatory")

    _once = models.UniqueIndex("(source_id, field)", "A form shows each field once.")

    @api.model
    def _selection_field(self):
        """The fields that a visitor can be asked for, under the labels that the form has for them."""
        Source = self.env["crm.intake.source"]
        asked = {name: spec for name, spec in Source._get_specs().items() if spec.kind in INPUTS}
        labels = Source._get_form_labels(asked.values())
        return [(name, labels[name]) for name in asked]
