from odoo.tests import HttpCase, tagged

from .common import OutlookCase


class OutlookScreen(OutlookCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sales.password = "cast_sales"


@tagged("post_install", "-at_install")
class TestScreen(OutlookScreen):
    def test_the_preferences_tell_what_was_done_and_switch_it_off(self):
        connection = self._connect()
        self._run_job()
        self._make_customer("Third")
        self.start_tour("/odoo/crm", "crm_outlook_contacts_now", login="cast_sales", timeout=150)
        self._run_job()
        self.assertEqual(len(self.microsoft.contacts), 3)
        self.start_tour("/odoo/crm", "crm_outlook_contacts_off", login="cast_sales", timeout=150)
        self.assertEqual(connection.state, "leaving")

    def test_who_has_to_connect_again_reads_why(self):
        self._connect().write({"state": "broken", "error": "grant"})
        self.start_tour("/odoo/crm", "crm_outlook_contacts_broken", login="cast_sales", timeout=150)

    def test_an_administrator_finds_the_switch(self):
        self.start_tour("/odoo/settings#crm", "crm_outlook_contacts_settings", login="admin", timeout=150)


@tagged("post_install", "-at_install")
class TestPhone(OutlookScreen):
    browser_size = "390x844"
    touch_enabled = True

    def test_it_is_read_on_a_phone(self):
        self._connect()
        self._run_job()
        preferences = f"/odoo/action-base.action_res_users_my/{self.sales.id}"
        self.start_tour(preferences, "crm_outlook_contacts_phone", login="cast_sales", timeout=150)
