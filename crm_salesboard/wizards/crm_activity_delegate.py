from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty, plaintext2html


class CrmActivityDelegate(models.TransientModel):
    """Gives activities to a colleague, with a word on why; who asked stays on them."""

    _name = "crm.activity.delegate"
    _description = "Delegate Activities"

    activity_ids = fields.Many2many("mail.activity", string="Activities", required=True)
    user_id = fields.Many2one(
        "res.users",
        "Colleague",
        required=True,
        domain=[("share", "=", False)],
        help="Gets the activity, and a message.",
    )
    note = fields.Text("Message", help="Stands on the activity, above what stood there.")

    def action_delegate(self):
        """Give the activities to the colleague.

        :return: an action that closes the dialog and shows them anew
        :raise UserError: none of them is left to do, or the colleague is no employee
        :raise AccessError: the user may not change one of them
        """
        self.ensure_one()
        open_activities = self.activity_ids.exists().filtered("active")
        if not open_activities:
            raise UserError(self.env._("Nothing of this is left to do."))
        if self.user_id.share:
            raise UserError(self.env._("%(user)s is no employee. Choose a colleague.", user=self.user_id.name))
        if self.note:
            for activity in open_activities:
                word = plaintext2html(f"{self.env.user.name}: {self.note}")
                activity.note = word + (activity.note if not is_html_empty(activity.note) else "")
        open_activities.user_id = self.user_id
        return {"type": "ir.actions.client", "tag": "soft_reload"}
