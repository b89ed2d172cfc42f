from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import clean_context

from ..tools import ics

TOUCHED = "crm.calendar.invitation"


class CrmCalendarInvitation(models.Model):
    """That somebody has an appointment or follow-up in the own calendar, and what was sent there last.

    What happens to a record is looked at once, before the transaction is committed: however often it was written,
    one e-mail tells what became of it, and none if it is to the calendar what it was before.
    """

    _name = "crm.calendar.invitation"
    _description = "Appointment in an Own Calendar"

    user_id = fields.Many2one(
        "res.users", required=True, index=True, ondelete="cascade", export_string_translation=False
    )
    event_id = fields.Many2one(
        "calendar.event", index="btree_not_null", ondelete="set null", export_string_translation=False
    )
    recurrence_id = fields.Many2one(
        "calendar.recurrence", index="btree_not_null", ondelete="set null", export_string_translation=False
    )
    activity_id = fields.Many2one(
        "mail.activity", index="btree_not_null", ondelete="set null", export_string_translation=False
    )
    is_wanted = fields.Boolean(default=True, export_string_translation=False)
    is_delegated = fields.Boolean(export_string_translation=False)  # a colleague ticked it for the one who has to do it
    is_live = fields.Boolean(export_string_translation=False)  # what was sent last is no cancellation
    uid = fields.Char(export_string_translation=False)  # what the calendar knows it by
    sequence = fields.Integer(default=-1, export_string_translation=False)
    fingerprint = fields.Char(export_string_translation=False)  # of what was sent last
    date_start = fields.Datetime(export_string_translation=False)
    date_end = fields.Datetime(export_string_translation=False)
    is_allday = fields.Boolean(export_string_translation=False)

    _event_unique = models.UniqueIndex("(user_id, event_id)")
    _recurrence_unique = models.UniqueIndex("(user_id, recurrence_id)")
    _activity_unique = models.UniqueIndex("(user_id, activity_id)")

    # ------------------------------------------------------------
    # What to look at before the commit
    # ------------------------------------------------------------

    def _touch(self):
        """Have a look at these before the transaction is committed."""
        if self:
            self.env.cr.precommit.data.setdefault(TOUCHED, set()).update(self.ids)
            self.env.cr.precommit.add(self.browse()._send_changes)

    def _send_changes(self):
        """Tell each calendar what became of what it shows; all that is touched at once."""
        touched = self.env.cr.precommit.data.pop(TOUCHED, ())
        if not touched:
            return
        # sudo: what was ticked is looked at whoever changes it; what is told follows the rights of who gets it
        rows = self.sudo().with_context(clean_context(self.env.context)).browse(sorted(touched)).exists()
        rows = rows._follow_documents()
        news = []
        for user, own in rows.grouped("user_id").items():
            if user.email_normalized:  # else nothing reaches the calendar, and nothing was told
                news += own._get_news(user)
        rows._send_news(news)

    def _follow_documents(self):
        """Hang each row on the record that it belongs to by now.

        :return: the rows, with those for whom a follow-up is meant now
        """
        for row in self:
            event = row.activity_id.calendar_event_id
            if event:
                row._move_to(activity_id=False, event_id=event.id)
            recurrence = row.event_id.recurrence_id or row.recurrence_id
            if recurrence and (row.recurrence_id != recurrence or row.event_id != recurrence.base_event_id):
                row._move_to(recurrence_id=recurrence.id, event_id=recurrence.base_event_id.id)
        return self | self._follow_assignees()

    def _join_series(self):
        """Of a series whose rule does not give the appointment that it began with, that is about to be archived."""
        for row in self.filtered(lambda row: not row.recurrence_id and row.event_id):
            row.recurrence_id = row.recurrence_id.search([("base_event_id", "=", row.event_id.id)], limit=1)

    def _move_to(self, **values):
        """Unless the user has it already: then this one is not wanted any more."""
        kept = {name: value for name, value in values.items() if value}
        others = Domain.OR(Domain(name, "=", value) for name, value in kept.items())
        if self.search_count(Domain("user_id", "=", self.user_id.id) & Domain("id", "!=", self.id) & others, limit=1):
            self.write({"event_id": False, "recurrence_id": False, "activity_id": False, "is_wanted": False})
        else:
            self.write(values)

    def _follow_assignees(self):
        """Who was given a follow-up has it in the calendar as well, and who gave it away has not."""
        added = self.browse()
        for row in self.filtered(lambda row: row.is_delegated and row.is_wanted):
            document = row.activity_id or row.event_id
            responsible = document.user_id
            if responsible and responsible != row.user_id:
                row.is_wanted = False
                if not document._is_invited_by_odoo(responsible):
                    added |= self._subscribe(document, responsible, is_delegated=True)
        return added

    # ------------------------------------------------------------
    # Ticking
    # ------------------------------------------------------------

    @api.model
    def _of_records(self, records):
        """The rows of appointments or follow-ups, of all users."""
        records = records.sudo()  # sudo: only what hangs on them
        if records._name == "mail.activity":
            events = records.calendar_event_id
            return self.search(Domain("activity_id", "in", records.ids) | Domain("event_id", "in", events.ids))
        return self.search(self._appointment_domain(records))

    @api.model
    def _of_appointments_and_follow_ups(self, events):
        """The rows of appointments and of the follow-ups that they are for, of all users, in one query."""
        return self.search(self._appointment_domain(events) | Domain("activity_id.calendar_event_id", "in", events.ids))

    @api.model
    def _appointment_domain(self, events):
        recurrences = events.sudo().recurrence_id  # sudo: only what hangs on it
        return Domain("event_id", "in", events.ids) | Domain("recurrence_id", "in", recurrences.ids)

    @api.model
    def _subscribe(self, records, user, is_delegated=False):
        """Put records into the calendar of a user, a series as a whole.

        :param records: ``calendar.event`` or ``mail.activity``
        :param user: ``res.users``
        :param is_delegated: whether a colleague does it for the user, who then may have said no before
        :return: rows
        """
        own = self._of_records(records).filtered(lambda row: row.user_id == user)
        if not is_delegated:
            own.filtered(lambda row: not row.is_wanted).write({"is_wanted": True, "is_delegated": False})
        known = {(name, row[name].id) for row in own for name in ("recurrence_id", "event_id", "activity_id")}
        values = []
        for record in records:
            links = self._get_links(record)
            if known.isdisjoint(links.items()):
                known.update(links.items())
                values.append({"user_id": user.id, "is_delegated": is_delegated, **links})
        rows = own | self.create(values)
        rows._touch()
        return rows

    @api.model
    def _get_links(self, record):
        """What a row on a record hangs on: a series on its first occurrence, a follow-up on its appointment, if any."""
        event = record if record._name == "calendar.event" else record.calendar_event_id
        if not event:
            return {"activity_id": record.id}
        if event.recurrence_id:
            return {"recurrence_id": event.recurrence_id.id, "event_id": event.recurrence_id.base_event_id.id}
        return {"event_id": event.id}

    @api.model
    def _unsubscribe(self, records, user):
        rows = self._of_records(records).filtered(lambda row: row.user_id == user)
        rows.is_wanted = False
        rows._touch()

    # ------------------------------------------------------------
    # What is new
    # ------------------------------------------------------------

    def _get_news(self, user):
        """What has to be told to the calendar of a user.

        :param user: ``res.users``, of all these rows
        :return: a list of dicts with ``row``, ``method`` (of iTIP, RFC 5546), ``parts`` (lines per component),
            ``title``, and ``zones``
        """
        own = self.env["crm.calendar.feed"].new({"user_id": user.id})._for_owner().env
        documents = self._read_documents(own["crm.calendar.content"])
        now = fields.Datetime.now()
        news = []
        for row in self:
            document = documents.get(row)
            if document:
                mark = ics.fingerprint(document["parts"])
                is_over = row.is_live and row.date_end < now and document["end"] < now
                if row.is_live and (row.fingerprint == mark or is_over):
                    continue
                row._note_sent(mark, document)
                news.append({"row": row, "user": user, "method": "REQUEST", **document})
            elif row.is_live:
                row.write({"is_live": False, "sequence": row.sequence + 1})
                if row.date_end >= now:
                    news.append({"row": row, "user": user, "method": "CANCEL", **row._cancelled(own)})
        return news

    def _note_sent(self, mark, document):
        self.write(
            {
                "is_live": True,
                "uid": self.uid or self._new_uid(),
                "sequence": self.sequence + 1,
                "fingerprint": mark,
                "date_start": document["start"],
                "date_end": document["end"],
                "is_allday": document["is_allday"],
            }
        )

    def _new_uid(self):
        """The same in the calendars of all, and in the feed; a series has one of its own."""
        kind, record = next(
            (kind, record)
            for kind, record in (
                ("series", self.recurrence_id),
                ("event", self.event_id),
                ("activity", self.activity_id),
            )
            if record
        )
        return f"{kind}-{record.id}@{self.env['crm.calendar.content']._database_id()}"

    def _read_documents(self, content):
        """What the rows are about, as their user may see it.

        :param content: ``crm.calendar.content`` of the user
        :return: a dict of row to what it is in a calendar; none for what is gone, hidden or not wanted any more
        """
        # Whoever left, or is only a guest by now, is told no more; nor has such a user all the rights to ask for.
        wanted = self.filtered(lambda row: row.is_wanted and row.user_id.active and not row.user_id.share)
        series = wanted.filtered("recurrence_id")
        single = (wanted - series).filtered("event_id")
        tasks = (wanted - series - single).filtered("activity_id")
        found = {}
        if single:
            rows = {row["id"]: row for row in content._read_events(Domain("id", "in", single.event_id.ids))}
            found.update(
                {
                    row: self._event_document(content, [rows[row.event_id.id]])
                    for row in single
                    if row.event_id.id in rows
                }
            )
        if series:
            rows = content._read_events(Domain("recurrence_id", "in", series.recurrence_id.ids))
            found.update(series._series_documents(content, rows))
        if tasks:
            rows = {row["id"]: row for row in content._read_activities(Domain("id", "in", tasks.activity_id.ids))}
            found.update(
                {
                    row: self._task_document(content, rows[row.activity_id.id])
                    for row in tasks
                    if row.activity_id.id in rows
                }
            )
        return found

    @api.model
    def _event_document(self, content, rows):
        [row] = rows
        return {
            "parts": [content._event_lines(row)],
            "title": content._event_title(row),
            "start": row["start_at"],
            "end": self._end_of_day(row["stop_at"]) if row["allday"] else row["stop_at"],
            "is_allday": row["allday"],
            "zones": [],
        }

    @api.model
    def _task_document(self, content, row):
        day = datetime.combine(row["date_deadline"], time())
        return {
            "parts": [content._activity_lines(row)],
            "title": content._activity_title(row),
            "start": day,
            "end": self._end_of_day(day),
            "is_allday": True,
            "zones": [],
        }

    @api.model
    def _end_of_day(self, moment):
        return datetime.combine(moment.date(), time()) + timedelta(days=1)

    def _cancelled(self, own):
        """What is said of a record that may be gone, or is none of the user's business any more."""
        start = (
            f"DTSTART;VALUE=DATE:{self.date_start:%Y%m%d}" if self.is_allday else f"DTSTART:{ics.utc(self.date_start)}"
        )
        title = own._("Cancelled")
        parts = [[start, f"SUMMARY:{ics.text(title)}", "STATUS:CANCELLED"]]
        return {"parts": parts, "title": title, "start": self.date_start, "is_allday": self.is_allday, "zones": []}

    @api.autovacuum
    def _gc_gone(self):
        """Forget what is in no calendar any more."""
        gone = [(name, "=", False) for name in ("is_live", "event_id", "recurrence_id", "activity_id")]
        self.search(gone, limit=10_000).unlink()
