import logging
import threading
from contextlib import suppress
from datetime import timedelta

from freezegun import freeze_time
from requests import HTTPError, Response

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import graph
from ..tools.quiet_log import expected_answers
from .common import REFUSED, OutlookCase
from .graph_server import Fault


class Killed(BaseException):
    """The process ends here: nothing in Odoo catches it."""


@tagged("post_install", "-at_install")
class TestFaults(OutlookCase):
    def setUp(self):
        super().setUp()
        self.connection = self._connect()

    def _fail(self, where, **fault):
        self.microsoft.faults.append((where, Fault(fault)))

    def _problem(self):
        return self.sales.with_user(self.sales).outlook_contacts_error

    def _told(self):
        return self.sales.with_user(self.sales).outlook_contacts_last

    # ------------------------------------------------------------
    # Throttling
    # ------------------------------------------------------------

    def test_as_long_as_microsoft_asks_to_wait_the_user_waits_and_the_others_go_on(self):
        self._make_customer("Babbage", user_id=self.other.id)
        self.microsoft.tokens.add("token-b")
        with freeze_time(fields.Datetime.now()):
            self._fail("POST contacts", status=429, code="ApplicationThrottled", wait=1234)
            self._sync()
            self._connect(self.other, token="token-b")
            self.assertEqual(self.connection.next_sync, fields.Datetime.now() + timedelta(seconds=1234))
            self.assertEqual(len(self.microsoft.contacts), 1, "the others of the batch are there")
            self.assertIn("asks to wait", self._problem())
            before = self.microsoft.requests
            self._run_job()
        self.assertIn("Babbage", self.microsoft.names)
        triggers = self.env["ir.cron.trigger"].search([("call_at", "=", self.connection.next_sync)])
        self.assertTrue(triggers, "the job comes again then")
        self.assertGreater(self.microsoft.requests, before)
        with self.assertRaisesRegex(UserError, "asks to wait"):
            self.sales.with_user(self.sales).action_sync_outlook_contacts()
        self._sync()
        self.assertEqual(self.microsoft.names, ["Ada Lovelace", "Babbage", "Lovelace Ltd"])
        self.assertFalse(self._problem())

    def test_a_whole_request_that_is_throttled(self):
        for status in (429, 503):
            self._fail("http", status=status, wait=77)
            with freeze_time(fields.Datetime.now()):
                self._sync()
                self.assertEqual(self.connection.next_sync, fields.Datetime.now() + timedelta(seconds=77))
            self.assertEqual((self.connection.error, self.connection.state), ("throttled", "on"))
        self._sync()
        self.assertEqual(len(self.microsoft.contacts), 2)

    # ------------------------------------------------------------
    # Tokens
    # ------------------------------------------------------------

    def test_a_token_that_is_over_is_renewed_and_the_new_refresh_token_kept(self):
        self._connect(token="over", seconds=0)
        self._run_job()
        self.assertEqual(len(self.microsoft.contacts), 2)
        [form] = self.microsoft.forms
        told = [form[name] for name in ("refresh_token", "client_id", "client_secret")]
        self.assertEqual(told, ["refresh-0", "client", "secret"])
        self.assertIn("Contacts.ReadWrite", form["scope"])
        settings = self.sales.res_users_settings_ids.sudo()
        self.assertEqual(settings.outlook_contacts_rtoken, self.microsoft.refresh_token)

    def test_a_token_that_is_not_taken_any_more_is_renewed_once(self):
        self._connect(token="revoked")
        self._sync()
        self.assertEqual((len(self.microsoft.contacts), len(self.microsoft.forms)), (2, 1))

    def test_a_part_of_a_batch_that_is_told_so_is_asked_again(self):
        self._fail("POST contacts", status=401, code="InvalidAuthenticationToken")
        self._sync()
        self.assertEqual((self.microsoft.names, len(self.microsoft.forms)), (["Ada Lovelace", "Lovelace Ltd"], 1))

    def test_who_is_not_let_in_any_more_is_told_and_microsoft_is_left_alone(self):
        self._connect(token="revoked", refresh_token="revoked")
        self._sync()
        self.assertEqual(self.connection.state, "broken")
        self.assertIn("Connect Outlook again", self._problem())
        self.assertFalse(self.sales.res_users_settings_ids.sudo().outlook_contacts_rtoken)
        before = (self.microsoft.requests, len(self.microsoft.forms))
        self._sync()
        self.assertEqual((self.microsoft.requests, len(self.microsoft.forms)), before)
        self._connect()
        self._run_job()
        self.assertEqual((self.connection.state, len(self.microsoft.contacts)), ("on", 2))

    def test_a_secret_that_has_expired_is_the_administrators_matter_and_breaks_nothing(self):
        self._connect(token="over", seconds=0)
        self._fail("token", status=401, code="invalid_client")
        self._sync()
        self.assertEqual((self.connection.state, self.connection.error), ("on", "client"))
        self.assertIn("administrator", self._problem())
        self._sync()
        self.assertEqual(len(self.microsoft.contacts), 2)

    def test_a_mailbox_that_is_refused_is_told(self):
        self._fail("http", status=403, code="ErrorAccessDenied")
        self._sync()
        self.assertEqual(self.connection.state, "broken")
        self.assertIn("refuses the access", self._problem())

    def test_an_account_without_a_mailbox_is_told(self):
        self._fail("http", status=404, code="MailboxNotEnabledForRESTAPI")
        self._sync()
        self.assertEqual(self.connection.state, "broken")
        self.assertIn("no mailbox", self._problem())

    # ------------------------------------------------------------
    # What is told
    # ------------------------------------------------------------

    def test_what_is_everyday_is_no_fault_in_the_log_and_quotes_nobody(self):
        # the number: Odoo gives the name of this level to one of its own
        for fault in ({"status": 401}, {"status": 429, "wait": 5}, {"status": 503}):
            with self.subTest(fault), self.assertLogs(REFUSED, logging.INFO) as log:
                self._fail("http", **fault)
                self._sync()
            [record] = log.records
            self.assertEqual((record.levelname, record.exc_info), ("INFO", None))
            self.assertEqual(record.getMessage(), f"Microsoft answered {fault['status']}")

    def test_what_others_are_refused_meanwhile_is_a_fault_as_before(self):
        error = HTTPError(response=Response())  # as it is logged of a calendar
        tell = logging.getLogger(REFUSED).error
        with self.assertLogs(REFUSED, logging.INFO) as log, expected_answers(REFUSED):
            thread = threading.Thread(target=tell, args=("Bad",), kwargs={"exc_info": error})
            thread.start()
            thread.join()
        self.assertEqual([record.levelname for record in log.records], ["ERROR"])

    def test_while_an_error_lasts_it_is_not_in_progress_and_the_last_complete_time_is_told(self):
        self._sync()
        self.assertIn("2 added, 0 changed", self._told())
        self.person.function = "Countess"
        self._make_customer("Third")
        self._fail("POST contacts", status=500, code="UnknownError")
        self._sync()
        self.assertTrue(self._problem())
        self.assertIn("2 added, 0 changed", self._told(), "not what was done of the one that is not complete")
        self._sync()
        self.assertFalse(self._problem())
        self.assertIn("1 added, 1 changed", self._told())

    def test_the_first_time_is_not_in_progress_while_an_error_lasts(self):
        self.assertIn("In progress", self._told())
        self._fail("http", status=503)
        self._sync()
        self.assertFalse(self._told())

    # ------------------------------------------------------------
    # What is unsure
    # ------------------------------------------------------------

    def test_what_was_made_before_the_connection_broke_is_not_doubled(self):
        self._run_job()
        third = self._make_customer("Third")
        requests = iter(range(2))
        self.microsoft.before_reply = lambda: self._hang_up_at(requests)
        self._sync()
        self.assertEqual((self.connection.error, len(self.microsoft.contacts)), ("network", 3))
        self._sync()
        self.assertEqual(self.microsoft.names, ["Ada Lovelace", "Lovelace Ltd", "Third"])
        self.assertEqual(self._link(third).state, "sent")

    def _hang_up_at(self, requests):
        """Answer that of the folders, and not what comes next."""
        if next(requests) == 0:
            self.microsoft.before_reply = lambda: self._hang_up_at(requests)
            return None
        return "hang up"

    def test_what_was_made_although_the_server_said_it_failed_is_not_doubled(self):
        self._fail("POST contacts", status=504, code="UnknownError", done=True)
        self._sync()
        self.assertEqual((self.connection.error, len(self.microsoft.contacts)), ("server", 2))
        self._sync()
        self.assertEqual(self.microsoft.names, ["Ada Lovelace", "Lovelace Ltd"])
        self.assertFalse(self._problem())

    def test_a_job_that_is_killed_in_the_middle_doubles_nothing(self):
        true = graph.Graph.batch

        def send_and_die(client, asked):
            true(client, asked)
            raise Killed

        self.env.flush_all()
        self.patch(graph.Graph, "batch", send_and_die)
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            with suppress(Killed):  # without a savepoint of its own, as `assertRaises` has it
                api.Environment(cr, SUPERUSER_ID, {})["crm.outlook.connection"]._cron_sync()
            cr.rollback()
        self.env.invalidate_all()
        self.patch(graph.Graph, "batch", true)
        self.assertEqual(len(self.microsoft.contacts), 2)
        self.assertEqual(set(self.links.search([("user_id", "=", self.sales.id)]).mapped("state")), {"unsure"})
        self._sync()
        self.assertEqual(self.microsoft.names, ["Ada Lovelace", "Lovelace Ltd"])

    def test_nobody_there(self):
        self.microsoft.stop()
        self._sync()
        self.assertEqual((self.connection.state, self.connection.error), ("on", "network"))
        self.assertIn("could not be reached", self._problem())
        first = self.connection.next_sync
        self._sync()
        self.assertGreater(self.connection.next_sync, first, "it waits longer each time")

    # ------------------------------------------------------------
    # What is refused
    # ------------------------------------------------------------

    def test_one_contact_that_is_refused_waits_for_a_change_and_holds_nobody_up(self):
        self._fail("POST contacts", status=400, code="ErrorInvalidProperty")
        self._sync()
        failed = self.links.search([("user_id", "=", self.sales.id), ("state", "=", "failed")])
        self.assertEqual((len(failed), failed.error, len(self.microsoft.contacts)), (1, "ErrorInvalidProperty", 1))
        self.assertNotIn("Ada", failed.error)
        self.assertEqual(self.sales.with_user(self.sales).outlook_contacts_failed_count, 1)
        self.microsoft.calls.clear()
        self._sync()
        self.assertFalse(self.microsoft.done("POST"))
        failed.sudo().partner_id.function = "Other"
        self._sync()
        self.assertEqual((len(self.microsoft.contacts), failed.state), (2, "sent"))

    @mute_logger("odoo.addons.crm_mailplugin_contacts.tools.graph")
    def test_a_batch_that_is_refused_as_a_whole_keeps_none_of_the_others_from_being_done(self):
        self._sync()
        self.person.active = False
        self._make_customer("Third")
        self._make_customer("Fourth")
        self._fail("batch", status=400, code="BadRequest")
        self._fail("POST contacts", status=400, code="ErrorInvalidProperty")
        self._sync()
        self.assertEqual(len(self.microsoft.names), 2)
        self.assertNotIn("Ada Lovelace", self.microsoft.names)
        states = self.links.search([("user_id", "=", self.sales.id)]).mapped("state")
        self.assertEqual(sorted(states), ["failed", "sent", "sent"])
        self.assertFalse(self.connection.error)

    @mute_logger("odoo.addons.crm_mailplugin_contacts.tools.graph")
    def test_what_was_done_singly_before_microsoft_asked_to_wait_is_remembered(self):
        self._sync()
        names = [self._make_customer(name).name for name in ("Third", "Fourth", "Fifth")]
        self._fail("batch", status=400, code="BadRequest")
        true, asked = graph.Graph._request, []

        def throttle_second(client, method, path, body, params):
            asked.append(path)
            if len(asked) == 4:  # the folders, the batch and one contact came before
                return graph.Answer(429, {}, 5)
            return true(client, method, path, body, params)

        self.patch(graph.Graph, "_request", throttle_second)
        self._sync()
        self.assertEqual((self.connection.error, len(asked)), ("throttled", 4))
        self.assertEqual(len(self.microsoft.contacts), 3)
        self._sync()
        self.assertEqual(self.microsoft.names, sorted(["Ada Lovelace", "Lovelace Ltd", *names]))

    def test_a_conflict_is_tried_again(self):
        for status in (409, 412):
            with self.subTest(status):
                self.person.function = f"Of {status}"
                self._sync()
                self.person.function = f"After {status}"
                self._fail("PATCH contact", status=status, code="ErrorIrresolvableConflict")
                self._sync()
                self.assertEqual(self.connection.error, "server")
                self._sync()
                self.assertEqual(self._card("Ada Lovelace")["jobTitle"], f"After {status}")

    def test_removing_what_is_gone_is_done(self):
        self._run_job()
        self.microsoft.folders[next(iter(self.microsoft.folders))]["contacts"].clear()
        self.person.active = False
        self._sync()
        self.assertFalse(self._link() | self.links.search([("partner_id", "=", self.person.id)]))
        self.assertFalse(self.connection.error)

    def test_switched_off_while_it_is_sent_is_no_error(self):
        true = graph.Graph.batch

        def send_and_forget(client, asked):
            answers = true(client, asked)
            client._renew_token.__self__._forget()  # what the user does meanwhile
            return answers

        self.patch(graph.Graph, "batch", send_and_forget)
        self._sync()
        self.assertFalse(self.connections.search([("user_id", "=", self.sales.id)]))

    @mute_logger("odoo.addons.crm_mailplugin_contacts.models.crm_outlook_connection_job", REFUSED)
    def test_an_answer_that_nobody_understands_stops_one_user_and_not_the_others(self):
        true = graph.Graph.batch
        self._make_customer("Babbage", user_id=self.other.id)
        self.microsoft.tokens.add("token-b")
        self._connect(self.other, token="token-b")

        def misunderstand(client, asked):
            if client._renew_token.__self__.user_id == self.sales:
                raise KeyError("About Ada")
            return true(client, asked)

        self.patch(graph.Graph, "batch", misunderstand)
        self._sync()
        self.assertEqual(self.microsoft.names, ["Babbage"])
        self.assertEqual(self.connection.error, "server")
