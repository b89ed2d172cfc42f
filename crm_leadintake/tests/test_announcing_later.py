from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..tools import desk
from .sales_case import SalesCase


@tagged("post_install", "-at_install")
class TestAnnouncingLater(SalesCase):
    """Who sends a lead does not wait until people were told of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source.user_id = cls.sales[0]

    def _without_job(self):
        """Until the job has run."""
        return patch.object(type(self.env["crm.lead.inbox"]), "_announce", lambda rows: None)

    def test_leads_that_came_one_by_one_are_announced_together_and_once(self):
        with self._without_job():
            leads = self._send() | self._send() | self._send()
        rows = self._rows()
        self.assertEqual(rows.mapped("to_announce"), [True] * 3)
        self.assertFalse(leads.message_follower_ids)
        rows._announce()
        self.assertEqual(leads.mapped("message_partner_ids"), self.sales[0].partner_id)
        told = len(self._mails_to(self.sales[0]))
        self.assertEqual(told, 3)
        self.assertEqual(rows.mapped("to_announce"), [False] * 3)
        rows._announce()
        self.assertEqual(len(self._mails_to(self.sales[0])), told)

    def test_the_job_announces_what_waits(self):
        with self._without_job():
            leads = self._send(2)
        with self.enter_registry_test_mode():
            self.env.ref("crm_leadintake.ir_cron_crm_lead_announce").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(leads.message_partner_ids, self.sales[0].partner_id)
        self.assertFalse(any(self._rows().mapped("to_announce")))

    def test_leads_are_made_also_where_somebody_has_deleted_the_job(self):
        self.env.ref(desk.ANNOUNCE).unlink()
        with self.assertLogs("odoo.addons.crm_leadintake.tools.desk", "ERROR"):
            answers = self._submit([{"external_id": "A", "company": "Acme"}])
        self.assertEqual([answer["status"] for answer in answers], ["created"])

    def test_what_waits_is_found_without_reading_all_that_ever_came_in(self):
        Inbox = self.env["crm.lead.inbox"]
        self.env.cr.execute("SET LOCAL enable_seqscan = off")  # there are few rows here, and many elsewhere
        for domain, index in (
            ([("to_announce", "=", True)], "crm_lead_inbox_to_announce"),
            ([("state", "=", "new")], "crm_lead_inbox_waiting"),
        ):
            self.env.cr.execute(SQL("EXPLAIN %s", Inbox._search(domain).select()))
            self.assertIn(index, str(self.env.cr.fetchall()))

    def test_a_lead_that_is_gone_meanwhile_is_left_out(self):
        with self._without_job():
            leads = self._send(2)
        leads[0].unlink()
        self._rows()._announce()
        self.assertEqual(leads[1].message_partner_ids, self.sales[0].partner_id)

    @mute_logger("odoo.addons.crm_leadintake.models.crm_lead_inbox_announce")
    def test_what_cannot_be_announced_is_not_tried_for_ever(self):
        with self._without_job():
            leads = self._send()
        self.patch(type(self.env["crm.lead"]), "_follow_intake", lambda leads: 1 / 0)
        self._rows()._announce()
        self.assertTrue(leads.exists())
        self.assertFalse(self._rows().to_announce)
