import ast

from odoo import api, models


class IrFieldsConverter(models.AbstractModel):
    _inherit = "ir.fields.converter"

    @api.model
    def db_id_for(self, model, field, subfield, value, savepoint):
        """Look for an imported choice in the list of its field alone: lists share names such as "Other"."""
        if subfield is None and field.comodel_name == "crm.choice":
            choices = self.env["crm.choice"].search(self._choice_domain(field))
            self = self.with_context(crm_choice_ids=choices.ids)
        return super().db_id_for(model, field, subfield, value, savepoint)

    @api.model
    def _choice_domain(self, field):
        """The choices that a field offers to a record which is not there yet."""
        if isinstance(field.domain, list):
            return field.domain
        try:
            return ast.literal_eval(field.domain)
        except ValueError:
            # The list depends on the process of the project; the rules of the project check it when it is saved.
            return [("usage", "=", field.name.removesuffix("_id"))]
