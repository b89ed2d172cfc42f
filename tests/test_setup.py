"""The set-up: what it installs answers, and what goes wrong ends with one line that says what to do."""

from odoo.tests import HttpCase, tagged

from tests.plugins.server_log import our_addons


@tagged("post_install", "-at_install")
class TestInstalled(HttpCase):
    def test_our_addons_are_installed(self):
        names = [addon.name for addon in our_addons()]
        modules = self.env["ir.module.module"].search([("name", "in", names)])
        self.assertEqual(sorted(modules.mapped("name")), names)
        self.assertEqual(set(modules.mapped("state")), {"installed"})
        self.assertTrue(all(modules.mapped("demo")), "demo data is missing")

    def test_server_answers(self):
        self.assertEqual(self.url_open("/web/login").status_code, 200)

    def test_browser_shows_the_web_client(self):
        self.browser_js("/odoo", "console.log('test successful')", "odoo.isReady === true", login="admin")
