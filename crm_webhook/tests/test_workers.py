"""Several processes, and one that dies: with transactions that are committed."""

import threading

from odoo import SUPERUSER_ID, api
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..tools import sender
from ..tools.addresses import ALLOWED_PARAMETER
from .receiver import Receiver


class Killed(BaseException):
    """The process ends here: nothing in Odoo catches it."""


@tagged("post_install", "-at_install")
class TestWorkers(TransactionCase):
    def setUp(self):
        super().setUp()
        self.receiver = Receiver()
        self.addCleanup(self.receiver.stop)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            self.allowed = env["ir.config_parameter"].get_param(ALLOWED_PARAMETER)
            env["ir.config_parameter"].set_param(ALLOWED_PARAMETER, "127.0.0.1")
            webhook = env["crm.webhook"].create(
                {"name": "Race", "url": self.receiver.url, "on_customer_created": True, "lang": "en_US"}
            )
            self.webhook_id = webhook.id
            self.partner_ids = []
        self.addCleanup(self._remove)
        for number in range(3):
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
                self.partner_ids.append(env["res.partner"].create({"name": f"Race {number}"}).id)

    def _remove(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["crm.webhook"].browse(self.webhook_id).unlink()
            env["res.partner"].browse(self.partner_ids).unlink()
            env["ir.config_parameter"].set_param(ALLOWED_PARAMETER, self.allowed)

    def _job(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {})["crm.webhook.delivery"]

    def _rows(self, cr):
        return self._job(cr).search([("webhook_id", "=", self.webhook_id)], order="id")

    def test_what_is_committed_with_the_change_is_there_and_nothing_else(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["res.partner"].create({"name": "Never"})
            cr.flush()
            self.assertEqual(len(self._rows(cr)), 4)
            cr.rollback()
        with self.registry.cursor() as cr:
            self.assertEqual(len(self._rows(cr)), 3)

    def test_two_processes_never_send_the_same_at_once_and_keep_the_order(self):
        self.receiver.script = ["wait"]
        first = threading.Thread(target=self._deliver_all)
        first.start()
        self.assertTrue(self.receiver.arrived.wait(5))
        self._deliver_all()  # while the first process waits for its answer
        self.assertEqual(len(self.receiver.requests), 1)
        with self.registry.cursor() as cr:
            # whoever changes something meanwhile does not wait, nor who edits the webhook
            cr.execute("SET LOCAL lock_timeout = '1s'")
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            self.partner_ids.append(env["res.partner"].create({"name": "Race 3"}).id)
            env["crm.webhook"].browse(self.webhook_id).name = "Race meanwhile"
        self.receiver.hold.set()
        first.join(20)
        self._deliver_all()
        self.assertEqual([name for _event, name in self.receiver.events], [f"Race {number}" for number in range(4)])
        self.assertEqual(len(set(self.receiver.ids)), 4)

    def _deliver_all(self):
        with self.registry.cursor() as cr:
            self._job(cr)._cron_deliver()

    @mute_logger("odoo.sql_db")
    def test_what_another_process_has_sent_meanwhile_is_not_sent_again(self):
        """Its view of the database is from before."""
        with self.registry.cursor() as late:
            self.assertEqual(len(self._rows(late)), 3)
            self._deliver_all()
            self._job(late)._cron_deliver()
        self.assertEqual(len(self.receiver.requests), 3)

    def test_a_process_that_dies_in_between_loses_nothing_and_its_repeat_is_known_by_its_id(self):
        true = sender.send_all

        def send_and_die(work, seconds):
            true(work, seconds)
            raise Killed

        with self.registry.cursor() as cr:
            self.patch(sender, "send_all", send_and_die)
            with self.assertRaises(Killed):
                self._job(cr)._cron_deliver()
            cr.rollback()
        self.patch(sender, "send_all", true)
        self.assertEqual(len(self.receiver.requests), 3)
        self._deliver_all()
        self.assertEqual(self.receiver.ids[:3], self.receiver.ids[3:])
        with self.registry.cursor() as cr:
            self.assertEqual(set(self._rows(cr).mapped("state")), {"delivered"})
