from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import ics

# How far back a feed goes, in days: calendars fetch all of it again and again.
PAST_DAYS = 366


class CrmCalendarFeed(models.Model):
    """What stands in a feed: appointments and follow-ups, in as many queries for five thousand as for five."""

    _inherit = "crm.calendar.feed"

    def _get_content(self):
        """The whole file of a feed, which is the same as long as nothing in it changes.

        :return: the file as text, and when the youngest of what stands in it was written: a naive datetime
        """
        self.ensure_one()
        # PostgreSQL would take longer to compile the query than to answer it; for this transaction only.
        self.env.cr.execute(SQL("SET LOCAL jit = off"))
        owner = self._for_owner()
        content = owner.env["crm.calendar.content"]
        at = f"@{content._database_id()}"
        # sudo: what the owner chose
        alarm = owner._alarm_lines(int(self.sudo().reminder))
        events = owner._read_own_events(content)
        parts = []
        for row in events:
            lines = content._event_lines(row)
            parts.append(self._component(f"event-{row['id']}{at}", row, lines, alarm if row["is_present"] else ()))
        tasks = content._read_activities(Domain("user_id", "=", owner.env.uid))
        # An appointment is told as that, or not at all: it may have been declined, or be hidden.
        tasks = [row for row in tasks if not row["is_appointment"]]
        for row in tasks:
            parts.append(self._component(f"activity-{row['id']}{at}", row, content._activity_lines(row), alarm))
        written = max((row["written"] for row in [*events, *tasks]), default=self.sudo().date_made)
        name = ics.text(owner.env._("CRM: %(name)s", name=owner.env.user.name))
        file = ics.calendar(
            parts,
            [
                "METHOD:PUBLISH",
                f"NAME:{name}",
                f"X-WR-CALNAME:{name}",
                "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
                "X-PUBLISHED-TTL:PT1H",
            ],
        )
        return file, written

    def _component(self, uid, row, lines, alarm):
        stamp = row["stamp"]
        return [
            "BEGIN:VEVENT",
            f"UID:{uid}",
            f"DTSTAMP:{stamp}",
            f"LAST-MODIFIED:{stamp}",
            *lines,
            *alarm,
            "END:VEVENT",
        ]

    def _alarm_lines(self, minutes):
        if not minutes:
            return ()
        text = ics.text(self.env._("Reminder"))
        return ics.component("VALARM", ["ACTION:DISPLAY", f"TRIGGER:-PT{minutes}M", f"DESCRIPTION:{text}"])

    def _read_own_events(self, content):
        """What the owner takes part in, organizes, or what is on an own project, unless the owner declined it."""
        since = fields.Datetime.now().replace(hour=0, minute=0, second=0) - timedelta(days=PAST_DAYS)
        return content._read_events(Domain("stop", ">=", since), self._own_events_sql)

    def _own_events_sql(self, event):
        return SQL(
            """
            %(event)s.id IN (
                SELECT calendar_event_id FROM calendar_event_res_partner_rel WHERE res_partner_id = %(partner)s
                 UNION
                SELECT id FROM calendar_event WHERE user_id = %(user)s
                 UNION
                SELECT own.id FROM calendar_event own JOIN crm_lead lead ON lead.id = own.opportunity_id
                 WHERE lead.user_id = %(user)s
            ) AND NOT EXISTS (
                SELECT FROM calendar_attendee
                 WHERE event_id = %(event)s.id AND partner_id = %(partner)s AND state = 'declined'
            )
            """,
            event=event,
            partner=self.env.user.partner_id.id,
            user=self.env.uid,
        )
