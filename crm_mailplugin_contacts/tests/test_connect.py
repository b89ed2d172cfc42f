import json
from urllib.parse import parse_qs, urlsplit

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import REFUSED, OutlookCase


@tagged("post_install", "-at_install")
class TestConnect(OutlookCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sales.password = "cast_sales"

    def _begin(self):
        """Go to Microsoft, and return what it is asked."""
        self.authenticate("cast_sales", "cast_sales")
        answer = self.url_open("/outlook_contacts/connect", allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        split = urlsplit(answer.headers["Location"])
        self.assertEqual(split.hostname, "login.microsoftonline.com")
        return {name: values[0] for name, values in parse_qs(split.query).items()}

    def _come_back(self, state, **answer):
        params = {"state": state, **answer}
        return self.url_open("/microsoft_account/authentication", params=params, allow_redirects=False)

    def test_a_user_goes_to_microsoft_and_comes_back_connected(self):
        asked = self._begin()
        self.assertEqual((asked["client_id"], asked["scope"]), ("client", "offline_access openid Contacts.ReadWrite"))
        self.assertTrue(asked["redirect_uri"].endswith("/microsoft_account/authentication"))
        answer = self._come_back(asked["state"], code="good")
        self.assertIn("/outlook_contacts/done/", answer.headers["Location"])
        [form] = self.microsoft.forms
        self.assertEqual((form["grant_type"], form["redirect_uri"]), ("authorization_code", asked["redirect_uri"]))
        self.assertEqual((form["scope"], form["client_secret"]), (asked["scope"], "secret"))
        connection = self.connections.search([("user_id", "=", self.sales.id)])
        self.assertEqual(connection.state, "on")
        self.assertFalse(self.sales.sudo().microsoft_calendar_rtoken, "the calendar is not connected by it")
        self._run_job()
        self.assertEqual(self.microsoft.names, ["Ada Lovelace", "Lovelace Ltd"])

    def test_a_link_that_somebody_else_prepared_connects_nothing(self):
        asked = self._begin()
        forged = {**json.loads(asked["state"]), "f": "/outlook_contacts/done/other"}
        with mute_logger("odoo.http"):
            self.assertEqual(self._come_back(json.dumps(forged), code="good").status_code, 400)
        self.assertFalse(self.connections.search([("user_id", "=", self.sales.id)]))
        self.assertFalse(self.microsoft.forms)

    def test_the_way_back_is_good_once(self):
        asked = self._begin()
        self._come_back(asked["state"], code="good")
        with mute_logger("odoo.http"):
            self.assertEqual(self._come_back(asked["state"], code="good").status_code, 400)
        self.assertEqual(len(self.microsoft.forms), 1)

    def test_without_having_begun_nothing_is_connected(self):
        state = json.dumps({"d": self.env.cr.dbname, "s": "contacts", "f": "/outlook_contacts/done/x"})
        for login in (None, "cast_sales"):
            self.authenticate(login, login)
            for bad in (state, json.dumps({"s": "contacts"}), "[1]", "no json"):
                with self.subTest(login=login, state=bad), mute_logger("odoo.http"):
                    self.assertEqual(self._come_back(bad, code="good").status_code, 400)
        self.assertFalse(self.connections.search([]))

    def test_who_refuses_comes_back_to_the_preferences_without(self):
        answer = self._come_back(self._begin()["state"], error="access_denied")
        self.assertIn("error=access_denied", answer.headers["Location"])
        self.assertFalse(self.connections.search([]))

    def test_a_code_that_microsoft_does_not_know_connects_nothing(self):
        with mute_logger("odoo.http", REFUSED):
            answer = self._come_back(self._begin()["state"], code="bad")
        self.assertGreaterEqual(answer.status_code, 400)
        self.assertFalse(self.connections.search([]))

    def test_the_calendars_own_way_is_as_before(self):
        self.authenticate("cast_sales", "cast_sales")
        state = json.dumps({"d": self.env.cr.dbname, "s": "calendar", "f": "/odoo"})
        self.env["ir.config_parameter"].set_param("microsoft_calendar_client_id", "client")
        answer = self._come_back(state, code="good")
        self.assertTrue(answer.headers["Location"].endswith("/odoo"))
        self.assertEqual(self.microsoft.forms[0]["scope"], "offline_access openid Calendars.ReadWrite")
        self.assertTrue(self.sales.sudo().microsoft_calendar_rtoken)
        self.assertFalse(self.connections.search([]))

    def test_nobody_is_sent_to_microsoft_while_it_is_not_set_up(self):
        self.env["ir.config_parameter"].set_param("crm_mailplugin_contacts.enabled", "False")
        self.authenticate("cast_sales", "cast_sales")
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open("/outlook_contacts/connect", allow_redirects=False).status_code, 403)
