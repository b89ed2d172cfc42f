from odoo import models


class CalendarAlarmManager(models.AbstractModel):
    _inherit = "calendar.alarm_manager"

    def _get_next_potential_limit_alarm(self, alarm_type, seconds=None, partners=None):
        """Remind nobody of an appointment that is hidden with its project; Odoo asks the table, not the rules."""
        alarms = super()._get_next_potential_limit_alarm(alarm_type, seconds=seconds, partners=partners)
        if self.env.su or not alarms:
            return alarms
        visible = self.env["calendar.event"].browse(alarms)._filtered_access("read")
        return {event_id: alarm for event_id, alarm in alarms.items() if event_id in visible._ids}
