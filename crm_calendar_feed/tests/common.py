from datetime import datetime, timedelta, timezone
from unittest.mock import patch

import icalendar

from odoo import Command, fields

from odoo.addons.base.models.ir_mail_server import IrMail_Server
from odoo.addons.crm_salesboard.tests.common import SalesBoardCase


class CalendarCase(SalesBoardCase):
    """Appointments of the cast, and what leaves Odoo of them: read by a parser that nobody here wrote."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # In the first days of a month Odoo's demo data has meetings to come, and its invitations to them wait.
        cls.env["mail.mail"].search([("state", "=", "outgoing")]).cancel()
        cls.env.company.email = "crm@example.com"
        cls.lead = cls._make_lead()
        cls.soon = fields.Datetime.now().replace(hour=9, minute=0, second=0) + timedelta(days=3)

    @classmethod
    def _meet(cls, user=None, hours=1, **values):
        user = user or cls.sales
        start = values.pop("start", cls.soon)
        events = cls.env["calendar.event"].with_user(user).with_context(no_mail_to_attendees=True)
        return events.create(
            {
                "name": "Visit",
                "start": start,
                "stop": start + timedelta(hours=hours),
                "user_id": user.id,
                "partner_ids": [Command.set(user.partner_id.ids)],
                **values,
            }
        )

    @classmethod
    def _plan(cls, user=None, record=None, days=3, by=None, **values):
        user = user or cls.sales
        day = fields.Date.today() + timedelta(days=days)
        values = {"summary": "Ask for the order", **values}
        record = (record or cls.lead).with_user(by or user).with_context(mail_activity_quick_update=True)
        return record.activity_schedule("mail.mail_activity_data_call", day, user_id=user.id, **values)

    def _mails(self):
        """Do what happens before a commit, and return the messages that the mail server got."""
        messages = []

        def send_email(server, message, *args, **kwargs):
            messages.append(message)
            return message["Message-Id"]

        with patch.multiple(
            IrMail_Server,
            _connect__=lambda *args, **kwargs: None,
            _disable_send=lambda *args: False,
            send_email=send_email,
        ):
            self.env.flush_all()
            self.env.cr.precommit.run()
            # What is sent once the transaction is committed, which here it never is.
            self.env.cr.postcommit.clear()
            self.env["mail.mail"].search(
                [("state", "=", "outgoing"), ("attachment_ids.name", "=", "invitation.ics")]
            ).send()
        self.env.invalidate_all()
        return [message for message in messages if self._files(message)]

    @staticmethod
    def _files(message):
        return [part for part in message.walk() if (part.get_filename() or "").startswith("invitation")]

    def _sent(self):
        """The calendars in the e-mails of this transaction, as a program reads them."""
        return [self._read(file.get_payload(decode=True)) for message in self._mails() for file in self._files(message)]

    def _sent_one(self, method):
        """The only one that was sent, and its only entry.

        :return: ``(calendar, entry)``
        """
        calendars = self._sent()
        self.assertEqual([str(calendar["METHOD"]) for calendar in calendars], [method])
        return calendars[0], self._entry(calendars[0])

    def _read(self, content):
        calendar = icalendar.Calendar.from_ical(content)
        for part in calendar.walk():
            self.assertFalse(part.errors)
        return calendar

    def _entry(self, calendar):
        entries = calendar.walk("VEVENT")
        self.assertEqual(len(entries), 1)
        return entries[0]

    @staticmethod
    def _utc(value):
        moment = value.dt
        if not isinstance(moment, datetime):
            return moment
        return moment.astimezone(timezone.utc).replace(tzinfo=None)
