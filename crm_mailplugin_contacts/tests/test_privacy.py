import unittest

from odoo import Command
from odoo.tests import new_test_user, tagged

from .common import OutlookCase


@tagged("post_install", "-at_install")
class TestPrivacy(OutlookCase):
    """With the addon for privacy installed."""

    def setUp(self):
        super().setUp()
        if "crm.gdpr.request" not in self.env:
            raise unittest.SkipTest("crm_gdpr is not installed")
        self.officer = new_test_user(
            self.env, "outlook_officer", groups="base.group_user,crm_gdpr.group_privacy_officer"
        )
        self.officer.company_ids = [Command.set(self.env["res.company"].search([]).ids)]
        self.env["crm.gdpr.field"]._complete()
        self.connection = self._connect()
        self._run_job()

    def _anonymise(self, partner):
        request = self.env["crm.gdpr.request"].with_user(self.officer)._make(partner, None)
        before = self._link(partner)
        request.action_preview()
        self.assertEqual(self._link(partner), before, "a preview changes nothing")
        request.action_carry_out()
        self.env.flush_all()
        request.sudo().line_ids.filtered(lambda line: line.state == "planned")._carry_out()
        self.env.flush_all()
        self.env.invalidate_all()
        return request

    def test_whoever_is_anonymised_is_removed_from_every_outlook_at_once(self):
        self.customer.user_id = False
        self.person.user_id = self.sales
        self.microsoft.tokens.add("token-b")
        self._make_lead(partner_id=self.person.id, user_id=self.other.id)
        self._connect(self.other, token="token-b")
        self._sync()
        self.assertEqual(self.microsoft.names.count("Ada Lovelace"), 2)
        request = self._anonymise(self.person)
        self.assertEqual(self.person.gdpr_state, "anonymised")
        self._run_job()
        self.assertNotIn("Ada Lovelace", self.microsoft.names)
        self.assertNotIn(self.person.name, self.microsoft.names)
        counts = [count for count in request.sudo().line_ids.counts if "crm.outlook.contact" in count]
        self.assertTrue(counts, "the report tells it")

    def test_whoever_was_left_in_outlook_and_anonymised_goes_when_it_is_connected_again(self):
        self.env["crm.outlook.disconnect"].with_user(self.sales).create({"what": "leave"}).action_confirm()
        self._anonymise(self.person)
        self.assertEqual(self.person.gdpr_state, "anonymised")
        self.assertIn("Ada Lovelace", self.microsoft.names)
        self._connect()
        self._run_job()
        self.assertEqual(self.microsoft.names, ["Lovelace Ltd"])

    def test_whoever_is_restricted_is_removed(self):
        self.person.sudo().gdpr_state = "restricted"
        self._sync()
        self.assertEqual(self.microsoft.names, ["Lovelace Ltd"])

    def test_while_the_connection_is_broken_it_is_remembered(self):
        self.connection.state = "broken"
        self._anonymise(self.person)
        self._sync()
        self.assertIn("Ada Lovelace", self.microsoft.names)
        [row] = self.links.search([("user_id", "=", self.sales.id), ("partner_id", "=", False)])
        self.assertNotIn("Ada", "".join(map(str, row.read()[0].values())))
        self._connect()
        self._run_job()
        self.assertEqual(self.microsoft.names, ["Lovelace Ltd"])
