from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, mute_logger

from ..models import crm_gdpr_rule_job as job
from .rule_case import RuleCase


@tagged("post_install", "-at_install")
class TestRun(RuleCase):
    def test_what_it_finds_is_previewed_and_proposed_and_nobody_is_anonymised(self):
        contacts = self._contact("A") + self._contact("B")
        run = self._switch_on_and_run(self._rule())
        request = run.request_ids
        self.assertEqual((run.state, run.number, run.proposed_count, run.done_count), ("done", 2, 2, 0))
        self.assertEqual((request.state, request.reason, request.user_id), ("planned", "retention", self.officer))
        self.assertEqual(request.line_ids.partner_id, contacts)
        self.assertEqual(contacts.mapped("name"), ["A", "B"])

    def test_what_is_to_be_carried_out_is_done_by_the_job_of_requests(self):
        contact, held = self._contact("A"), self._contact("B")
        self.env["crm.gdpr.hold"].create({"partner_id": held.id, "reason": "Case"})
        run = self._switch_on_and_run(self._rule(action="carry_out"))
        self.assertEqual(run.request_ids.state, "running")
        self._carry_out(run.request_ids)
        self.assertEqual((contact.gdpr_state, held.gdpr_state, held.name), ("anonymised", False, "B"))
        self.assertEqual((run.done_count, run.proposed_count, run.problem_count), (1, 0, 0))
        self.assertIn("1 × On hold", run.report)

    def test_leads_without_a_customer_are_anonymised(self):
        leads = self._leads(3)
        run = self._switch_on_and_run(self._lead_rule(action="carry_out"))
        self._carry_out(run.request_ids)
        self.assertEqual(leads.mapped("contact_name"), [False] * 3)
        self.assertEqual(run.done_count, 3)

    def test_the_next_run_takes_nobody_who_is_proposed_already(self):
        self._contact()
        rule = self._rule()
        self._switch_on_and_run(rule)
        rule.action_run_now()
        self._job()
        self.assertEqual(rule.run_ids.mapped("number"), [0, 1])
        self.assertEqual(len(rule.run_ids.request_ids), 1)

    def test_who_was_refused_meanwhile_is_in_the_report_with_the_reason(self):
        self._contact("A")
        contact = self._contact("B")
        preview = self.registry["crm.gdpr.request"].action_preview

        def hold_meanwhile(request):
            request.env["crm.gdpr.hold"].create({"partner_id": contact.id, "reason": "Case"})
            return preview(request)

        with patch.object(self.registry["crm.gdpr.request"], "action_preview", hold_meanwhile):
            run = self._switch_on_and_run(self._rule())
        self.assertEqual((run.number, run.proposed_count, run.problem_count), (2, 1, 1))
        self.assertIn("1 × On hold", run.report)

    def test_of_many_it_makes_several_requests(self):
        leads = self._leads(7)
        with patch.object(job, "BATCH", 3):
            run = self._switch_on_and_run(self._lead_rule())
        self.assertEqual(sorted(len(request.line_ids) for request in run.request_ids), [1, 3, 3])
        self.assertEqual(run.request_ids.line_ids.lead_id, leads)

    def test_who_makes_the_preview_fail_keeps_nobody_else(self):
        bad, good = self._contact("Bad"), self._contact("Good")
        run_lines = self.registry["crm.gdpr.request.line"]._run

        def fail_for_bad(lines, **options):
            if bad in lines.partner_id:
                raise UserError("no")
            return run_lines(lines, **options)

        with patch.object(self.registry["crm.gdpr.request.line"], "_run", fail_for_bad):
            run = self._switch_on_and_run(self._rule())
        told = {line.partner_id: line.state for line in run.request_ids.line_ids}
        self.assertEqual(told, {bad: "failed", good: "planned"})
        self.assertEqual(run.request_ids.state, "planned")

    def test_it_runs_again_after_a_day_a_week_or_a_month(self):
        for interval, days in (("days", 1), ("weeks", 7), ("months", 28)):
            rule = self._rule(interval=interval)
            self._switch_on_and_run(rule)
            self.assertGreaterEqual(rule.next_run, self.now + timedelta(days=days))
            self.assertLess(rule.next_run, self.now + timedelta(days=days + 4))
            self._job()
            self.assertEqual(len(rule.run_ids), 1)

    def test_rules_run_in_their_order_and_the_first_takes_whom_both_find(self):
        self._contact()
        second, first = self._rule(sequence=20), self._rule(sequence=10)
        (first + second).action_switch_on()
        self._job()
        self.assertEqual((first.run_ids.number, second.run_ids.number), (1, 0))

    def test_switched_off_it_does_nothing(self):
        self._contact()
        rule = self._rule()
        self._job()
        with self.assertRaisesRegex(UserError, "Switch"):
            rule.action_run_now()
        rule.action_switch_on()
        rule.action_switch_off()
        self._job()
        self.assertFalse(rule.run_ids)

    def test_each_run_is_in_the_log_with_numbers_alone(self):
        self._contact("Jane Secret")
        rule = self._rule()
        run = self._switch_on_and_run(rule)
        entry = self.env["crm.gdpr.log"].search([("event", "=", "rule_run")], limit=1)
        self.assertEqual(entry.counts, {"res.partner": 1})
        details = entry.details
        self.assertEqual((details["rule"], details["run"], details["state"]), (rule.id, run.id, "done"))
        self.assertEqual((entry.details["proposed"], entry.details["action"]), (1, "propose"))

    def test_a_thousand_leads_are_proposed_with_few_queries_more_than_ten(self):
        # the preview, which is measured by itself, has its own
        def proposed(number, name):
            self._leads(number, referred=name)
            rule = self._lead_rule(domain=f"[('referred', '=', '{name}')]", name=name)
            rule.action_switch_on()
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            rule.sudo()._step()  # begins
            rule.sudo()._step()  # takes them
            self.env.flush_all()
            self.assertEqual(len(rule.run_ids.request_ids.line_ids), number)
            return self.env.cr.sql_log_count - start

        proposed(1, "warm")
        few, many = proposed(10, "few"), proposed(1000, "many")
        self.assertLess(many, few + 20)
        self.assertLess(few, 80)


