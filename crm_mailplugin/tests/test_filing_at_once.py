import threading
from unittest.mock import patch

from odoo import SUPERUSER_ID, api, modules
from odoo.exceptions import ConcurrencyError
from odoo.service.model import retrying
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

MESSAGE = "<div>From : at.once@unknown.example</div><p>Please call me.</p>"


@tagged("post_install", "-at_install")
class TestFilingAtOnce(TransactionCase):
    """The button is pressed twice in the same moment, in transactions that are committed as on a server."""

    def setUp(self):
        super().setUp()
        # as on a server: what commits there, commits here
        self.startPatcher(patch.object(modules.module, "current_test", None))
        with self.registry.cursor() as cr:
            self.partner_id = self._env(cr)["res.partner"].create({"name": "At Once"}).id
        self.addCleanup(self._remove)

    def _env(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})

    def _remove(self):
        with self.registry.cursor() as cr:
            self._env(cr)["res.partner"].browse(self.partner_id).unlink()

    def _begin(self, cr):
        """From here on the transaction sees the database as it is now."""
        cr.execute("SELECT 1 FROM res_partner LIMIT 1")
        return self._env(cr)["crm.mail.plugin"]

    def _file(self, plugin):
        return plugin._log_email("res.partner", self.partner_id, MESSAGE, None)

    def _filed(self):
        with self.registry.cursor() as cr:
            domain = [("model", "=", "res.partner"), ("res_id", "=", self.partner_id), ("message_type", "=", "email")]
            return self._env(cr)["mail.message"].search_count(domain)

    def test_the_second_request_begins_anew_and_finds_what_the_first_one_has_filed(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            ours, theirs = self._begin(first), self._begin(second)
            self.assertTrue(self._file(ours))
            with self.assertRaises(ConcurrencyError):
                self._file(theirs)
            first.commit()
            # begun before that, so that it does not see what is there now
            self.assertFalse(self._file(theirs))
        self.assertEqual(self._filed(), 1)

    def test_two_requests_at_once_file_it_once_and_both_succeed(self):
        barrier, results = threading.Barrier(2, timeout=20), [None, None]

        def work(number):
            with self.registry.cursor() as cr:
                plugin = self._begin(cr)
                barrier.wait()
                try:
                    results[number] = len(retrying(lambda: self._file(plugin), plugin.env))
                except Exception as error:  # noqa: BLE001 - told to who asked, as on a server
                    results[number] = error

        threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
        self.assertCountEqual(results, [1, 0])
        self.assertEqual(self._filed(), 1)
