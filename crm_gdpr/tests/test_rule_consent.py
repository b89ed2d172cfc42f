from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .rule_case import RuleCase


@tagged("post_install", "-at_install")
class TestTooMany(RuleCase):
    def setUp(self):
        super().setUp()
        for n in range(4):
            self._contact(f"Old {n}")

    def _asking(self, **values):
        rule = self._rule(**{"number_limit": 3, **values})
        self._switch_on_and_run(rule)
        return rule

    def _assert_asks(self, rule, number):
        self.assertEqual((rule.state, rule.asked_count, rule.run_ids[0].state), ("asks", number, "asks"))
        self.assertFalse(rule.run_ids.request_ids)

    def test_a_number_above_the_limit_stops_it_and_it_asks(self):
        rule = self._asking()
        self._assert_asks(rule, 4)
        self.assertIn("4", rule.asked_text)
        self._job()
        self.assertEqual(len(rule.run_ids), 1, "it does not ask every day")
        with self.assertRaisesRegex(UserError, "whether the number is right"):
            rule.action_run_now()

    def test_a_share_above_the_limit_stops_it_too(self):
        everybody = self.env["res.partner"].search_count([])
        rule = self._asking(number_limit=1000, share_limit=round(400 / everybody - 0.1, 2))
        self._assert_asks(rule, 4)
        larger = self._asking(number_limit=1000, share_limit=round(400 / everybody + 0.1, 2))
        self.assertEqual(larger.run_ids.state, "done")

    def test_persons_who_go_along_count(self):
        company = self._contact("Company")
        self._contact("Person", parent_id=company.id)
        self._assert_asks(self._asking(number_limit=5), 6)

    def test_confirmed_it_takes_them_this_one_time(self):
        rule = self._asking()
        rule.with_context(asked_count=4).action_confirm()
        self.assertEqual((rule.state, rule.asked_text, rule.confirmed_by_id), ("on", False, self.officer))
        self._job()
        run = rule.run_ids[0]
        self.assertEqual((run.state, run.number, run.confirmed_by_id), ("done", 4, self.officer))
        run.request_ids.action_cancel()
        rule.action_run_now()
        self._job()
        self._assert_asks_again(rule, 4)

    def _assert_asks_again(self, rule, number):
        self.assertEqual((rule.state, rule.asked_count, rule.run_ids[0].state), ("asks", number, "asks"))

    def test_the_confirmation_is_for_that_number_and_a_tenth_of_it_more_or_less(self):
        for n in range(16):
            self._contact(f"More {n}")
        for change, is_right in ((2, True), (3, False), (-2, True), (-3, False)):
            with self.subTest(change=change):
                rule = self._asking(number_limit=3)
                self.assertEqual(rule.asked_count, 20)
                rule.with_context(asked_count=rule.asked_count).action_confirm()
                changed = self.env["res.partner"]
                if change > 0:
                    for n in range(change):
                        changed += self._contact(f"New {n}")
                else:
                    changed = self.env["res.partner"].search([("ref", "=", "old")], limit=-change)
                    changed.ref = "young"
                self._job()
                self.assertEqual(rule.run_ids[0].state, "done" if is_right else "asks")
                for request in rule.run_ids.request_ids:
                    request.action_cancel()
                rule.action_switch_off()
                changed.ref = "old" if change < 0 else "young"

    def test_a_number_that_is_another_than_the_one_seen_is_not_confirmed(self):
        rule = self._asking()
        with self.assertRaisesRegex(UserError, "another by now"):
            rule.with_context(asked_count=3).action_confirm()
        rule.with_context(asked_count=rule.asked_count).action_confirm()
        with self.assertRaisesRegex(UserError, "another by now"):
            rule.with_context(asked_count=rule.asked_count).action_confirm()

    def test_a_change_of_the_rule_takes_the_confirmation_back(self):
        rule = self._asking()
        rule.with_context(asked_count=rule.asked_count).action_confirm()
        rule.with_user(self.second).delay = 2
        self.assertFalse(rule.confirmed_count)
        self._job()
        self._assert_asks(rule, 4)

    def test_a_run_takes_no_more_than_was_counted_and_a_tenth(self):
        rule = self._rule(number_limit=4)
        rule.action_switch_on()
        rule = rule.sudo()
        rule._step()
        for n in range(10):
            self._contact(f"Imported {n}")
        while rule._step():
            pass
        self.assertEqual(len(rule.run_ids.request_ids.line_ids), 5)
        self.assertEqual(rule.run_ids.state, "done")

    def test_it_is_in_the_log_that_it_asked_and_who_confirmed(self):
        rule = self._asking()
        log = self.env["crm.gdpr.log"]
        self.assertEqual(log.search([("event", "=", "rule_run")], limit=1).details["state"], "asks")
        rule.with_user(self.second).with_context(asked_count=rule.asked_count).action_confirm()
        entry = log.search([], limit=1)
        told = (entry.details["what"], entry.details["number"], entry.user_ref)
        self.assertEqual(told, ("confirmed", 4, self.second.id))


@tagged("post_install", "-at_install")
class TestSecondOfficer(RuleCase):
    def setUp(self):
        super().setUp()
        self.contact = self._contact("Jane Doe")

    def _proposed(self, **values):
        return self._switch_on_and_run(self._rule(needs_approval=True, **values)).request_ids

    def test_nothing_is_carried_out_before_another_officer_approves(self):
        request = self._proposed(action="carry_out")
        self.assertEqual((request.state, request.needs_approval), ("planned", True))
        with self.assertRaisesRegex(UserError, "has to approve"):
            request.with_user(self.officer).action_carry_out()
        with self.assertRaisesRegex(ValidationError, "Somebody else"):
            request.with_user(self.officer).action_approve()
        request.with_user(self.second).action_approve()
        self.assertEqual((request.state, request.approver_id), ("running", self.second))
        self._carry_out(request)
        self.assertEqual(self.contact.gdpr_state, "anonymised")

    def test_what_was_proposed_waits_for_an_officer_after_it_was_approved(self):
        request = self._proposed()
        request.with_user(self.second).action_approve()
        self.assertEqual(request.state, "planned")
        request.with_user(self.officer).action_carry_out()
        self.assertEqual(request.state, "running")

    def test_the_rules_officer_gets_around_it_over_no_door(self):
        request = self._proposed()
        mine = request.with_user(self.officer)
        for vals in (
            {"needs_approval": False},
            {"user_id": self.second.id},
            {"approver_id": self.officer.id},
            {"approver_id": self.second.id},
            {"rule_run_id": False},
            {"state": "running"},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                mine.write(vals)

    def test_whoever_changed_the_rule_last_is_the_one_who_cannot_approve(self):
        rule = self._rule(needs_approval=True)
        rule.with_user(self.second).delay = 2
        rule.sudo().with_user(self.second).action_switch_on()
        self._job()
        with self.assertRaises(ValidationError):
            rule.run_ids.request_ids.with_user(self.second).action_approve()
        rule.run_ids.request_ids.with_user(self.officer).action_approve()
