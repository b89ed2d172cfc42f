from odoo import api, models


class CrmIntakeConfigMixin(models.AbstractModel):
    """What the configuration of a source is read from once and kept in memory: a change empties that memory."""

    _name = "crm.intake.config.mixin"
    _description = "Lead Intake Configuration"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
