from odoo import api, models


class CrmChoicePanelMixin(models.AbstractModel):
    """Choices in their colours in the search panel, for models that have fields of choices."""

    _name = "crm.choice.panel.mixin"
    _description = "Choices in the Search Panel"

    @api.model
    def search_panel_select_range(self, field_name, **kwargs):
        """As natively; values that are choices have a ``text_color`` and a ``background_color`` besides."""
        result = super().search_panel_select_range(field_name, **kwargs)
        return self._with_choice_colors(field_name, result)

    @api.model
    def search_panel_select_multi_range(self, field_name, **kwargs):
        """As :meth:`search_panel_select_range`, of a section in which several values can be ticked."""
        result = super().search_panel_select_multi_range(field_name, **kwargs)
        return self._with_choice_colors(field_name, result)

    def _with_choice_colors(self, field_name, result):
        """Add the colours to the values of a section whose values are choices."""
        values = result.get("values") if self._fields[field_name].comodel_name == "crm.choice" else None
        choices = self.env["crm.choice"].browse(value["id"] for value in values or () if value["id"])
        colors = {choice["id"]: choice for choice in choices.read(["text_color", "background_color"])}
        for value in values or ():
            value.update(colors.get(value["id"], {}))
        return result
