from odoo import fields, models
from odoo.exceptions import UserError


class CrmGdprSuppressionForget(models.TransientModel):
    """A person who was anonymised wants to be taken in again. What is typed in is forgotten at once."""

    _name = "crm.gdpr.suppression.forget"
    _description = "Let a Person Come Back"

    email = fields.Char(string="E-mail")
    phone = fields.Char(help="With its country, as in +31 6 12345678.")

    def action_forget(self):
        """Take the fingerprints of what was typed in away, and say whether there were any."""
        self.ensure_one()
        emails, phones = [self.email] if self.email else [], [self.phone] if self.phone else []
        if not emails and not phones:
            raise UserError(self.env._("Enter an e-mail address or a phone number."))
        count = self.env["crm.gdpr.suppression"]._forget(emails, phones)
        self.unlink()
        if count:
            message = self.env._("The person can be taken in again.")
        else:
            message = self.env._("Nobody with this address or number is kept out in your companies.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "success" if count else "warning",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
