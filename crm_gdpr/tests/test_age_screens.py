from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import SQL


class AgeScreen(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        new_test_user(cls.env, "age_officer", "crm_gdpr.group_privacy_officer,base.group_partner_manager", tz="UTC")
        cls.oldest, cls.older, cls.young = cls.env["res.partner"].create(
            [{"name": f"Tour {age}", "ref": "tour"} for age in ("Oldest", "Older", "Young")]
        )
        cls.env["mail.message"].create(
            {"author_id": cls.young.id, "message_type": "email", "model": "res.partner", "res_id": cls.young.id}
        )
        cls.env.cr.flush()
        for contact, years in ((cls.oldest, 30), (cls.older, 20), (cls.young, 10)):
            created = fields.Datetime.now() - timedelta(days=365.25 * years + 3)
            cls.env.cr.execute(SQL("UPDATE res_partner SET create_date = %s WHERE id = %s", created, contact.id))
        (cls.oldest + cls.older + cls.young)._date_anew()

    def _tour(self, name, action="crm_gdpr_request_action"):
        # from another page of the app, so that the list is loaded once
        self.start_tour(f"/odoo/action-crm_gdpr.{action}", name, login="age_officer", timeout=90)
        return self.env["crm.gdpr.touch"].search([("partner_id.ref", "=", "tour")])


@tagged("post_install", "-at_install")
class TestAgeScreens(AgeScreen):
    def test_the_oldest_are_touched_and_it_is_undone_from_the_notification(self):
        touches = self._tour("crm_gdpr_age_touch")
        self.assertEqual(touches.partner_id, self.oldest | self.older)
        self.assertEqual(set(touches.mapped("reason")), {"Still customers"})
        self.assertTrue(all(touches.mapped("undone")))

    def test_contacts_are_grouped_charted_and_an_empty_list_says_what_to_do(self):
        self._tour("crm_gdpr_age_groups")

    def test_a_contact_shows_its_age_is_touched_and_that_is_undone_in_its_list(self):
        touches = self._tour("crm_gdpr_age_form")
        self.assertEqual((touches.partner_id, touches.undone), (self.oldest, True))

    def test_others_see_neither_the_app_nor_the_age_on_a_contact(self):
        user = new_test_user(self.env, "age_nobody", "base.group_user,base.group_partner_manager")
        self.assertNotIn(
            self.env.ref("crm_gdpr.menu_root").id, self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
        )
        arch = self.env["res.partner"].with_user(user).get_view(view_type="form")["arch"]
        self.assertNotIn("dealing_age", arch)
        self.assertNotIn("action_view_touches", arch)
        for view_type in ("list", "form"):
            bound = self.env["ir.actions.actions"].with_user(user).get_bindings("res.partner")
            self.assertNotIn("Touch", [action["name"] for action in bound.get("action", ())], view_type)


@tagged("post_install", "-at_install")
class TestAgePhone(AgeScreen):
    browser_size = "390x844"
    touch_enabled = True

    def test_contacts_are_seen_and_touched_on_a_phone(self):
        touches = self._tour("crm_gdpr_age_phone", "res_partner_age_action")
        self.assertEqual((touches.partner_id, touches.undone), (self.oldest, False))
