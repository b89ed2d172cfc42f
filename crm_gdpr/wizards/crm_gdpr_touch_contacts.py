import json

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CrmGdprTouchContacts(models.TransientModel):
    """Asks why contacts are touched, however many, and touches them together."""

    _name = "crm.gdpr.touch.contacts"
    _description = "Touch Contacts"

    partner_domain = fields.Char(required=True)
    partner_count = fields.Integer("Contacts", compute="_compute_partner_count")
    reason = fields.Char(required=True)
    date = fields.Datetime(help="Empty for now. A contact whose last dealing is later stays as young as it is.")

    @api.depends("partner_domain")
    def _compute_partner_count(self):
        for wizard in self:
            wizard.partner_count = wizard.partner_domain and self.env["res.partner"].search_count(wizard._get_domain())

    def _get_domain(self):
        return json.loads(self.partner_domain)

    @api.constrains("date")
    def _check_date(self):
        if any(wizard.date and wizard.date > fields.Datetime.now() for wizard in self):
            raise ValidationError(self.env._("A contact cannot be touched at a date in the future."))

    def action_touch(self):
        """Touch the contacts.

        :return: an action that tells how many there were and offers to undo it
        :raise UserError: there are none
        """
        self.ensure_one()
        touches = self.env["res.partner"].search(self._get_domain()).touch(self.reason, self.date)
        if not touches:
            raise UserError(self.env._("Select the contacts to touch."))
        message = self.env._("%(count)s contacts touched", count=len(touches))
        if len(touches) == 1:
            message = self.env._("%(contact)s touched", contact=touches.partner_id.display_name)
        return {
            "type": "ir.actions.client",
            "tag": "crm_gdpr_touched",
            "params": {"message": message, "batch": touches[0].batch},
        }
