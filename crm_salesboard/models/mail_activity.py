from odoo import api, models
from odoo.exceptions import ValidationError


class MailActivity(models.Model):
    """An activity is hidden with its project, also from the one it is assigned to."""

    _name = "mail.activity"
    _inherit = ["mail.activity", "crm.lead.hidden.mixin"]

    @api.constrains("user_id", "res_id", "res_model_id")
    def _check_assignee_sees_project(self):
        """Refuse to give somebody a task that he could not see.

        :raise ValidationError: it names the user and what to do
        """
        for activity in self.filtered(lambda activity: activity.res_model == "crm.lead" and activity.user_id):
            lead = self.env["crm.lead"].browse(activity.res_id)
            # Whoever has no access to the project is refused by its rules, not told that it is restricted.
            if not self.env["crm.lead"]._hidden_ids(lead.ids) and lead._users_without_access(activity.user_id):
                raise ValidationError(
                    self.env._(
                        "%(user)s has no access to this restricted project. Link %(user)s to it first.",
                        user=activity.user_id.name,
                    )
                )
