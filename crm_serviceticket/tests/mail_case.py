import email.policy
import logging
import uuid
from email.message import EmailMessage
from unittest.mock import patch

from odoo import SUPERUSER_ID, api

from odoo.addons.base.models.ir_mail_server import IrMail_Server
from odoo.addons.crm_salesboard.tests.mail_server import MailServer

from .common import TicketCase

DOMAIN = "tickets.example"
# The mail server tells of every step.
logging.getLogger("mail.log").setLevel(logging.ERROR)


class MailCase(TicketCase):
    """The service team has an address; what is sent goes to a real mail server on this machine."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # as it is for users, in whose environment followers are told and changes tracked
        cls.env = cls.env(context={key: value for key, value in cls.env.context.items() if key != "tracking_disable"})
        cls.domain = cls.env["mail.alias.domain"].create({"name": DOMAIN})
        cls.home.write({"alias_domain_id": cls.domain.id, "email": f"office@{DOMAIN}"})
        cls.service_team.write({"ticket_alias_name": "service", "ticket_alias_domain_id": cls.domain.id})
        cls.address = f"service@{DOMAIN}"

    def setUp(self):
        super().setUp()
        self.mail_server = MailServer()
        self.mail_server.start()
        self.addCleanup(self.mail_server.stop)
        server = {"name": "Loopback", "smtp_host": "127.0.0.1", "smtp_port": self.mail_server.port, "sequence": 0}
        self.env["ir.mail_server"].create({**server, "smtp_encryption": "none"})
        # What waits of the demo data stays here.
        self.env["mail.mail"].search([("state", "=", "outgoing")]).state = "cancel"
        # Odoo sends nothing in tests, but for this.
        self.startPatcher(patch.object(IrMail_Server, "_disable_send", lambda *args: False))

    def _mail(self, text="It broke off after two days.", **headers):
        """A mail of Anna's to the team."""
        mail = EmailMessage()
        given = {
            "From": "Anna <anna@bakker.example>",
            "To": self.address,
            "Subject": "Wheel broke off",
            "Message-ID": f"<{uuid.uuid4()}@bakker.example>",
        }
        for name, value in (given | {name.replace("_", "-"): value for name, value in headers.items()}).items():
            if value is not None:
                mail[name] = value
        if text is not None:
            mail.set_content(text)
        return mail

    def _receive(self, mail=None, **headers):
        """Hand a mail in as the mail gateway does.

        :return: the ticket that it made or came to
        """
        mail = mail or self._mail(**headers)
        content = mail if isinstance(mail, bytes) else mail.as_bytes(policy=email.policy.SMTP)
        self.env.flush_all()
        self.env.invalidate_all()
        ticket_id = self.env["mail.thread"].message_process(False, content)
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["crm.ticket"].browse(ticket_id or ())

    def _send(self):
        """Odoo's job that sends what waits, in a transaction of its own within that of the test.

        :return: ``[(address, mail)]`` that arrived since the last time, also of what Odoo has sent at once
        """
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["mail.mail"].process_email_queue()
        self.env.invalidate_all()
        arrived, self.mail_server.received[:] = list(self.mail_server.received), []
        return arrived

    def _answer(self, received, text="The left one.", **headers):
        """The mail that a person's mail program makes of one that they answer."""
        given = {
            "From": received["To"],
            "To": received["Reply-To"],
            "Subject": f"Re: {received['Subject']}",
            "In-Reply-To": received["Message-Id"],
            "References": received["Message-Id"],
        }
        return self._mail(text, **{name.replace("-", "_"): value for name, value in given.items()} | headers)

    def _messages(self, ticket, kind="email"):
        return ticket.message_ids.filtered(lambda message: message.message_type == kind).sorted("id")
