from unittest.mock import patch

import psycopg2

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.base.models import ir_http


@tagged("post_install", "-at_install")
class TestDatabaseAway(HttpCase):
    """Who is at work while PostgreSQL is restarted; tests/load restarts a real one."""

    def _fail(self, error):
        """The name of the error that a request of somebody logged in ends with, when the session cannot be checked."""
        self.authenticate("admin", "admin")
        params = {"model": "res.users", "method": "read", "args": [[self.env.uid], ["name"]], "kwargs": {}}
        with mute_logger("odoo.http"), patch.object(ir_http.security, "check_session", side_effect=error):
            answer = self.url_open("/web/dataset/call_kw/res.users/read", json={"jsonrpc": "2.0", "params": params})
        return answer.json()["error"]["data"]["name"]

    def test_nobody_is_refused_because_the_database_could_not_be_asked_who_they_are(self):
        for error in (psycopg2.OperationalError("gone"), psycopg2.InterfaceError("connection already closed")):
            with self.subTest(type(error).__name__):
                self.assertEqual(self._fail(error), f"psycopg2.{type(error).__name__}")

    def test_who_cannot_be_known_for_another_reason_is_refused_as_natively(self):
        self.assertEqual(self._fail(ValueError("broken")), "odoo.exceptions.AccessDenied")
