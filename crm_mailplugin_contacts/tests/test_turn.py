from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..tools import graph
from .common import OutlookCase
from .graph_server import Fault


@tagged("post_install", "-at_install")
class TestTurn(OutlookCase):
    """What others do while a user's turn runs, and how it ends."""

    def setUp(self):
        super().setUp()
        self.connection = self._connect()

    def _during_batch(self, call):
        """Have something done, once, when Microsoft has done a batch."""
        true = graph.Graph.batch

        def send_and_call(client, asked):
            self.patch(graph.Graph, "batch", true)
            answers = true(client, asked)
            call(client._renew_token.__self__)
            return answers

        self.patch(graph.Graph, "batch", send_and_call)

    def test_what_is_asked_for_meanwhile_is_done_at_once_and_not_in_an_hour(self):
        def ask(connection):
            connection.env["res.partner"].create({"name": "Third", "user_id": self.sales.id})
            connection._hurry()

        self._during_batch(ask)
        self._run_job()
        self.assertLessEqual(self.connection.next_sync, fields.Datetime.now())
        self._run_job()
        self.assertIn("Third", self.microsoft.names)
        self.assertGreater(self.connection.next_sync, fields.Datetime.now() + timedelta(minutes=50))

    def test_whoever_is_anonymised_meanwhile_is_removed_at_once(self):
        def anonymise(connection):
            link = connection.env["crm.outlook.contact"].search([("partner_id", "=", self.person.id)])
            link.partner_id = False
            connection.env["res.partner"].browse(self.person.id).active = False
            connection.env.flush_all()
            connection._hurry_users_of(link.ids)

        self._during_batch(anonymise)
        self._run_job()
        self._run_job()
        self.assertEqual(self.microsoft.names, ["Lovelace Ltd"])

    def test_whoever_is_anonymised_before_it_is_sent_is_never_there(self):
        model = self.registry["crm.outlook.connection"]
        true = model._end_transaction

        def end_and_anonymise(connection, client):
            true(connection, client)
            link = connection.env["crm.outlook.contact"].search([("partner_id", "=", self.person.id)])
            if link.state == "unsure":  # it is committed that it may be there soon
                link.partner_id = False
                connection.env["res.partner"].browse(self.person.id).active = False

        self.patch(model, "_end_transaction", end_and_anonymise)
        self._run_job()
        self.assertEqual(self.microsoft.names, ["Lovelace Ltd"])
        self.assertEqual(len(self.microsoft.done("POST")), 2, "the folder and the other one")
        self._sync()
        self.assertEqual(self.links.search([("user_id", "=", self.sales.id)]).partner_id, self.customer)

    def test_what_is_put_off_when_time_is_up_waits_longer_each_time(self):
        for failures in (1, 2):
            self.microsoft.faults += [("POST contacts", Fault(status=409, code="ErrorIrresolvableConflict"))] * 2
            self._take_turn_in_no_time()
            self.assertEqual((self.connection.error, self.connection.failures), ("server", failures))
            self.assertGreater(self.connection.next_sync, fields.Datetime.now())

    def test_when_time_is_up_the_rest_is_done_in_the_next_turn(self):
        self.env["res.partner"].create([{"name": f"Customer {n:02}", "user_id": self.sales.id} for n in range(25)])
        self._take_turn_in_no_time()
        self.assertEqual((len(self.microsoft.contacts), self.connection.error), (graph.BATCH, False))
        self.assertLessEqual(self.connection.next_sync, fields.Datetime.now())
        self.assertTrue(self.connection.is_running)
        self._take_turn_in_no_time()
        self.assertEqual((len(self.microsoft.contacts), self.connection.is_running), (27, False))
        self.assertEqual(self.connection.created_count, 27)

    def _take_turn_in_no_time(self):
        """As the job does when a batch has taken all the time that it has."""
        job = self.env.ref("crm_mailplugin_contacts.ir_cron_sync")
        progress = self.env["ir.cron.progress"].create({"cron_id": job.id, "remaining": 0, "done": 0})
        context = {"cron_id": job.id, "ir_cron_progress_id": progress.id, "cron_end_time": 0}
        self.connection.next_sync = fields.Datetime.now()
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.connection.with_env(self.env(cr=cr)).with_context(**context)._take_turn()
            cr.commit()
        self.env.invalidate_all()
