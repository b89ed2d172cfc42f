"""Several processes, and one that dies: with transactions that are committed."""

import threading

from odoo import SUPERUSER_ID, api
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, mute_logger

from ..tools import sender
from ..tools.addresses import ALLOWED_PARAMETER
from .receiver import PATIENCE, Receiver


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
            # what others set up in this database is left alone
            self.patch(type(webhook), "_in_use", lambda webhooks: webhooks.browse(self.webhook_id).exists())
            self.patch(type(webhook), "_get_timeout", lambda webhooks: PATIENCE)
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

    def _deliver_meanwhile(self):
        """Another process, that waits for an answer until ``receiver.hold`` is set."""
        self.receiver.script = ["wait"]
        other = threading.Thread(target=self._deliver_all)
        other.start()
        self.addCleanup(other.join, PATIENCE)
        self.addCleanup(self.receiver.hold.set)
        self.assertTrue(self.receiver.arrived.wait(PATIENCE))
        return other

    def _go_on(self, other):
        self.receiver.hold.set()
        other.join(PATIENCE)
        self.assertFalse(other.is_alive())

    def test_two_processes_never_send_the_same_at_once_and_keep_the_order(self):
        other = self._deliver_meanwhile()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            self.partner_ids.append(env["res.partner"].create({"name": "Race 3"}).id)
        self._deliver_all()  # while the first process waits for its answer
        self.assertEqual(len(self.receiver.requests), 1)
        self._go_on(other)
        self._deliver_all()
        self.assertEqual([name for _event, name in self.receiver.events], [f"Race {number}" for number in range(4)])
        self.assertEqual(len(set(self.receiver.ids)), 4)

    def test_while_something_is_sent_nothing_is_locked(self):
        other = self._deliver_meanwhile()
        with self.registry.cursor() as cr:
            for table, condition in (
                ("crm_webhook_delivery", SQL("webhook_id = %s", self.webhook_id)),
                ("crm_webhook", SQL("id = %s", self.webhook_id)),
                ("crm_webhook_turn", SQL("webhook_id = %s", self.webhook_id)),
                ("res_partner", SQL("id = ANY(%s)", self.partner_ids)),
            ):
                cr.execute(SQL("SELECT id FROM %s WHERE %s FOR UPDATE NOWAIT", SQL.identifier(table), condition))
                self.assertTrue(cr.fetchall(), table)
        self._go_on(other)

    def test_what_is_deleted_while_it_is_sent_is_no_error_as_when_a_person_is_anonymised(self):
        other = self._deliver_meanwhile()
        with self.registry.cursor() as cr:
            self._rows(cr)[0].unlink()
        self._go_on(other)
        with self.registry.cursor() as cr:
            self.assertEqual(self._rows(cr).mapped("state"), ["delivered"] * 2)

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
        true = sender.Crew.wait

        def send_and_die(crew, seconds):
            while not true(crew, seconds):
                pass
            raise Killed

        with self.registry.cursor() as cr:
            self.patch(sender.Crew, "wait", send_and_die)
            with self.assertRaises(Killed):
                self._job(cr)._cron_deliver()
            cr.rollback()
        self.patch(sender.Crew, "wait", true)
        self.assertEqual(len(self.receiver.requests), 3)
        with self.registry.cursor() as cr:
            self._job(cr)._cron_deliver()
            self.assertEqual(len(self.receiver.requests), 3, "nobody knows yet that it is dead")
            [turn] = self._turns(cr)
            triggers = self._job(cr).env["ir.cron.trigger"].search([("call_at", "=", turn.claimed_until)])
            self.assertTrue(triggers, "somebody comes then")
            turn.claimed_until = "2026-01-01"
        self._deliver_all()
        self.assertEqual(self.receiver.ids[:3], self.receiver.ids[3:])
        with self.registry.cursor() as cr:
            self.assertEqual(set(self._rows(cr).mapped("state")), {"delivered"})
            self.assertEqual(self._turns(cr).mapped("claimed_until"), [False])

    def _turns(self, cr):
        return self._job(cr).env["crm.webhook.turn"].search([("webhook_id", "=", self.webhook_id)])
