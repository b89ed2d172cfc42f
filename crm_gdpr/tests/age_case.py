from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tools import SQL

from .common import PrivacyCase

NEVER = datetime(2012, 5, 1, 9, 0, 0)


def ago(**passed):
    """A moment so long ago, to the second."""
    return fields.Datetime.now() - timedelta(**passed)


class AgeCase(PrivacyCase):
    """Contacts from long ago, and what the job makes of what happens to them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # a little later than the database says that records are made
        cls.startClassPatcher(freeze_time(datetime.now().replace(microsecond=0) + timedelta(minutes=5)))
        cls.pending = cls.env["crm.gdpr.dealing.pending"]
        cls._settle()
        cls.contact = cls._make_old("Jane Doe")

    @classmethod
    def _make_old(cls, name, created=NEVER, **values):
        """A contact that nobody has dealt with since."""
        contact = cls._make_contact(name, **values)
        cls.env.flush_all()
        cls.env.cr.execute(SQL("UPDATE res_partner SET create_date = %s WHERE id = %s", created, contact.id))
        contact.invalidate_recordset(["create_date"])
        contact._date_anew()
        cls._settle()
        return contact

    @classmethod
    def _settle(cls):
        """End the transaction as far as a test can, and let the job run."""
        cls.env.cr.flush()
        while cls.pending._date_batch():
            pass

    def _age(self, contact=None):
        """The date of the last dealing and its cause, after the job has run."""
        self._settle()
        contact = contact or self.contact
        return contact.last_dealing_date, contact.last_dealing_kind

    def _write(self, author, date, message_type="comment", on=None, **values):
        return self.env["mail.message"].create(
            {
                "author_id": author.id,
                "date": date,
                "message_type": message_type,
                "model": "res.partner",
                "res_id": (on or author).id,
                "body": "Hello",
                **values,
            }
        )

    def _meet(self, contacts, start, **values):
        return (
            self.env["calendar.event"]
            .with_context(no_mail_to_attendees=True)
            .create(
                {
                    "name": "Demonstration",
                    "start": start,
                    "stop": start + timedelta(hours=1),
                    "partner_ids": [(6, 0, contacts.ids)],
                    **values,
                }
            )
        )

    def _make_lead(self, contact, created, **values):
        lead = self.env["crm.lead"].create(
            {"name": "Machine", "type": "opportunity", "partner_id": contact.id, **values}
        )
        self.env.flush_all()
        self.env.cr.execute(SQL("UPDATE crm_lead SET create_date = %s WHERE id = %s", created, lead.id))
        lead.invalidate_recordset(["create_date"])
        return lead