@tagged("post_install", "-at_install")
class TestBrokenRules(RuleCase):
    def test_a_rule_on_a_field_that_is_gone_is_told_and_keeps_no_other(self):
        contact = self._contact()
        field = self._set_custom_field("x_until")
        broken = self._rule(contact_date="x_until", sequence=1)
        also_broken = self._rule(domain="[('x_until', '!=', False)]", sequence=2)
        sound = self._rule(sequence=3)
        (broken + also_broken + sound).action_switch_on()
        field.unlink()
        self._job()
        for rule in (broken, also_broken):
            self.assertEqual((rule.state, rule.run_ids.state), ("broken", "broken"))
            self.assertIn("x_until", rule.run_ids.report)
            self.assertGreater(rule.next_run, self.now)
        self.assertEqual(sound.run_ids.request_ids.line_ids.partner_id, contact)
        entry = self.env["crm.gdpr.log"].search([("event", "=", "rule_run"), ("details", "!=", False)], limit=3)
        self.assertEqual(sorted(entry.mapped(lambda made: made.details["state"])), ["broken", "broken", "done"])

    def test_an_error_in_the_middle_of_a_rule_keeps_no_other_and_nobody_waiting(self):
        first, second = self._contact("Jane Secret"), self._contact("B", ref="also")
        bad, good = self._rule(sequence=1), self._rule(sequence=2, domain="[('ref', '=', 'also')]")
        (bad + good).action_switch_on()
        model = self.registry["crm.gdpr.rule.run"]
        preview_next = model._preview_next

        def fail(run):
            if run.rule_id.id == bad.id and run.request_ids:
                raise ZeroDivisionError(first.name)
            return preview_next(run)

        with patch.object(model, "_preview_next", fail), self.assertLogs(job.__name__, "WARNING") as logs:
            self._job()
        self.assertIn("ZeroDivisionError", logs.output[0])
        self.assertNotIn("Secret", logs.output[0])
        run = bad.run_ids
        self.assertEqual((bad.state, run.state, run.request_ids.state), ("broken", "broken", "cancelled"))
        self.assertEqual(good.run_ids.request_ids.line_ids.partner_id, second)

    def test_a_rule_that_works_again_is_no_longer_broken(self):
        field = self._set_custom_field("x_until")
        rule = self._rule(contact_date="x_until")
        rule.action_switch_on()
        field.unlink()
        self._job()
        self.assertTrue(rule.activity_ids)
        rule.contact_date = "create_date"
        self.assertEqual((rule.state, rule.activity_ids.ids), ("on", []))
        self._job()
        self.assertEqual((rule.state, rule.run_ids[0].state), ("on", "done"))


