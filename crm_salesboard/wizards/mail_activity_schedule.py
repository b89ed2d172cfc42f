from odoo import fields, models


class MailActivitySchedule(models.TransientModel):
    """Odoo's own dialog gives an activity to one employee; on projects it gives one each to several."""

    _inherit = "mail.activity.schedule"

    other_user_ids = fields.Many2many(
        "res.users",
        string="Also Assign To",
        domain="[('share', '=', False), ('id', '!=', activity_user_id)]",
        help="Each of these employees gets an activity of their own.",
    )

    def _action_schedule_activities(self):
        activities = super()._action_schedule_activities()
        if self.res_model == "crm.lead":
            for user in self.other_user_ids - self.activity_user_id:
                activities += self._get_applied_on_records().activity_schedule(
                    activity_type_id=self.activity_type_id.id,
                    automated=False,
                    summary=self.summary,
                    note=self.note,
                    user_id=user.id,
                    date_deadline=self.date_deadline,
                )
        return activities
