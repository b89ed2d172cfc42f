from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import One2many
from odoo.tests import tagged

from ..models import crm_gdpr_request_preview as preview
from ..models import crm_gdpr_request_previewing as previewing
from .anonymise_case import NAME, AnonymiseCase
from .rule_case import RuleCase

CHUNK = 3


class SmallParts:
    """Parts of three persons; so four are many."""

    def setUp(self):
        super().setUp()
        for module in (preview, previewing):
            self.startPatcher(patch.object(module, "CHUNK", CHUNK))

    def _count_rehearsals(self):
        """Note whom each part of a preview looks at."""
        looked_at = []
        rehearse = self.registry["crm.gdpr.request.line"]._rehearse

        def noting(lines, samples=0):
            looked_at.append(lines.ids)
            return rehearse(lines, samples)

        self.startPatcher(patch.object(self.registry["crm.gdpr.request.line"], "_rehearse", noting))
        return looked_at


@tagged("post_install", "-at_install")
class TestPreviewing(SmallParts, AnonymiseCase):
    def _people(self, number):
        return self.env["res.partner"].create(
            [{"name": f"Person Number{n}", "email": f"person{n}@example.com"} for n in range(number)]
        )

    def _many(self, number=7):
        request = self._request(self._people(number))
        request.action_preview()
        return request

    def _job(self):
        """What the job does, with its commits undone at the end of the test."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("crm_gdpr.ir_cron_preview").method_direct_trigger()
        self.env.invalidate_all()

    def test_few_are_previewed_at_once_and_many_are_left_to_the_job(self):
        looked_at = self._count_rehearsals()
        self.assertEqual(self._many(CHUNK).state, "planned")
        self.assertEqual(len(looked_at), 1)
        job = self.env.ref("crm_gdpr.ir_cron_preview")
        before = self.env["ir.cron.trigger"].search_count([("cron_id", "=", job.id)])
        request = self._many(CHUNK + 1)
        self.assertEqual((request.state, len(looked_at)), ("previewing", 1))
        self.assertEqual(set(request.line_ids.mapped("state")), {"draft"})
        self.assertEqual(self.env["ir.cron.trigger"].search_count([("cron_id", "=", job.id)]), before + 1)

    def test_the_job_looks_at_all_of_them_part_by_part(self):
        request = self._many()
        looked_at = self._count_rehearsals()
        self._job()
        self.assertEqual((request.state, set(request.line_ids.mapped("state"))), ("planned", {"planned"}))
        self.assertEqual([len(part) for part in looked_at], [3, 3, 1])
        self.assertEqual(len(request.line_ids.filtered("sample")), 5)
        self.assertTrue(all(request.line_ids.mapped("plan_hash")))
        entry = self.env["crm.gdpr.log"].search([("event", "=", "planned")], limit=1)
        self.assertEqual((entry.user_ref, entry.counts), (self.officer.id, {"crm.gdpr.request.line": 7}))
        request.action_carry_out()
        self._carry_out(request)
        self.assertEqual(set(request.line_ids.mapped("state")), {"done"})

    def test_who_previewed_is_told_when_it_is_ready_and_who_carries_out_when_it_is_done(self):
        request = self._many()
        told = []
        self.startPatcher(
            patch.object(self.registry["res.users"], "_bus_send", lambda user, kind, what: told.append((user, what)))
        )
        self._job()
        request.action_carry_out()
        self._carry_out(request)
        self.assertEqual([user.id for user, _what in told], [self.officer.id] * 2)
        previewed, done = (what["message"] for _user, what in told)
        self.assertIn("7 of 7 persons can be anonymised", previewed)
        self.assertIn("7 of 7 persons are anonymised", done)
        self.assertNotIn("Person Number", previewed + done)

    def test_how_far_it_is_is_told_with_few_queries_however_many_they_are(self):
        request = self._many()
        request.sudo()._preview_part()
        self.env.flush_all()
        told = request.get_progress()
        self.assertEqual((told["state"], told["done"], told["total"]), ("previewing", 3, 7))
        self.assertAlmostEqual(told["progress"], 300 / 7)

        def count(asked):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            asked.with_user(self.officer).get_progress()
            self.assertFalse(asked.line_ids._fields["state"]._get_cache(self.env))
            return self.env.cr.sql_log_count - before

        many = self._many(300)
        count(request)
        self.assertLessEqual(count(many), count(request))

    def test_only_officers_ask_how_far_it_is(self):
        request = self._many()
        for user in self.others:
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["crm.gdpr.request"].with_user(user).browse(request.id).get_progress()

    def test_stopped_it_is_new_again_and_goes_on_with_who_was_not_looked_at(self):
        request = self._many()
        request.sudo()._preview_part()
        request.action_stop()
        self.assertEqual((request.state, request.previewed_count), ("draft", 3))
        self.assertEqual(self.env["crm.gdpr.log"].search([], limit=1).event, "stopped")
        looked_at = self._count_rehearsals()
        self._job()
        self.assertEqual((request.state, looked_at), ("draft", []))
        planned_at = request.planned_at
        request.action_preview()
        self._job()
        self.assertEqual((request.state, request.planned_at), ("planned", planned_at))
        self.assertEqual([len(part) for part in looked_at], [3, 1])

    def test_another_officer_has_all_of_them_looked_at(self):
        second = self._make_user("second_officer", "crm_gdpr.group_privacy_officer")
        request = self._many()
        request.sudo()._preview_part()
        request.action_stop()
        request.with_user(second).action_preview()
        self.assertEqual((request.previewed_count, request.previewer_id), (0, second))
        self._job()
        # whom a request is about is judged for who previews it
        self.assertEqual(request.state, "planned")
        self.assertEqual(self.env["crm.gdpr.log"].search([("event", "=", "planned")], limit=1).user_ref, second.id)

    def test_meanwhile_nothing_is_carried_out_approved_or_previewed_again(self):
        second = self._make_user("second_officer", "crm_gdpr.group_privacy_officer")
        request = self._many()
        for act in (request.action_carry_out, request.with_user(second).action_approve, request.action_preview):
            with self.assertRaisesRegex(UserError, "Being Previewed"):
                act()
        with self.assertRaisesRegex(UserError, "stop that first"):
            request.action_cancel()
        self.assertEqual(request.state, "previewing")
        request.action_stop()
        request.action_cancel()
        self._job()
        self.assertEqual((request.state, set(request.line_ids.mapped("state"))), ("cancelled", {"refused"}))

    def test_a_part_reads_no_more_lines_than_it_is_about(self):
        request = self._many(30)
        self.env.invalidate_all()
        read, names = One2many.read, []
        with patch.object(One2many, "read", lambda field, records: names.append(field.name) or read(field, records)):
            request.sudo()._refuse_first()
            request.sudo()._preview_part()
        self.assertNotIn("line_ids", names)

    def test_one_that_was_deleted_meanwhile_is_no_obstacle(self):
        gone, other = self._many(), self._many()
        job = gone.sudo()
        gone.unlink()
        self.assertEqual(job._preview_part(), 0)
        self._job()
        self.assertEqual(other.state, "planned")

    def test_who_has_to_stay_is_refused_before_anybody_is_looked_at(self):
        people = self._people(6)
        held = people[5]
        people[0].email = held.email
        self.env["mail.guest"].create({"name": "Shared", "email": held.email})
        self.env["crm.gdpr.hold"].create({"partner_id": held.id, "reason": "Court", "date_from": "2020-01-01"})
        request = self._request(people)
        request.action_preview()
        self._job()
        self.assertEqual(request.line_ids.mapped("state"), ["planned"] * 5 + ["refused"])
        request.action_carry_out()
        self._carry_out(request)
        self.assertTrue(self.env["mail.guest"].search([("email", "=", held.email)]))

    def test_who_makes_a_part_fail_keeps_nobody_else(self):
        request = self._many()
        bad = request.line_ids[4]
        rehearse = self.registry["crm.gdpr.request.line"]._rehearse

        def stumble(lines, samples=0):
            if bad in lines:
                raise ZeroDivisionError(NAME)
            return rehearse(lines, samples)

        with patch.object(self.registry["crm.gdpr.request.line"], "_rehearse", stumble):
            self._job()
        self.assertEqual(request.state, "planned")
        self.assertEqual(request.line_ids.mapped("state"), ["planned"] * 4 + ["failed"] + ["planned"] * 2)

    def test_what_is_left_of_one_that_is_done_in_part_is_looked_at_by_the_job(self):
        request = self._many()
        self._job()
        request.action_carry_out()
        request.sudo().line_ids[:2]._carry_out()
        request.action_stop()
        request.action_preview()
        self.assertEqual((request.state, request.done_count), ("previewing", 2))
        self._job()
        self.assertEqual(request.line_ids.mapped("state"), ["done"] * 2 + ["planned"] * 5)

    def test_plans_of_a_part_are_written_together(self):
        def count(number):
            request = self._many(number)
            for module in (preview, previewing):
                self.startPatcher(patch.object(module, "CHUNK", 250))
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            request.sudo()._preview_part()
            self.env.flush_all()
            self.assertEqual(set(request.line_ids.mapped("state")), {"planned"})
            return self.env.cr.sql_log_count - before

        few = count(10)
        self.startPatcher(patch.object(preview, "CHUNK", 3))
        self.assertLess(count(200), 1.3 * few)


@tagged("post_install", "-at_install")
class TestPreviewingOfRules(SmallParts, RuleCase):
    def test_what_a_rule_proposes_is_previewed_by_its_own_job_in_the_same_parts(self):
        leads = self._leads(8)
        looked_at = self._count_rehearsals()
        run = self._switch_on_and_run(self._lead_rule())
        self.assertEqual((run.state, run.proposed_count, run.request_ids.state), ("done", 8, "planned"))
        self.assertEqual([len(part) for part in looked_at], [3, 3, 2])
        self.assertEqual(run.request_ids.line_ids.lead_id, leads)

    def test_the_other_job_leaves_them_alone_as_long_as_the_rule_runs(self):
        self._leads(8)
        rule = self._lead_rule()
        rule.action_switch_on()
        job = rule.sudo()
        while not rule.run_ids.request_ids.filtered(lambda request: request.state == "previewing"):
            job._step()
        looked_at = self._count_rehearsals()
        requests = self.env["crm.gdpr.request"].sudo()
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.env.registry.cursor() as cr:
            requests.with_env(self.env(cr=cr, su=True))._cron_preview()
            self.assertFalse(looked_at)
            rule.run_ids.with_env(self.env(cr=cr, su=True)).state = "broken"
            requests.with_env(self.env(cr=cr, su=True))._cron_preview()
        self.assertEqual([len(part) for part in looked_at], [3, 3, 2])

    def test_one_that_an_officer_stopped_is_not_begun_again_by_the_rule(self):
        self._leads(8)
        rule = self._lead_rule()
        rule.action_switch_on()
        while not rule.run_ids.request_ids.filtered(lambda request: request.state == "previewing"):
            rule.sudo()._step()
        request = rule.run_ids.request_ids
        request.with_user(self.officer).action_stop()
        self._job()
        self.assertEqual((rule.run_ids.state, request.state), ("done", "draft"))

    def _begin_rule(self, **values):
        """A rule of which the first request is being previewed."""
        self._leads(8)
        rule = self._lead_rule(**values)
        rule.action_switch_on()
        while not rule.run_ids.request_ids.filtered(lambda request: request.state == "previewing"):
            rule.sudo()._step()
        return rule, rule.run_ids.request_ids

    def _preview_job(self):
        """The job of previews that officers wait for."""
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.env.registry.cursor() as cr:
            self.env["crm.gdpr.request"].with_env(self.env(cr=cr, su=True))._cron_preview()
        self.env.invalidate_all()

    def test_what_an_officer_stopped_and_previewed_is_not_anonymised_by_the_rule(self):
        for user in (self.officer, self.second):
            with self.subTest(user=user.login):
                rule, request = self._begin_rule(action="carry_out")
                told = []
                bus = patch.object(
                    self.registry["res.users"], "_bus_send", lambda user, kind, what, told=told: told.append(user)
                )
                request.with_user(user).action_stop()
                request.with_user(user).action_preview()
                self.assertEqual((request.state, request.is_taken_over), ("previewing", True))
                looked_at = self._count_rehearsals()
                self._job()
                self.assertEqual((rule.run_ids.state, request.state, looked_at), ("done", "previewing", []))
                with bus:
                    self._preview_job()
                self.assertEqual((request.state, request.previewer_id, told), ("planned", user, [user]))
                rule.action_run_now()
                self._job()
                self.assertEqual(request.state, "planned")
                request.with_user(user).action_cancel()
                self.env["crm.lead"].search([("referred", "=", "old")]).referred = "gone"

    def test_where_an_officer_previews_it_meanwhile_the_rule_does_not(self):
        rule, request = self._begin_rule(action="carry_out")
        request.with_user(self.second).action_stop()
        request.with_user(self.second).action_preview()
        rule.run_ids.sudo().state = "running"
        self._preview_job()
        self.assertEqual(request.state, "planned")
        self.assertFalse(rule.run_ids.sudo()._carry_out_next())

    def test_where_the_rules_job_is_off_the_other_one_goes_on_after_a_while(self):
        rule, request = self._begin_rule()
        self._preview_job()
        self.assertEqual(request.state, "previewing")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_gdpr_rule_run SET write_date = write_date - interval '4 hours' WHERE id = %s", rule.run_ids.ids
        )
        self.env.invalidate_all()
        self._preview_job()
        self.assertEqual(request.state, "planned")

    def test_of_a_rule_that_is_changed_meanwhile_nothing_is_left_open(self):
        self._leads(8)
        rule = self._lead_rule()
        rule.action_switch_on()
        while not rule.run_ids.request_ids.filtered(lambda request: request.state == "previewing"):
            rule.sudo()._step()
        rule.action_switch_off()
        self._job()
        self.assertEqual((rule.run_ids.state, rule.run_ids.request_ids.state), ("changed", "cancelled"))

    def test_what_is_to_be_carried_out_is_when_all_parts_are_looked_at(self):
        self._leads(8)
        run = self._switch_on_and_run(self._lead_rule(action="carry_out"))
        self.assertEqual((run.request_ids.state, run.request_ids.open_count), ("running", 8))
