from datetime import timedelta

from odoo import api, fields, models


class CrmIntakeKeyRenew(models.TransientModel):
    """A new key, while the old ones go on for some days so that whoever sends can change over."""

    _name = "crm.intake.key.renew"
    _description = "Renew Lead Intake Keys"

    source_id = fields.Many2one("crm.intake.source", required=True, readonly=True, ondelete="cascade")
    overlap_days = fields.Integer(string="Old Keys Work For", default=7, required=True, help="0: they end at once.")
    key_ids = fields.Many2many("crm.intake.key", string="Old Keys", compute="_compute_key_ids")

    _positive = models.Constraint("CHECK (overlap_days >= 0)", "Old keys cannot end in the past.")

    @api.depends("source_id")
    def _compute_key_ids(self):
        for wizard in self:
            wizard.key_ids = wizard.source_id.key_ids.filtered(lambda key: key._is_valid())

    def action_renew(self):
        """Make a key, show it once, and let the old ones end."""
        self.ensure_one()
        self.source_id._check_manager()
        # sudo: nobody writes keys but this, which has checked who asks
        self.key_ids.sudo()._end(fields.Datetime.now() + timedelta(days=self.overlap_days))
        return self.source_id.action_new_key()
