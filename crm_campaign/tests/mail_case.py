import re
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.tests import HttpCase

from odoo.addons.base.models.ir_mail_server import IrMail_Server
from odoo.addons.crm_salesboard.tests.mail_server import MailServer

from .common import CampaignCase

TEXT = """
<p>Dear <t t-out="object.name"/>, <a href="https://fair.example/programme">the programme</a> of the fair.</p>
"""
AUTO_REPLY = "Auto-Submitted: auto-replied\n"
ANSWER = """\
From: {sender}
To: {to}
Subject: Re: {subject}
Message-Id: <{message_id}>
In-Reply-To: {reference}
References: {references}
{headers}MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

{text}
"""
BOUNCE = """\
From: Mail Delivery System <mailer-daemon@customers.example>
To: {bounce}
Subject: Undelivered Mail Returned to Sender
Message-Id: <bounce-{address}>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="LIMIT"

--LIMIT
Content-Type: text/plain; charset=us-ascii

<{address}>: unknown user

--LIMIT
Content-Type: message/delivery-status

Reporting-MTA: dns; customers.example
Final-Recipient: rfc822; {address}
Action: failed
Status: 5.1.1

--LIMIT
Content-Type: text/rfc822-headers

Message-Id: {reference}
To: {address}

--LIMIT--
"""


class MailCase(CampaignCase, HttpCase):
    """A campaign whose e-mails go to a real mail server on this machine, and whose answers come from there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.env["mail.alias.domain"].create({"name": "campaigns.example"})
        cls.home.alias_domain_id = cls.domain

    def setUp(self):
        super().setUp()
        self.mail_server = MailServer()
        self.mail_server.start()
        self.addCleanup(self.mail_server.stop)
        self.env["ir.mail_server"].create(
            {
                "name": "Loopback",
                "smtp_host": "127.0.0.1",
                "smtp_port": self.mail_server.port,
                "smtp_encryption": "none",
                "sequence": 0,
            }
        )
        self.last_mail = self.env["mail.mail"].sudo().search([], order="id desc", limit=1).id or 0
        # Odoo sends nothing in tests, but for this.
        self.startPatcher(patch.object(IrMail_Server, "_disable_send", lambda *args: False))

    def _make_mail_step(self, text=TEXT, subject="The Fair, {{ object.name }}", **values):
        step = self._make_step(**values)
        step._make_mailing()
        step.mailing_id.sudo().write({"subject": subject, "body_arch": text, "body_html": text})
        return step

    def _start(self, step, user=None):
        self._as(user or self.manager, step).action_start()

    def _make_mails(self):
        """Odoo's job, in a transaction of its own within that of the test."""
        self.env.flush_all()
        with self.registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["mailing.mailing"]._process_mass_mailing_queue()
        self.env.invalidate_all()

    def _send(self, step=None):
        """Start, make and send, as the jobs of Odoo do.

        :return: the dispatches in the order of the members
        """
        step = step or self._make_mail_step()
        self._start(step)
        self._make_mails()
        self._send_mails()
        self.env["crm.campaign.step"]._finish_over()
        self.env.invalidate_all()
        return step.dispatch_ids.sorted("member_id")

    def _send_mails(self):
        """Odoo's mail queue, without what the demo data has in it."""
        self.env["mail.mail"].sudo().search([("state", "=", "outgoing"), ("id", ">", self.last_mail)]).send()

    def _receive(self, text):
        self.env.flush_all()
        self.env["mail.thread"].message_process(False, text)
        self.env.flush_all()
        self.env.invalidate_all()

    def _answer(self, address, text="I shall come.", headers="", number=1):
        """The customer answers the last mail that came."""
        mail = self.mail_server.last_to(address)
        self._receive(
            ANSWER.format(
                sender=address,
                to=mail["Reply-To"],
                subject=mail["Subject"],
                reference=mail["Message-Id"],
                references=f"{mail['References'] or ''} {mail['Message-Id']}".strip(),
                message_id=f"answer-{number}-{address}",
                headers=headers,
                text=text,
            )
        )

    def _bounce(self, address):
        reference = self.mail_server.last_to(address)["Message-Id"]
        self._receive(BOUNCE.format(bounce=self.domain.bounce_email, address=address, reference=reference))

    def _html(self, address):
        return self.mail_server.last_to(address).get_body(("html",)).get_content()

    def _open(self, address):
        """The customer's program loads the picture."""
        self._visit(re.search(r"/mail/track/\d+/\w+/blank.gif", self._html(address))[0])

    def _click(self, address):
        self._visit(re.search(r"/r/\w+/m/\d+", self._html(address))[0])

    def _visit(self, path):
        self.env.flush_all()
        self.authenticate(None, None)
        response = self.url_open(path, allow_redirects=False)
        self.assertIn(response.status_code, (200, 301, 302, 303))
        self.env.invalidate_all()
        return response
