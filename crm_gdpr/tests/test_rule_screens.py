from contextlib import nullcontext

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .rule_case import RuleCase


@tagged("post_install", "-at_install")
class TestRuleScreens(RuleCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user in cls.officer + cls.second:
            user.password = user.login

    def setUp(self):
        super().setUp()
        self._contact("Tour Adams")
        self._contact("Tour Baker")
        held = self._contact("Tour Held")
        self.env["crm.gdpr.hold"].create({"partner_id": held.id, "reason": "Case"})

    def _in_test_mode(self):
        return nullcontext()  # a test with a browser is in it from the beginning

    def _tour(self, name, user=None):
        login = (user or self.officer).login
        self.start_tour("/odoo/action-crm_gdpr.crm_gdpr_rule_action", name, login=login, timeout=120)
        self.env.invalidate_all()

    def test_an_officer_makes_a_rule_is_kept_from_a_typing_error_and_previews_it(self):
        with mute_logger("odoo.http"):  # that it is refused
            self._tour("crm_gdpr_rule_new")
        rule = self.env["crm.gdpr.rule"].with_context(active_test=False).search([("name", "=", "Old prospects")])
        self.assertEqual((rule.delay, rule.delay_unit, rule.contact_date), (3, "years", "create_date"))
        self.assertEqual((rule.active, rule.user_id), (False, self.officer))

    def test_an_officer_previews_lists_switches_on_and_runs(self):
        rule = self._rule(name="Rule of the tour")
        self._tour("crm_gdpr_rule_runs")
        self.assertTrue(rule.active)
        self._job()
        self.assertEqual(len(rule.run_ids.request_ids.line_ids), 2)

    def test_an_officer_answers_a_rule_that_asks(self):
        rule = self._rule(name="Rule of the tour", number_limit=1)
        self._switch_on_and_run(rule)
        self._tour("crm_gdpr_rule_asks")
        self.assertEqual((rule.confirmed_count, rule.confirmed_by_id), (2, self.officer))

    def test_a_second_officer_approves_and_it_is_carried_out(self):
        rule = self._rule(name="Rule of the tour", action="carry_out", needs_approval=True)
        self._switch_on_and_run(rule)
        self._tour("crm_gdpr_rule_approve", self.second)
        request = rule.run_ids.request_ids
        self.assertEqual((request.state, request.approver_id), ("running", self.second))

    def test_only_officers_see_the_menu(self):
        menu = self.env.ref("crm_gdpr.menu_rules").id
        for user in (self.officer, *(user for user in self.others if user != self.portal)):
            with self.subTest(user=user.login):
                visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
                self.assertEqual(menu in visible, user == self.officer)
