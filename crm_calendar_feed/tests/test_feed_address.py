from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .common import CalendarCase


@tagged("post_install", "-at_install")
class TestAddress(CalendarCase):
    """Who makes and revokes addresses, and what is kept of them."""

    def _feed(self, user):
        return self.env["crm.calendar.feed"].search([("user_id", "=", user.id)])

    def test_a_user_makes_renews_and_revokes_the_own_address(self):
        own = self.sales.with_user(self.sales)
        self.assertFalse(own.calendar_feed_date)
        first = own.action_make_calendar_feed()["context"]["default_address"]
        own.invalidate_recordset()
        self.assertTrue(own.calendar_feed_date)
        second = own.action_make_calendar_feed()["context"]["default_address"]
        self.assertNotEqual(first, second)
        self.assertEqual(len(self._feed(self.sales)), 1)
        own.action_revoke_calendar_feed()
        self.assertFalse(self._feed(self.sales))

    def test_the_address_cannot_be_guessed_and_is_kept_nowhere(self):
        address = self.sales.with_user(self.sales).action_make_calendar_feed()["context"]["default_address"]
        token = address.split("/")[-1].removesuffix(".ics")
        self.assertGreaterEqual(len(token) * 6, 256)
        self.env.flush_all()
        self.env.cr.execute("SELECT crm_calendar_feed::text FROM crm_calendar_feed")
        self.assertNotIn(token, str(self.env.cr.fetchall()))
        # the dialog that shows it has no column for it
        with Form(
            self.env["crm.calendar.feed.address"].with_user(self.sales).with_context(default_address=address)
        ) as form:
            self.assertEqual(form.address, address)
            self.assertIn(f'href="webcal://{address.partition("://")[2]}"', form.webcal_link)
        self.assertNotIn("address", self.env["ir.model.fields"].search(
            [("model", "=", "crm.calendar.feed.address"), ("store", "=", True)]
        ).mapped("name"))  # fmt: skip

    def test_roles(self):
        admin = new_test_user(self.env, "cast_admin", "base.group_user,base.group_erp_manager")
        portal = new_test_user(self.env, "cast_portal", "base.group_portal")
        self.sales.with_user(admin).action_make_calendar_feed()
        self.assertTrue(self.sales.with_user(admin).calendar_feed_date)
        self.assertTrue(self._feed(self.sales))
        for user in (self.other, self.manager, self.outsider, portal):
            theirs = self.sales.with_user(user)
            with self.subTest(user.login):
                for action in (theirs.action_make_calendar_feed, theirs.action_revoke_calendar_feed):
                    self.assertRaises(AccessError, action)
                with self.assertRaises(AccessError):
                    theirs.write({"calendar_feed_reminder": "15"})
                with self.assertRaises(AccessError):
                    self.env["crm.calendar.feed"].with_user(user).search([])
                with self.assertRaises(AccessError):
                    self.env["crm.calendar.invitation"].with_user(user).search([])
        with self.assertRaises(UserError):
            portal.with_user(portal).action_make_calendar_feed()
        with self.assertRaises(AccessError):
            self._feed(self.sales).with_user(admin).read(["digest"])
        self._feed(self.sales).with_user(admin).unlink()
        self.assertFalse(self._feed(self.sales))
        self.outsider.with_user(self.outsider).action_make_calendar_feed()

    def test_when_a_colleague_last_fetched_is_nobodys_business(self):
        self.sales.with_user(self.sales).action_make_calendar_feed()
        self.assertFalse(self.sales.with_user(self.other).calendar_feed_date)

    def test_a_deleted_user_takes_the_address_along(self):
        user = new_test_user(self.env, "cast_short", "base.group_user")
        user.with_user(user).action_make_calendar_feed()
        user.unlink()
        self.assertFalse(self.env["crm.calendar.feed"].search([("user_id", "=", user.id)]))
