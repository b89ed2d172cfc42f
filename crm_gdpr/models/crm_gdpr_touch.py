from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmGdprTouch(models.Model):
    """An officer says that somebody is to be kept from a date on, and why. It is never changed, only undone."""

    _name = "crm.gdpr.touch"
    _description = "Touch of a Contact"
    _order = "id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", "Contact", required=True, index=True, ondelete="cascade", readonly=True)
    date = fields.Datetime(
        required=True, default=fields.Datetime.now, readonly=True, help="The contact is as old as this."
    )
    user_id = fields.Many2one(
        "res.users", "Touched By", required=True, default=lambda self: self.env.user, readonly=True
    )
    reason = fields.Char(required=True, readonly=True)
    undone = fields.Boolean(readonly=True, copy=False)
    batch = fields.Integer(readonly=True, copy=False, index=True, help="The first of those that were made together.")

    _reason_given = models.Constraint("CHECK (btrim(reason) <> '')", "Say why the contacts are touched.")

    @api.constrains("date")
    def _check_date(self):
        if any(touch.date > fields.Datetime.now() for touch in self):
            raise ValidationError(self.env._("A contact cannot be touched at a date in the future."))

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [{**vals, "user_id": self.env.uid, "undone": False} for vals in vals_list]
        touches = super().create(vals_list)
        # sudo: officers make touches and do not change them
        touches.sudo().batch = touches[:1].id
        touches.partner_id.check_access("read")
        touches._date_contacts()
        touches._log_touch("touched")
        return touches

    def action_undo(self):
        """Take touches back: their contacts are as old again as without them.

        :raise AccessError: the user is no privacy officer
        """
        self.check_access("read")
        touches = self.filtered(lambda touch: not touch.undone)
        # sudo: being undone is the one thing that changes, and only officers read a touch
        touches.sudo().undone = True
        touches._date_contacts()
        touches._log_touch("touch_undone")

    @api.model
    def undo_batch(self, batch):
        """Take back what was touched together.

        :param int batch: what ``batch`` of one of the touches says
        :return: how many were taken back
        """
        touches = self.search([("batch", "=", batch), ("undone", "=", False)])
        touches.action_undo()
        return len(touches)

    def _date_contacts(self):
        # sudo: reads which contacts these are, and dates them; the officer sees the date at once
        self.sudo().partner_id._date_anew()

    def _log_touch(self, event):
        """Tell the log that contacts were touched, or that this was undone; why stands here alone.

        :param str event: ``touched`` or ``touch_undone``
        """
        contacts = self.sudo().partner_id
        if contacts:
            self.env["crm.gdpr.log"]._append(event, contacts, {"res.partner": len(contacts)})
