from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import ics

# Of a text no more than this is read: a description may hold pictures.
TEXT_LENGTH = 8000


class CrmCalendarContent(models.AbstractModel):
    """What an appointment or a follow-up is to another calendar, read with the rights of the current user.

    The database does what it can, in one query for any number: feeds have thousands of records and are fetched all day.
    """

    _name = "crm.calendar.content"
    _description = "Content of Calendars"

    @api.model
    def _database_id(self):
        """What makes the number of a record one in the whole world."""
        # sudo: no secret
        return self.env["ir.config_parameter"].sudo().get_param("database.uuid")

    # ------------------------------------------------------------
    # Appointments
    # ------------------------------------------------------------

    @api.model
    def _read_events(self, domain, condition=None):
        """Appointments that the current user may see, by their start.

        :param domain: a ``Domain`` on ``calendar.event``
        :param condition: a function that makes one more ``SQL`` condition of the name of the table
        :return: a list of dicts, see ``_event_columns_sql``
        """
        self.env.flush_all()
        query = self.env["calendar.event"]._search(domain)
        event = SQL.identifier(query.table)
        if condition:
            query.add_where(condition(event))
        query.order = SQL("%(event)s.start, %(event)s.id", event=event)
        return self._fetch_dicts(query.select(self._event_columns_sql(event)))

    @api.model
    def _event_columns_sql(self, event):
        return SQL(
            """
            %(event)s.id, %(event)s.name, %(event)s.location, left(%(event)s.description, %(length)s) AS description,
            %(event)s.videocall_location, %(event)s.allday, %(event)s.show_as, %(event)s.follow_recurrence,
            %(event)s.start AS start_at, %(event)s.stop AS stop_at,
            %(event)s.write_date AS written,
            to_char(%(event)s.write_date, 'YYYYMMDD"T"HH24MISS"Z"') AS stamp,
            to_char(%(event)s.start, 'YYYYMMDD"T"HH24MISS"Z"') AS start,
            to_char(%(event)s.stop, 'YYYYMMDD"T"HH24MISS"Z"') AS stop,
            to_char(COALESCE(%(event)s.start_date, %(event)s.start::date), 'YYYYMMDD') AS start_day,
            to_char(COALESCE(%(event)s.stop_date, %(event)s.stop::date) + 1, 'YYYYMMDD') AS stop_day,
            (SELECT is_restricted FROM crm_lead WHERE id = %(event)s.opportunity_id) AS is_restricted,
            %(is_private)s AS is_private,
            %(address)s AS address,
            COALESCE(%(event)s.user_id = %(user)s, FALSE) OR EXISTS (
                SELECT FROM calendar_event_res_partner_rel
                 WHERE calendar_event_id = %(event)s.id AND res_partner_id = %(partner)s
            ) AS is_present
            """,
            event=event,
            address=self.get_base_url(),
            length=TEXT_LENGTH,
            is_private=self._is_private_sql(event),
            user=self.env.uid,
            partner=self.env.user.partner_id.id,
        )

    @api.model
    def _is_private_sql(self, event):
        """Whether an appointment is private: it says so or, if it says nothing, its organizer or the company does."""
        # sudo: what a company says about privacy is for everybody
        default = self.env["ir.config_parameter"].sudo().get_param("calendar.default_privacy", "public")
        return SQL(
            """
            COALESCE(
                %(event)s.privacy,
                (SELECT calendar_default_privacy FROM res_users_settings WHERE user_id = %(event)s.user_id),
                %(default)s
            ) = 'private'
            """,
            event=event,
            default=default,
        )

    @api.model
    def _event_lines(self, row, period=None):
        """The lines of an appointment, but those that say which one it is and when that was written.

        :param row: a dict of ``_read_events``
        :param period: lines in place of those that say when it is
        """
        lines = [*(period or self._period_lines(row)), f"SUMMARY:{ics.text(self._event_title(row))}"]
        if not (row["is_restricted"] or row["is_private"]):
            place = row["location"] or row["videocall_location"]
            if place:
                lines.append(f"LOCATION:{ics.text(place)}")
            description = ics.plain(row["description"])
            if description:
                lines.append(f"DESCRIPTION:{ics.text(description)}")
        lines.append(f"URL:{row['address']}/mail/view?model=calendar.event&res_id={row['id']}")
        is_busy = row["is_present"] and row["show_as"] != "free"
        lines.append("TRANSP:OPAQUE" if is_busy else "TRANSP:TRANSPARENT")
        if row["is_private"]:
            lines.append("CLASS:PRIVATE")
        return lines

    @api.model
    def _event_title(self, row):
        """The subject or, where what people wrote must not leave Odoo, what kind of thing it is."""
        if row["is_restricted"]:
            return self.env._("Appointment on a restricted project")
        if row["is_private"]:
            return self.env._("Private appointment")
        return row["name"] or self.env._("Appointment")

    @api.model
    def _period_lines(self, row):
        if row["allday"]:
            return f"DTSTART;VALUE=DATE:{row['start_day']}", f"DTEND;VALUE=DATE:{row['stop_day']}"
        if row["stop"] > row["start"]:
            return f"DTSTART:{row['start']}", f"DTEND:{row['stop']}"
        return (f"DTSTART:{row['start']}",)  # an end must be later, RFC 5545 section 3.8.2.2

    # ------------------------------------------------------------
    # Follow-ups
    # ------------------------------------------------------------

    @api.model
    def _read_activities(self, domain):
        """Open follow-ups that the current user may see, by their deadline.

        :param domain: a ``Domain`` on ``mail.activity``
        :return: a list of dicts, see ``_activity_columns_sql``, with ``kind`` and ``is_restricted``
        """
        self.env.flush_all()
        query = self.env["mail.activity"]._search(domain, order="date_deadline, id")
        rows = self._fetch_dicts(query.select(self._activity_columns_sql(SQL.identifier(query.table))))
        # sudo: the name of a kind of follow-up is known to whoever has one of it
        kinds = self.env["mail.activity.type"].sudo()
        names = {kind.id: kind.name for kind in kinds.browse({row["activity_type_id"] for row in rows} - {None})}
        restricted = self._restricted_activities(rows)
        for row in rows:
            row["kind"] = names.get(row["activity_type_id"]) or self.env._("Follow-up")
            row["is_restricted"] = row["id"] in restricted
        return rows

    @api.model
    def _activity_columns_sql(self, activity):
        return SQL(
            """
            %(activity)s.id, %(activity)s.summary, left(%(activity)s.note, %(length)s) AS note, %(activity)s.res_model,
            %(activity)s.res_id, %(activity)s.res_name, %(activity)s.activity_type_id, %(activity)s.calendar_event_id,
            %(activity)s.date_deadline, %(activity)s.write_date AS written, %(address)s AS address,
            EXISTS (
                SELECT FROM calendar_event event WHERE event.id = %(activity)s.calendar_event_id AND event.active
            ) AS is_appointment,
            EXISTS (
                SELECT FROM calendar_event event WHERE event.id = %(activity)s.calendar_event_id AND %(is_private)s
            ) AS is_private,
            to_char(%(activity)s.write_date, 'YYYYMMDD"T"HH24MISS"Z"') AS stamp,
            to_char(%(activity)s.date_deadline, 'YYYYMMDD') AS start_day,
            to_char(%(activity)s.date_deadline + 1, 'YYYYMMDD') AS stop_day
            """,
            activity=activity,
            is_private=self._is_private_sql(SQL.identifier("event")),
            address=self.get_base_url(),
            length=TEXT_LENGTH,
        )

    @api.model
    def _restricted_activities(self, rows):
        """Which follow-ups hang on a restricted project, or on what belongs to one.

        :param rows: dicts with ``id``, ``res_model`` and ``res_id``
        :return: a set of ids of follow-ups
        """
        documents = {}
        for row in rows:
            documents.setdefault(row["res_model"], {}).setdefault(row["res_id"], []).append(row["id"])
        restricted = set()
        for model, lead_field in self.env["mail.activity"]._documents_of_leads().items():
            if model not in documents:
                continue
            is_restricted = Domain("is_restricted", "=", True)
            if model != "crm.lead":
                is_restricted = Domain(lead_field, "any", is_restricted)
            # sudo: only whether it is restricted
            found = self.env[model].sudo().with_context(active_test=False)
            for res_id in found._search(Domain("id", "in", list(documents[model])) & is_restricted):
                restricted.update(documents[model][res_id])
        return restricted

    @api.model
    def _activity_lines(self, row):
        """The lines of a follow-up: a whole day that blocks nothing."""
        lines = [
            f"DTSTART;VALUE=DATE:{row['start_day']}",
            f"DTEND;VALUE=DATE:{row['stop_day']}",
            f"SUMMARY:{ics.text(self._activity_title(row))}",
        ]
        if not (row["is_restricted"] or row["is_private"]):
            document = row["res_name"] if row["summary"] else ""
            description = "\n".join(filter(None, (document, ics.plain(row["note"]))))
            if description:
                lines.append(f"DESCRIPTION:{ics.text(description)}")
        if row["res_model"]:
            lines.append(f"URL:{row['address']}/mail/view?model={row['res_model']}&res_id={row['res_id']}")
        lines.append("TRANSP:TRANSPARENT")
        if row["is_private"]:
            lines.append("CLASS:PRIVATE")
        return lines

    @api.model
    def _activity_title(self, row):
        if row["is_restricted"]:
            return self.env._("%(action)s on a restricted project", action=row["kind"])
        if row["is_private"]:
            return self.env._("Private appointment")
        return ": ".join(filter(None, (row["kind"], row["summary"] or row["res_name"])))

    @api.model
    def _fetch_dicts(self, query):
        self.env.cr.execute(query)
        return self.env.cr.dictfetchall()
