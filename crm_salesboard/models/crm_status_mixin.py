from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmStatusMixin(models.AbstractModel):
    """Statuses in an order and in colours of their own, each of another name, that are kept where they are used."""

    _name = "crm.status.mixin"
    _description = "Status"
    _inherit = "crm.badge.mixin"
    _order = "sequence, id"
    # The model that has such a status, in its field status_id.
    _used_by = None

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, help="An archived status is kept where it is used and offered no more.")
    text_color = fields.Char(default="#1F2937")
    background_color = fields.Char(default="#E5E7EB")
    use_count = fields.Integer("Uses", compute="_compute_use_count")

    def _compute_use_count(self):
        counts = self._uses()
        for status in self:
            status.use_count = counts.get(status.id, 0)

    def _uses(self, field="status_id"):
        """How many records have each status, whoever may see them.

        :param str field: in which of their fields
        :return: ``{status id: count}``, without statuses that are not used
        """
        # sudo: a status must not go because its uses are hidden from the manager
        counts = self.env[self._used_by].sudo()._read_group([(field, "in", self.ids)], [field], ["__count"])
        return {status.id: count for status, count in counts}

    @api.constrains("name", "active")
    def _check_name_once(self):
        seen = set()
        for status in self.search([]):
            key = (status.name or "").strip().casefold()
            if not key:
                raise ValidationError(self.env._("A status needs a name."))
            if key in seen:
                raise ValidationError(
                    self.env._("There is a status %(status)s already. Choose another name.", status=status.name)
                )
            seen.add(key)

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if "name" not in (default or {}):
            for status, vals in zip(self, vals_list, strict=True):
                vals["name"] = self.env._("%(status)s (copy)", status=status.name)
        return vals_list
