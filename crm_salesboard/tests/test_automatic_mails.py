from email import message_from_string, policy

from odoo.tests import BaseCase, tagged

from ..tools.automatic_mails import ANSWER, BULK, kind_of


@tagged("post_install", "-at_install")
class TestAutomaticMails(BaseCase):
    def test_what_a_mail_was_sent_for(self):
        table = [
            ("", None),
            ("Auto-Submitted: no", None),
            ("X-Auto-Response-Suppress: None", None),
            ("Precedence: list", None),
            ("Return-Path: <anna@bakker.example>", None),
            ("In-Reply-To: <x@y>", None),
            ("Auto-Submitted: auto-replied; owner-email=a@b", ANSWER),
            ("AUTO-SUBMITTED: Auto-Replied", ANSWER),
            ("Return-Path: <>", ANSWER),
            ("Precedence: Auto_Reply", ANSWER),
            ("X-Autorespond: away", ANSWER),
            ("Auto-Submitted: auto-generated", BULK),
            ("Auto-Submitted: auto-notified", BULK),
            ("Precedence: bulk", BULK),
            ("X-Auto-Response-Suppress: DR, OOF, AutoReply", BULK),
            ("Precedence: junk\nIn-Reply-To: <x@y>", ANSWER),
        ]
        for headers, expected in table:
            with self.subTest(headers=headers):
                mail = message_from_string(f"Subject: x\n{headers}".strip() + "\n\nHello", policy=policy.SMTP)
                self.assertEqual(kind_of(mail), expected)
