import threading
import time

from odoo import SUPERUSER_ID, api, fields
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL


@tagged("post_install", "-at_install")
class TestTogether(TransactionCase):
    """With transactions that are committed, as several people and the job have them."""

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            self.contact_id = self._env(cr)["res.partner"].create({"name": "Busy"}).id
        self.addCleanup(self._remove)
        self._run_job()

    def _env(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})

    def _remove(self):
        with self.registry.cursor() as cr:
            env = self._env(cr)
            env["mail.message"].search([("author_id", "=", self.contact_id)]).unlink()
            env["res.partner"].browse(self.contact_id).unlink()
        self._run_job()

    def _run_job(self):
        with self.registry.cursor() as cr:
            self._env(cr)["crm.gdpr.dealing.pending"]._cron_date_contacts()

    def _write(self, cr):
        env = self._env(cr)
        env["mail.message"].create(
            {"author_id": self.contact_id, "message_type": "email", "date": fields.Datetime.now(), "body": "Hello"}
        )
        cr.flush()

    def _kind(self):
        with self.registry.cursor() as cr:
            return self._env(cr)["res.partner"].browse(self.contact_id).last_dealing_kind

    def test_two_who_deal_with_a_contact_at_the_same_moment_do_not_meet(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            second.execute("SET LOCAL lock_timeout = '2s'")
            self._write(first)
            self._write(second)
            second.commit()
            first.commit()
        self._run_job()
        self.assertEqual(self._kind(), "message")

    def test_the_job_comes_again_to_a_contact_that_somebody_was_writing(self):
        with self.registry.cursor() as cr:
            self._write(cr)
        with self.registry.cursor() as cr:
            cr.execute(SQL("UPDATE res_partner SET function = 'Buyer' WHERE id = %s", self.contact_id))
            job = threading.Thread(target=self._run_job)
            job.start()
            self._wait_for_lock()
            cr.commit()
        job.join(30)
        self.assertEqual(self._kind(), "message")
        with self.registry.cursor() as cr:
            contact = self._env(cr)["res.partner"].browse(self.contact_id)
            self.assertEqual(contact.function, "Buyer")
            self.assertFalse(self._env(cr)["crm.gdpr.dealing.pending"]._count_due())

    def test_who_began_before_the_job_was_run_is_not_stopped_by_it(self):
        job = self.env.ref("crm_gdpr.ir_cron_dealings")
        with self.registry.cursor() as cr:
            self._write(cr)
        with self.registry.cursor() as long:
            long.execute(SQL("SELECT FROM res_partner WHERE id = %s", self.contact_id))
            with self.registry.cursor() as server:
                # as Odoo does when it takes a job up
                server.execute(SQL("DELETE FROM ir_cron_trigger WHERE cron_id = %s", job.id))
            self._write(long)
        with self.registry.cursor() as cr:
            self.assertEqual(self._env(cr)["ir.cron.trigger"].search_count([("cron_id", "=", job.id)]), 1)

    def _wait_for_lock(self):
        """Until the job waits for the contact."""
        waiting = """
            SELECT FROM pg_stat_activity
             WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%WITH contact AS%'
        """
        for _try in range(100):
            with self.registry.cursor() as cr:
                cr.execute(waiting)
                if cr.rowcount:
                    return
            time.sleep(0.1)
        self.fail("the job does not wait for the contact")
