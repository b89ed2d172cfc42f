from odoo.tests import HttpCase, tagged

from .common import CalendarCase


@tagged("post_install", "-at_install")
class TestScreen(CalendarCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sales.password = "cast_sales"

    def test_a_user_makes_an_address_in_the_preferences_and_revokes_it(self):
        self.start_tour("/odoo/calendar", "crm_calendar_feed_address", login="cast_sales")
        feeds = self.env["crm.calendar.feed"]
        self.assertTrue(feeds.search([("user_id", "=", self.sales.id)]))
        self.start_tour("/odoo/calendar", "crm_calendar_feed_revoke", login="cast_sales")
        self.assertFalse(feeds.search([("user_id", "=", self.sales.id)]))

    def test_the_box_is_ticked_on_the_form(self):
        event = self._meet()
        self.start_tour(f"/odoo/calendar.event/{event.id}", "crm_calendar_feed_tick", login="cast_sales")
        self.assertTrue(event.with_user(self.sales).in_my_calendar)
        row = self.env["crm.calendar.invitation"].search([("event_id", "=", event.id)])
        self.assertEqual((row.user_id, row.is_live, row.sequence), (self.sales, True, 0))
