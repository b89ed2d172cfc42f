from odoo import api, fields, models


class CrmIntakeKey(models.Model):
    """Keys as an administrator sees them."""

    _inherit = "crm.intake.key"

    state = fields.Selection(
        [("valid", "Valid"), ("ending", "Ends"), ("expired", "Expired"), ("withdrawn", "Withdrawn")],
        compute="_compute_state",
    )

    @api.depends("is_withdrawn", "date_expiry")
    def _compute_state(self):
        now = fields.Datetime.now()
        for key in self:
            if key.is_withdrawn:
                key.state = "withdrawn"
            elif key.date_expiry:
                key.state = "ending" if key.date_expiry > now else "expired"
            else:
                key.state = "valid"

    def _is_valid(self):
        self.ensure_one()
        return self.state in ("valid", "ending")

    def action_withdraw(self):
        """Make the keys useless at once."""
        self.check_access("unlink")
        # sudo: who may delete a key may withdraw it; keys are never written otherwise
        self.sudo().is_withdrawn = True
        for key in self:
            key.source_id._log_key(self.env._("Key %(name)s withdrawn.", name=key.display_name))

    def _end(self, date_expiry):
        """Let keys end, unless they do so earlier."""
        later = self.filtered(lambda key: not key.date_expiry or key.date_expiry > date_expiry)
        later.date_expiry = date_expiry