@tagged("post_install", "-at_install")
class TestTold(RuleCase):
    def test_every_officer_is_told_in_numbers_and_without_names(self):
        self._contact("Jane Secret")
        rule = self._rule()
        self._switch_on_and_run(rule)
        told = {activity.user_id: activity for activity in rule.activity_ids}
        self.assertLessEqual({self.officer, self.second}, set(told))
        self.assertFalse(set(told) & set(self.others) - {self.env.ref("base.user_admin")})
        for activity in told.values():
            self.assertIn("anonymisation: 1", activity.note)
            self.assertNotIn("Secret", f"{activity.note} {activity.summary}")
        mails = self.env["mail.message"].search([("model", "=", rule._name), ("res_id", "=", rule.id)])
        self.assertNotIn("Secret", "".join(mails.mapped("body")))

    def test_they_are_told_once_and_no_more_when_nothing_waits(self):
        self._contact("A")
        rule = self._rule()
        self._switch_on_and_run(rule)
        before = len(rule.activity_ids)
        self._contact("B")
        rule.action_run_now()
        self._job()
        self.assertEqual(len(rule.activity_ids), before)
        rule.run_ids.request_ids[0].with_user(self.officer).action_cancel()
        self.assertTrue(rule.activity_ids)
        rule.run_ids.request_ids[1].with_user(self.officer).action_carry_out()
        self.assertFalse(rule.activity_ids)

    def test_officers_of_other_companies_are_not_told(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.second.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self._contact(company_id=self.env.company.id)
        rule = self._rule(company_id=self.env.company.id)
        self._switch_on_and_run(rule)
        self.assertIn(self.officer, rule.activity_ids.user_id)
        self.assertNotIn(self.second, rule.activity_ids.user_id)
        self.assertFalse(rule.with_user(self.second).search([("id", "=", rule.id)]))

    def test_a_question_is_told_and_gone_when_it_is_answered(self):
        self._contact("A")
        self._contact("B")
        rule = self._rule(number_limit=1)
        self._switch_on_and_run(rule)
        self.assertIn("2", rule.activity_ids[0].note)
        rule.with_context(asked_count=rule.asked_count).action_confirm()
        self.assertFalse(rule.activity_ids)

    def test_who_finds_nobody_tells_nobody(self):
        rule = self._rule()
        self._switch_on_and_run(rule)
        self.assertFalse(rule.activity_ids)


@tagged("post_install", "-at_install")
class TestInTheMiddle(TransactionCase):
    """With transactions that are committed, as servers have them."""

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            leads = env["crm.lead"].create(
                [{"name": f"Race {n}", "contact_name": f"Race No{n}", "referred": "race"} for n in range(7)]
            )
            cr.execute(
                SQL("UPDATE crm_lead SET create_date = create_date - interval '5 years' WHERE id = ANY(%s)", leads.ids)
            )
            rule = env["crm.gdpr.rule"].create(
                {
                    "name": "Race",
                    "model": "crm.lead",
                    "lead_date": "create_date",
                    "domain": "[('referred', '=', 'race')]",
                    "share_limit": 100,
                    "active": True,
                }
            )
            self.lead_ids, self.rule_id = leads.ids, rule.id
        self.addCleanup(self._remove)
        self.startPatcher(patch.object(job, "BATCH", 3))

    def _remove(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            rule = env["crm.gdpr.rule"].browse(self.rule_id)
            requests = rule.run_ids.request_ids
            cr.execute(SQL("UPDATE crm_gdpr_request SET state = 'cancelled' WHERE id = ANY(%s)", requests.ids))
            env.invalidate_all()
            requests.unlink()
            cr.execute(SQL("DELETE FROM crm_gdpr_rule_run WHERE rule_id = %s", rule.id))
            env.invalidate_all()
            rule.unlink()
            env["crm.lead"].browse(self.lead_ids).unlink()

    def _rule(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {})["crm.gdpr.rule"].browse(self.rule_id)

    def _assert_all_once(self):
        with self.registry.cursor() as cr:
            rule = self._rule(cr)
            self.assertEqual(rule.run_ids.mapped("state"), ["done"])
            self.assertEqual(sorted(rule.run_ids.request_ids.line_ids.lead_id.ids), self.lead_ids)
            self.assertEqual(len(rule.run_ids.request_ids.line_ids), 7)
            self.assertEqual(set(rule.run_ids.request_ids.mapped("state")), {"planned"})

    def _run_job(self):
        with self.registry.cursor() as cr:
            self._rule(cr)._cron_run_rules()

    def test_killed_anywhere_it_goes_on_where_it_was_and_takes_nobody_twice(self):
        steps = 0
        step = self.registry["crm.gdpr.rule"]._step

        def killed(rule):
            nonlocal steps
            done = step(rule)
            rule.env.flush_all()  # all but the commit
            steps += 1
            if steps % 2:
                raise KeyboardInterrupt
            return done

        killings = 0
        with patch.object(self.registry["crm.gdpr.rule"], "_step", killed):
            for _attempt in range(20):
                try:
                    self._run_job()
                    break
                except KeyboardInterrupt:
                    killings += 1
        self.assertGreater(killings, 3)
        self._assert_all_once()

    def test_two_jobs_at_once_make_one_run(self):
        step = self.registry["crm.gdpr.rule"]._step
        others = []

        def meanwhile(rule):
            """Another server begins after each step, before it is committed, and goes as far as it can."""
            done = step(rule)
            rule.env.flush_all()
            if not others:
                others.append(True)
                with self.registry.cursor() as cr:
                    cr.execute("SET LOCAL lock_timeout = '2s'")
                    try:
                        self._rule(cr)._run()
                    except psycopg2.Error:
                        cr.rollback()
                others.clear()
            return done

        with patch.object(self.registry["crm.gdpr.rule"], "_step", meanwhile), mute_logger("odoo.sql_db"):
            self._run_job()
        self._assert_all_once()

    def test_a_job_that_saw_what_is_old_by_now_looks_again(self):
        with self.registry.cursor() as late:
            rule = self._rule(late)
            self.assertTrue(rule.next_run <= fields.Datetime.now())  # from here on it sees the database as it is now
            self._run_job()
            with mute_logger("odoo.sql_db"):
                rule._run()
        self._assert_all_once()

    def test_a_rule_that_is_changed_in_the_middle_stops(self):
        with self.registry.cursor() as cr:
            rule = self._rule(cr)
            for _step in range(2):
                rule._step()
                cr.commit()
        with self.registry.cursor() as cr:
            self._rule(cr).active = False
        self._run_job()
        with self.registry.cursor() as cr:
            runs = self._rule(cr).run_ids
            self.assertEqual((runs.state, runs.request_ids.mapped("state")), ("changed", ["cancelled"]))
