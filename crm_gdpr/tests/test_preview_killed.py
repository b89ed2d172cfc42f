from unittest.mock import patch

from odoo import SUPERUSER_ID
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models import ir_cron

from ..models import crm_gdpr_request_previewing as previewing
from .anonymise_case import NAME
from .committed_case import CommittedCase
from .test_preview_job import SmallParts


@tagged("post_install", "-at_install")
class TestPreviewIsKilled(SmallParts, CommittedCase):
    def _begin(self):
        request_id = self._make_request(8)
        with self.registry.cursor() as cr:
            self._request(cr, request_id).action_preview()
        return request_id

    def _run_job(self):
        with self.registry.cursor() as cr:
            requests = self._env(cr)["crm.gdpr.request"]
            # what is committed step by step on a server
            requests.with_context(cron_id=self.env.ref("crm_gdpr.ir_cron_preview").id)._cron_preview()

    def _run_job_of_odoo(self, name):
        """As Odoo's worker runs it, with a time that is over after each part."""
        with self.registry.cursor() as cr:
            job = self._env(cr).ref(f"crm_gdpr.{name}")
            asked = {
                "id": job.id,
                "cron_name": job.name,
                "user_id": SUPERUSER_ID,
                "ir_actions_server_id": job.ir_actions_server_id.id,
                "lastcall": job.lastcall,
                "timed_out_counter": 0,
            }
        with patch.object(ir_cron, "MIN_TIME_PER_JOB", 0), patch.object(ir_cron, "MIN_RUNS_PER_JOB", 20):
            return self.registry["ir.cron"]._run_job(asked)

    def test_a_request_is_closed_and_the_next_one_begun_however_little_time_there_is(self):
        requests = self._begin(), self._begin()
        self._run_job_of_odoo("ir_cron_preview")
        states = self._look("SELECT state FROM crm_gdpr_request WHERE id = ANY(%s)", list(requests))
        self.assertEqual(states, [("planned",)] * 2)
        with self.registry.cursor() as cr:
            for request_id in requests:
                self._request(cr, request_id).action_carry_out()
        self._run_job_of_odoo("ir_cron_carry_out")
        states = self._look("SELECT state FROM crm_gdpr_request WHERE id = ANY(%s)", list(requests))
        self.assertEqual(states, [("done",)] * 2)

    def test_one_that_is_broken_keeps_no_other(self):
        bad, good = self._begin(), self._begin()
        model = self.registry["crm.gdpr.request"]
        refuse_first = model._refuse_first

        def stumble(request):
            if request.id == bad:
                raise ZeroDivisionError(NAME)
            return refuse_first(request)

        with patch.object(model, "_refuse_first", stumble), self.assertLogs(previewing.__name__, "WARNING") as logs:
            self._run_job_of_odoo("ir_cron_preview")
        states = dict(self._look("SELECT id, state FROM crm_gdpr_request WHERE id = ANY(%s)", [bad, good]))
        self.assertEqual(states, {bad: "previewing", good: "planned"})
        self.assertIn("ZeroDivisionError", logs.output[0])
        self.assertNotIn(NAME, "".join(logs.output))

    def test_where_something_waits_after_all_the_job_is_called_again(self):
        self._begin()
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM ir_cron_trigger WHERE cron_id = %s", [self._job_id()])
        with patch.object(self.registry["crm.gdpr.request"], "_work_on_preview", return_value=False):
            self._run_job()
        self.assertTrue(self._look("SELECT id FROM ir_cron_trigger WHERE cron_id = %s", self._job_id()))

    def _job_id(self):
        return self.env.ref("crm_gdpr.ir_cron_preview").id

    def _states(self, request_id):
        return self._look("SELECT state FROM crm_gdpr_request_line WHERE request_id = %s ORDER BY id", request_id)

    def test_killed_anywhere_it_goes_on_where_it_was(self):
        request_id = self._begin()
        looked_at = self._count_rehearsals()
        part = self.registry["crm.gdpr.request"]._preview_part
        killed = []

        def kill(request, size=None):
            done = part(request, size)
            request.env.flush_all()  # all but the commit
            if len(killed) < 3 and len(looked_at) > len(killed):
                killed.append(len(looked_at))
                if len(killed) != 2:
                    raise KeyboardInterrupt
            return done

        with patch.object(self.registry["crm.gdpr.request"], "_preview_part", kill):
            for _attempt in range(4):
                try:
                    self._run_job()
                    break
                except KeyboardInterrupt:
                    pass
        self.assertEqual(len(killed), 3)
        self.assertEqual(self._look("SELECT state FROM crm_gdpr_request WHERE id = %s", request_id), [("planned",)])
        self.assertEqual(set(self._states(request_id)), {("planned",)})
        # the first part was undone by the kill, the second one's was committed and is not looked at again
        first, again, second, second_again, third = looked_at
        self.assertEqual((first, second), (again, second_again))
        self.assertFalse(set(first) & set(second) | set(second) & set(third))
        self.assertEqual(len(self._entries(request_id, "planned")), 1)

    def test_stopped_in_the_middle_of_a_part_it_stops_after_it(self):
        request_id = self._begin()
        rehearse = self.registry["crm.gdpr.request.line"]._rehearse
        stopped = []

        def stop(lines, samples=0):
            if not stopped:
                stopped.append(True)
                with self.registry.cursor() as cr:
                    cr.execute("SET LOCAL lock_timeout = '2s'")
                    self._request(cr, request_id).action_stop()
            return rehearse(lines, samples)

        with patch.object(self.registry["crm.gdpr.request.line"], "_rehearse", stop):
            self._run_job()
        self.assertEqual(self._look("SELECT state FROM crm_gdpr_request WHERE id = %s", request_id), [("draft",)])
        self.assertEqual(self._states(request_id), [("planned",)] * 3 + [("draft",)] * 5)

    def test_two_jobs_look_at_each_person_once(self):
        request_id = self._begin()
        looked_at = self._count_rehearsals()
        rehearse = self.registry["crm.gdpr.request.line"]._rehearse
        others = []

        def meanwhile(lines, samples=0):
            """Another server does as much as it can while this one is in the middle of its first part."""
            if not others:
                others.append(True)
                self._run_job()
            return rehearse(lines, samples)

        with patch.object(self.registry["crm.gdpr.request.line"], "_rehearse", meanwhile), mute_logger("odoo.sql_db"):
            self._run_job()
        self.assertEqual(self._look("SELECT state FROM crm_gdpr_request WHERE id = %s", request_id), [("planned",)])
        self.assertEqual(sorted(line_id for part in looked_at for line_id in part), sorted({*sum(looked_at, [])}))
        self.assertEqual(len(self._entries(request_id, "planned")), 1)
