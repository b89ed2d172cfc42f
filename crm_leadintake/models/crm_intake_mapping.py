from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import values
from ..tools.vocabulary import STANDARD


class CrmIntakeMapping(models.Model):
    """What a source calls a field, and the values that it has for it."""

    _name = "crm.intake.mapping"
    _inherit = "crm.intake.config.mixin"
    _description = "Lead Intake Mapping"
    _order = "sequence, id"
    _rec_name = "external_name"

    source_id = fields.Many2one("crm.intake.source", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(default=10)
    external_name = fields.Char(string="Their Field", required=True)
    action = fields.Selection(
        [("field", "Goes into a field"), ("note", "Is added to the notes"), ("ignore", "Is left out")],
        required=True,
        default="field",
    )
    field_id = fields.Many2one(
        "ir.model.fields",
        string="Our Field",
        domain="[('id', 'in', allowed_field_ids)]",
        ondelete="cascade",
    )
    allowed_field_ids = fields.Many2many("ir.model.fields", compute="_compute_allowed_field_ids")
    value_ids = fields.One2many("crm.intake.mapping.value", "mapping_id", string="Values", copy=True)

    _once = models.UniqueIndex("(source_id, external_name)", "Each of their fields can be mapped once.")

    def _compute_allowed_field_ids(self):
        self.allowed_field_ids = self._get_allowed_fields()

    @api.model
    def _get_allowed_fields(self):
        """The fields of a lead that can be sent: the standard ones, and those that the company has added itself."""
        standard = [spec.target for spec in STANDARD]
        # sudo: which fields there are is no secret, but only administrators may read them
        return (
            self.env["ir.model.fields"]
            .sudo()
            .search(
                [
                    ("model", "=", "crm.lead"),
                    "|",
                    ("name", "in", standard),
                    "&",
                    ("state", "=", "manual"),
                    ("ttype", "not in", ["one2many", "reference", "binary", "json", "many2one_reference"]),
                ]
            )
        )

    @api.constrains("action", "field_id")
    def _check_field(self):
        allowed = self._get_allowed_fields()
        for mapping in self.filtered(lambda mapping: mapping.action == "field"):
            if mapping.field_id not in allowed:
                raise ValidationError(
                    self.env._("%(name)s: choose the field of the lead that it goes into.", name=mapping.external_name)
                )

    def _as_mapped(self):
        """``{name: values.Mapped}`` for the plain functions of the pipeline."""
        return {mapping.external_name: mapping._get_mapped() for mapping in self}

    def _get_mapped(self):
        self.ensure_one()
        name = {"note": values.NOTE, "ignore": values.IGNORE}.get(self.action)
        if not name:
            target = self.field_id.name
            name = next((spec.name for spec in STANDARD if spec.target == target), target)
        texts = {value.external_value: value.value for value in self.value_ids}
        return values.Mapped(name, self.external_name, texts)
