import re
from datetime import datetime, timedelta

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..tools.refusal import IntakeRefusal
from .inbox_case import InboxCase


@tagged("post_install", "-at_install")
class TestKeys(InboxCase):
    def _new_key(self, user=None):
        return self.source.with_user(user or self.manager).action_new_key()["params"]["key"]

    def _admits(self, key):
        self.env.flush_all()
        try:
            return self.env["crm.intake.source"]._admit_key(key, "192.0.2.1").id == self.source.id
        except IntakeRefusal:
            return False

    def test_a_key_is_shown_once_and_lands_nowhere(self):
        key = self._new_key()
        self.assertTrue(self._admits(key))
        self.assertEqual(self._find_in_database(key.split("_", 2)[2]), [])

    def _find_in_database(self, text):
        """The tables of the intake and of mail that hold a text."""
        self.env.cr.execute(
            r"""SELECT table_name FROM information_schema.tables
                 WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
                   AND table_name ~ '^(crm_intake|crm_lead_inbox|mail|bus|ir_logging|ir_attachment)'"""
        )
        tables = [name for (name,) in self.env.cr.fetchall()]
        self.assertIn("crm_intake_key", tables)
        found = []
        for table in tables:
            self.env.cr.execute(f"SELECT count(*) FROM {table} AS t WHERE t::text LIKE %s", [f"%{text}%"])
            if self.env.cr.fetchone()[0]:
                found.append(table)
        return found

    def test_the_history_says_who_made_and_withdrew_a_key(self):
        self._new_key()
        key = self.source.key_ids
        key.with_user(self.manager).action_withdraw()
        messages = self.source.message_ids.filtered(lambda message: key.display_name in message.body)
        self.assertEqual(len(messages), 2)
        self.assertEqual(messages.author_id, self.manager.partner_id)

    def test_a_withdrawn_key_is_refused_at_once(self):
        key = self._new_key()
        self.source.key_ids.with_user(self.manager).action_withdraw()
        self.assertFalse(self._admits(key))
        self.assertEqual(self.source.key_ids.state, "withdrawn")

    def test_the_old_key_goes_on_for_the_chosen_days_after_it_is_renewed(self):
        old = self._new_key()
        wizard = self.env["crm.intake.key.renew"].with_user(self.manager).create({"source_id": self.source.id})
        self.assertEqual(wizard.overlap_days, 7)
        wizard.overlap_days = 3
        new = wizard.action_renew()["params"]["key"]
        self.assertTrue(self._admits(old))
        self.assertTrue(self._admits(new))
        oldest, newest = self.source.key_ids.sorted("id")
        self.assertEqual((newest.state, oldest.state), ("valid", "ending"))
        self.assertAlmostEqual(oldest.date_expiry, datetime.now() + timedelta(days=3), delta=timedelta(minutes=1))
        oldest.date_expiry = datetime.now() - timedelta(hours=1)
        self.assertFalse(self._admits(old))
        self.assertEqual(oldest.state, "expired")

    def test_a_key_that_ends_sooner_is_not_prolonged(self):
        self._new_key()
        soon = datetime.now().replace(microsecond=0) + timedelta(days=1)
        self.source.key_ids.date_expiry = soon
        wizard = self.env["crm.intake.key.renew"].with_user(self.manager).create({"source_id": self.source.id})
        wizard.action_renew()
        self.assertEqual(min(self.source.key_ids, key=lambda key: key.id).date_expiry, soon)

    def test_only_an_administrator_of_the_intake_makes_keys(self):
        with self.assertRaises(AccessError):
            self._new_key(self.officer)
        key = self._new_key()
        with self.assertRaises(AccessError):
            self.source.key_ids.with_user(self.officer).action_withdraw()
        self.assertTrue(self._admits(key))
        with self.assertRaises(AccessError):
            self.source.key_ids.with_user(self.manager).write({"is_withdrawn": False})


@tagged("post_install", "-at_install")
class TestSource(InboxCase):
    def test_a_copy_takes_the_rules_along_and_no_keys_nor_users(self):
        program = self.env["res.users"].create({"name": "Program", "login": "program_of_copy"})
        self._map("Land", "country_id", {"Holland": "NL"})
        self.source.write({"api_user_ids": [Command.link(program.id)], "duplicate_action": "reject"})
        self.source.action_new_key()
        copy = self.source.copy()
        self.assertEqual(copy.name, "Partner (copy)")
        self.assertFalse(copy.key_ids)
        self.assertFalse(copy.api_user_ids)
        self.assertNotEqual(copy.public_id, self.source.public_id)
        self.assertEqual(copy.mapping_ids.value_ids.value, "NL")
        self.assertEqual(copy.duplicate_action, "reject")

    def test_an_archived_source_takes_nothing(self):
        key = self.source.action_new_key()["params"]["key"]
        self.source.active = False
        self.env.flush_all()
        with self.assertRaises(IntakeRefusal):
            self.env["crm.intake.source"]._admit_key(key, "192.0.2.1")

    def test_a_test_lead_goes_the_whole_way_and_counts_nowhere(self):
        self._map("Firma", "partner_name")
        action = self.source.with_user(self.manager).action_send_test()
        row = self.Inbox.browse(action["res_id"])
        self.assertEqual((row.state, row.door, row.is_test), ("done", "test", True))
        self.assertIn("Firma", row._get_values())
        self.assertTrue(row.lead_id.partner_name.startswith("Test "))
        source = self.source.with_user(self.officer)
        self.assertEqual((source.received_count, source.test_count), (0, 1))
        domain = self.env.ref("crm_leadintake.crm_lead_inbox_action_came_in").domain
        self.assertIn("is_test", domain)

    def test_a_second_test_is_a_lead_of_its_own(self):
        for _turn in range(2):
            self.source.with_user(self.manager).action_send_test()
        self.assertEqual(self.Inbox.search([("source_id", "=", self.source.id)]).mapped("action"), ["created"] * 2)

    def test_test_leads_are_deleted_with_what_came_in_and_nothing_else_is(self):
        real = self._send({"external_id": "A", "company": "Acme"})
        self.source.with_user(self.manager).action_send_test()
        self.source.with_user(self.manager).action_delete_tests()
        self.assertEqual(self.Inbox.search([("source_id", "=", self.source.id)]), real)
        self.assertEqual(self.env["crm.lead"].search([("intake_source_id", "=", self.source.id)]), real.lead_id)

    def test_only_an_administrator_of_the_intake_sends_tests(self):
        with self.assertRaises(AccessError):
            self.source.with_user(self.officer).action_send_test()

    def test_counts_are_those_of_the_lists_behind_them(self):
        self._send(
            {"external_id": "A", "company": "Acme"},
            {"external_id": "B", "email": "wrong"},
            {"external_id": "C", "company": "Bolt"},
        )
        source = self.source.with_user(self.env.ref("base.user_admin"))
        self.assertEqual((source.received_count, source.waiting_count, source.intake_lead_count), (3, 1, 2))
        action = source.action_view_leads()
        found = self.env["crm.lead"].with_context(**action["context"]).search(action["domain"])
        self.assertEqual(len(found), 2)

    def test_addresses_that_are_none_are_refused_with_an_example(self):
        with self.assertRaisesRegex(ValidationError, re.escape("192.0.2.0/24")):
            self.source.allowed_addresses = "office"
