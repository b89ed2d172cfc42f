from odoo.tests import HttpCase, tagged

from .common import PrivacyCase


@tagged("post_install", "-at_install")
class TestProofScreens(PrivacyCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer.password = cls.officer.login
        cls.contact = cls._make_contact("Jane Zuiderhoek")

    def _tour(self, action, name):
        self.start_tour(f"/odoo/action-crm_gdpr.{action}", name, login=self.officer.login, timeout=180)

    def test_an_officer_sets_a_hold_releases_it_and_finds_both_in_the_log_that_is_whole(self):
        self._tour("crm_gdpr_hold_action", "crm_gdpr_hold_and_log")
        hold = self.env["crm.gdpr.hold"].search([("partner_id", "=", self.contact.id)])
        self.assertEqual((hold.state, hold.released_by_id), ("released", self.officer))

    def test_an_officer_lets_a_person_come_back_and_nothing_of_what_was_typed_is_kept(self):
        suppression = self.env["crm.gdpr.suppression"]
        suppression._remember(["jane@zuiderhoek.example"], [], self.env.company)
        self._tour("crm_gdpr_suppression_action", "crm_gdpr_come_back")
        self.assertFalse(suppression.search([]))
        self.assertFalse(self.env["crm.gdpr.suppression.forget"].search([]))

    def test_only_privacy_officers_see_the_menus(self):
        menus = [f"crm_gdpr.menu_{name}" for name in ("root", "holds", "log", "suppression", "replay")]
        for user, is_seen in ((self.officer, True), *((user, False) for user in self.others if user != self.portal)):
            visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            for menu in menus:
                with self.subTest(user=user.login, menu=menu):
                    self.assertEqual(self.env.ref(menu).id in visible, is_seen)
