from odoo.tests import tagged
from odoo.tools import mute_logger

from .mail_case import MailCase


@tagged("post_install", "-at_install")
class TestStepScreen(MailCase):
    """A user of Email Marketing writes and sends on Odoo's own screens."""

    def setUp(self):
        super().setUp()
        self.campaign.title = "Tour of Steps"
        self.people = self._make_people(2)
        self._make_members(self.people)

    def _open(self, step, tour):
        self.env.flush_all()
        self.start_tour(f"/odoo/crm.campaign.step/{step.id}?cids={self.home.id}", tour, login=self.marketing.login)
        self.env.invalidate_all()

    def test_an_e_mail_is_written_and_sent(self):
        step = self._make_mail_step()
        self._open(step, "campaign_step_mail")
        self.assertEqual(step.state, "running")
        self._make_mails()
        self._send_mails()
        self.assertEqual(set(self.mail_server.counts), set(self.people.mapped("email")))
        mail = self.mail_server.last_to(self.people[0].email)
        self.assertEqual(mail["Subject"], f"Come, {self.people[0].name}")

    def test_of_an_sms_an_unknown_placeholder_is_named_and_corrected_it_is_sent(self):
        step = self._make_step("sms")
        with mute_logger("odoo.http"):
            self._open(step, "campaign_step_sms")
        self.assertEqual(step.state, "running")
        self.assertEqual(step.mailing_id.sudo().body_plaintext, "Come, {{ object.name }}")
        self.assertEqual(step.dispatch_ids.mapped("state"), ["waiting"] * 2)
