import json
from datetime import datetime, timedelta

from odoo.tests import tagged

from .inbox_case import InboxCase

PRIVATE = ("jane", "Acme", "Atlantis", "Doe")


@tagged("post_install", "-at_install")
class TestRetention(InboxCase):
    def setUp(self):
        super().setUp()
        self.source.retention_days = 30

    def _age(self, rows, days):
        rows.received_at = datetime.now() - timedelta(days=days)

    def _run_job(self):
        self.env.flush_all()
        with self.env.registry.cursor() as cr:  # the job commits
            self.Inbox.with_env(self.env(cr=cr))._cron_empty_content()
        self.env.invalidate_all()

    def _kept(self, row):
        columns = row.read(["payload", "problems", "warnings", "answer", "summary", "content", "content_source"])[0]
        return json.dumps(columns, default=str, ensure_ascii=False)

    def test_old_content_is_emptied_and_the_lead_stays(self):
        row = self._send({"external_id": "A", "company": "Acme", "contact_name": "Jane Doe", "tags": ["Atlantis"]})
        lead = row.lead_id
        self._age(row, 31)
        self._run_job()
        self.assertTrue(row.is_emptied)
        self.assertEqual((row.state, row.lead_id, lead.partner_name), ("done", lead, "Acme"))
        for word in PRIVATE:
            self.assertNotIn(word, self._kept(row))

    def test_younger_content_stays(self):
        row = self._send({"external_id": "A", "company": "Acme"})
        self._age(row, 29)
        self._run_job()
        self.assertFalse(row.is_emptied)
        self.assertEqual(row._get_values(), {"company": "Acme"})

    def test_new_content_of_an_old_lead_is_kept_as_long_as_that_of_a_new_one(self):
        row = self._send({"external_id": "A", "company": "Acme"})
        self._age(row, 31)
        received_at = row.received_at
        self.assertEqual(self._send({"external_id": "A", "company": "Bolt"}), row)
        self._run_job()
        self.assertEqual((row.state, row.received_at, row._get_values()), ("done", received_at, {"company": "Bolt"}))
        row.content_at -= timedelta(days=31)
        self._run_job()
        self.assertTrue(row.is_emptied)

    def test_a_correction_by_the_sender_or_by_hand_of_what_is_old_can_wait_as_long_as_a_new_lead(self):
        by_sender, by_hand = self._send(*[{"external_id": name, "email": "nobody"} for name in "AB"])
        self._age(by_sender | by_hand, 31)
        self._send({"external_id": "A", "email": "still nobody"})
        wizard = self._open_correction(by_hand)
        wizard.line_ids.value = "still nobody"
        wizard.action_apply()
        self._run_job()
        for row in by_sender, by_hand:
            self.assertEqual((row.state, row._get_values()), ("failed", {"email": "still nobody"}))

    def test_what_still_waits_is_rejected_as_expired(self):
        row = self._send({"external_id": "A", "company": "Acme", "country": "Atlantis"})
        self.assertEqual(row.state, "failed")
        self._age(row, 31)
        self._run_job()
        self.assertEqual((row.state, row.action), ("rejected", "rejected"))
        self.assertEqual([problem["rule"] for problem in row.problems], ["expired"])
        for word in PRIVATE:
            self.assertNotIn(word, self._kept(row))

    def test_the_same_lead_is_known_after_its_content_is_emptied(self):
        record = {"external_id": "A", "company": "Acme"}
        row = self._send(record)
        lead = row.lead_id
        self._age(row, 31)
        self._run_job()
        self.assertEqual(self._send(record), row)
        self.assertEqual(self.env["crm.lead"].search([("intake_source_id", "=", self.source.id)]), lead)

    def test_mails_and_attachments_on_a_row_go_too(self):
        row = self._send({"external_id": "A", "company": "Acme"})
        row.message_post(body="Dear Jane Doe", message_type="email", attachments=[("visit.txt", b"Jane")])
        self._age(row, 31)
        self._run_job()
        self.assertNotIn("Jane", "".join(row.message_ids.mapped("body")))
        self.assertFalse(self.env["ir.attachment"].search([("res_model", "=", row._name), ("res_id", "=", row.id)]))

    def test_all_of_many_batches_are_emptied(self):
        self.patch(__import__(self.Inbox._cron_empty_content.__module__, fromlist=["BATCH"]), "BATCH", 2)
        rows = self._send(*[{"external_id": str(n), "company": f"Acme {n}"} for n in range(7)])
        self._age(rows, 31)
        self._run_job()
        self.assertEqual(rows.mapped("is_emptied"), [True] * 7)

    def test_an_emptied_row_can_neither_be_corrected_nor_processed(self):
        row = self._send({"external_id": "A", "company": "Acme", "country": "Atlantis"})
        self._age(row, 31)
        self._run_job()
        row.with_user(self.officer).action_undo_reject()
        row.with_user(self.officer).action_process_again()
        self.assertEqual(row.state, "rejected")
