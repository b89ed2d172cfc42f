from odoo import fields, models


class MailActivitySchedule(models.TransientModel):
    _inherit = "mail.activity.schedule"

    in_my_calendar = fields.Boolean(
        "In My Own Calendar",
        help="You get an e-mail that your calendar program takes it out of, and another one when it changes or is "
        "cancelled.",
    )

    def _action_schedule_activities(self):
        activities = super()._action_schedule_activities()
        if self.in_my_calendar and activities:
            activities.in_my_calendar = True
        return activities
