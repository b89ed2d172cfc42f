"""Nobody waits for the log: long work holds it for a moment at its end, and each thing that was done has its entry."""

from unittest.mock import patch

from psycopg2.errors import LockNotAvailable

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..access.export import Export
from ..engine.run import Run
from ..wizards import crm_gdpr_search
from .anonymise_case import AnonymiseCase
from .committed_case import NAME, CommittedCase


class LongWork(CommittedCase):
    def _running_request(self, number):
        request_id = self._make_request(number)
        with self.registry.cursor() as cr:
            request = self._request(cr, request_id)
            request.action_preview()
            request.action_carry_out()
        return request_id

    def _run_job(self, name="_cron_carry_out"):
        with self.registry.cursor() as cr:
            requests = self._env(cr)["crm.gdpr.request"]
            # what is committed step by step on a server
            context = {"cron_id": self.env.ref("crm_gdpr.ir_cron_carry_out").id}
            getattr(requests.with_context(**context), name)()

    def _states(self, request_id):
        lines = self._look("SELECT state FROM crm_gdpr_request_line WHERE request_id = %s ORDER BY id", request_id)
        return [state for (state,) in lines]

    def _assert_each_has_an_entry(self, request_id, number):
        self.assertEqual(sum(entry["persons"] for entry in self._entries(request_id, "carried_out")), number)
        with self.registry.cursor() as cr:
            log = self._env(cr)["crm.gdpr.log"]
            self.assertEqual(log._verify(), [])
            people = self._env(cr)["res.partner"].browse(self.people_ids)
            for fingerprint in log._get_fingerprints(people):
                cr.execute(
                    SQL("SELECT count(*) FROM crm_gdpr_log WHERE event = 'carried_out' AND subjects ? %s", fingerprint)
                )
                self.assertEqual(cr.fetchone(), (1,))


@tagged("post_install", "-at_install")
class TestCarryingOut(LongWork):
    def test_another_officer_does_not_wait_while_a_part_is_anonymised(self):
        request_id = self._running_request(4)
        erase, others = Run.erase, []

        def meanwhile(run):
            erase(run)
            if not others:
                others.append(True)
                self._append_at_once()

        with patch.object(Run, "erase", meanwhile), mute_logger("odoo.sql_db"):
            self._run_job()
        self.assertEqual(self._states(request_id), ["done"] * 4)
        self._assert_each_has_an_entry(request_id, 4)

    def test_nor_while_those_of_a_part_are_anonymised_in_halves(self):
        request_id = self._running_request(4)
        erase, turns = Run.erase, []

        def meanwhile(run):
            turns.append(len(run.persons))
            if len(turns) in (1, 4):  # all together: once, and once more after somebody else appended
                raise ZeroDivisionError
            erase(run)
            if len(turns) == 3:  # the second half of the first try
                self._append_at_once()

        with patch.object(Run, "erase", meanwhile), mute_logger("odoo.sql_db"):
            self._run_job()
        self.assertEqual(self._states(request_id), ["done"] * 4)
        self._assert_each_has_an_entry(request_id, 4)
        self.assertEqual(len(self._entries(request_id, "carried_out")), 1)

    def test_whom_another_server_is_at_a_job_leaves_to_it_and_each_is_anonymised_once(self):
        request_id = self._running_request(4)
        with self.registry.cursor() as other_server:
            query = "SELECT id FROM crm_gdpr_request_line WHERE request_id = %s ORDER BY id LIMIT 2 FOR UPDATE"
            other_server.execute(SQL(query, request_id))
            self._run_job()
            self.assertEqual(self._states(request_id), ["planned"] * 2 + ["done"] * 2)
            self.assertEqual(self._look("SELECT state FROM crm_gdpr_request WHERE id = %s", request_id), [("running",)])
            other_server.rollback()
        self._run_job()
        self.assertEqual(self._states(request_id), ["done"] * 4)
        self.assertEqual(self._look("SELECT state FROM crm_gdpr_request WHERE id = %s", request_id), [("done",)])
        self._assert_each_has_an_entry(request_id, 4)

    def test_who_stops_a_request_has_its_row_before_the_log(self):
        """As the job does: or each would wait for what the other one has."""
        request_id = self._running_request(2)
        model = self.registry["crm.gdpr.log.head"]
        lock, found = model._lock, []

        def look_from_outside(head):
            with self.registry.cursor() as cr:
                try:
                    cr.execute("SELECT FROM crm_gdpr_request WHERE id = %s FOR UPDATE NOWAIT", [request_id])
                    found.append("free")
                except LockNotAvailable:
                    found.append("locked")
                    cr.rollback()
            return lock(head)

        with patch.object(model, "_lock", look_from_outside), mute_logger("odoo.sql_db"):
            with self.registry.cursor() as cr:
                self._request(cr, request_id).action_stop()
            self.assertEqual(found, ["locked"])
            with self.registry.cursor() as cr:
                self._request(cr, request_id).action_carry_out()
            self._run_job()
        self.assertEqual(set(found), {"locked"})

    def test_who_stops_a_request_does_not_wait_while_a_part_is_anonymised(self):
        request_id = self._running_request(3)
        erase, stopped = Run.erase, []

        def stop(run):
            erase(run)
            if not stopped:
                stopped.append(True)
                with self.registry.cursor() as cr:
                    cr.execute("SET LOCAL lock_timeout = '2s'")
                    self._request(cr, request_id).action_stop()

        with patch.object(Run, "erase", stop), mute_logger("odoo.sql_db"):
            self._run_job()
        self.assertEqual(self._look("SELECT state FROM crm_gdpr_request WHERE id = %s", request_id), [("stopped",)])

    def test_killed_before_the_commit_there_is_neither_the_deed_nor_its_entry(self):
        request_id = self._running_request(3)
        with (
            patch.object(self.registry["ir.cron"], "_commit_progress", side_effect=KeyboardInterrupt),
            self.assertRaises(KeyboardInterrupt),
        ):
            self._run_job()
        self.assertEqual(self._states(request_id), ["planned"] * 3)
        self.assertEqual(self._entries(request_id, "carried_out"), [])
        self._run_job()
        self._assert_each_has_an_entry(request_id, 3)

    def test_killed_after_the_commit_there_are_both(self):
        request_id = self._running_request(3)
        with (
            patch.object(self.registry["crm.gdpr.request"], "_clean_up", side_effect=KeyboardInterrupt),
            self.assertRaises(KeyboardInterrupt),
        ):
            self._run_job()
        self.assertEqual(self._states(request_id), ["done"] * 3)
        self._assert_each_has_an_entry(request_id, 3)

    def test_what_others_note_during_the_search_for_remains_neither_waits_nor_has_it_done_again(self):
        request_id = self._running_request(2)
        model = self.registry["crm.gdpr.request"]
        scan, clean, times = model._scan, model._clean, {"scan": 0, "clean": 0}

        def slow_scan(request, identities):
            times["scan"] += 1
            found = scan(request, identities)
            self._append_at_once()
            return found

        def counted_clean(request, identities, hits):
            times["clean"] += 1
            return clean(request, identities, hits)

        with patch.object(model, "_scan", slow_scan), patch.object(model, "_clean", counted_clean):
            self._run_job()
        self.assertEqual(times, {"scan": 1, "clean": 1})
        self.assertEqual(len(self._entries(request_id, "scanned")), 1)
        self.assertEqual(self._look("SELECT state FROM crm_gdpr_request WHERE id = %s", request_id), [("done",)])

    def test_an_officer_works_while_another_ones_preview_is_made(self):
        request_id = self._make_request(3)
        rehearse = self.registry["crm.gdpr.request.line"]._rehearse

        def meanwhile(lines, samples=0):
            found = rehearse(lines, samples)
            self._append_at_once()
            return found

        with self.registry.cursor() as cr, mute_logger("odoo.sql_db"):
            request = self._request(cr, request_id)
            request.sudo()._set_back()
            with patch.object(self.registry["crm.gdpr.request.line"], "_rehearse", meanwhile):
                request.sudo()._preview()
            cr.rollback()
        self.assertEqual(self._states(request_id), ["draft"] * 3)


@tagged("post_install", "-at_install")
class TestReading(LongWork):
    """What only reads: the search by hand, and the archive of a person."""

    def test_what_is_searched_for_is_out_of_the_database_before_the_search_begins(self):
        typed = {"person_name": NAME, "email": "ulrika@commitment.example", "phone": "+31612340000", "other": "Kade 1"}
        with self.registry.cursor() as cr:
            search_id = self._env(cr, self.officer_id)["crm.gdpr.search"].create(typed).id
        seen = []
        scan_values = crm_gdpr_search.scan_values

        def slow(env, identity, limit):
            seen.append(self._look("SELECT id FROM crm_gdpr_search WHERE id = %s", search_id))
            self.assertEqual((identity.names, identity.texts), ({NAME}, {"Kade 1"}))
            found = scan_values(env, identity, limit=limit)
            self._append_at_once()
            return found

        before = self._look("SELECT count(*) FROM crm_gdpr_log WHERE event = 'scanned'")[0][0]
        with patch.object(crm_gdpr_search, "scan_values", slow), self.registry.cursor() as cr:
            search = self._env(cr, self.officer_id)["crm.gdpr.search"].browse(search_id)
            found = search.browse(search.action_search()["res_id"])
            self.assertTrue(found.is_searched)
            self.assertEqual([found[name] for name in typed], [False] * 4)
            self.addCleanup(self._look, "DELETE FROM crm_gdpr_search WHERE id = %s RETURNING id", found.id)
        self.assertEqual(seen, [[]])
        self.assertEqual(self._look("SELECT count(*) FROM crm_gdpr_log WHERE event = 'scanned'"), [(before + 1,)])

    def _search_with(self, lock):
        """A search by hand while the log cannot be had so easily; return what it shows."""
        with self.registry.cursor() as cr:
            search_id = self._env(cr, self.officer_id)["crm.gdpr.search"].create({"person_name": NAME}).id
        with (
            patch.object(crm_gdpr_search, "scan_values", return_value=([], [])),
            patch.object(self.registry["crm.gdpr.log.head"], "_wait_for", lock),
            mute_logger("odoo.sql_db", crm_gdpr_search.__name__),
            self.registry.cursor() as cr,
        ):
            search = self._env(cr, self.officer_id)["crm.gdpr.search"].browse(search_id)
            found = search.browse(search.action_search()["res_id"])
            told = found.is_searched, found.problem
            found.unlink()
        return told

    def test_a_search_waits_for_its_entry_and_is_not_made_once_more(self):
        wait, tries = self.registry["crm.gdpr.log.head"]._wait_for, []

        def busy_at_first(head):
            tries.append(True)
            if len(tries) < 2:
                raise LockNotAvailable
            wait(head)

        self.assertEqual(self._search_with(busy_at_first), (True, False))
        self.assertEqual(len(tries), 2)

    def test_where_it_gets_no_entry_its_result_is_shown_and_that(self):
        def busy(head):
            raise LockNotAvailable

        is_searched, problem = self._search_with(busy)
        self.assertTrue(is_searched)
        self.assertIn("could not be written to", problem)

    def test_a_search_that_breaks_off_has_forgotten_it_all_the_same(self):
        with self.registry.cursor() as cr:
            search_id = self._env(cr, self.officer_id)["crm.gdpr.search"].create({"person_name": NAME}).id
        with (
            patch.object(crm_gdpr_search, "scan_values", side_effect=KeyboardInterrupt),
            self.assertRaises(KeyboardInterrupt),
            self.registry.cursor() as cr,
        ):
            self._env(cr, self.officer_id)["crm.gdpr.search"].browse(search_id).action_search()
        self.assertEqual(self._look("SELECT id FROM crm_gdpr_search WHERE id = %s", search_id), [])

    def test_an_archive_is_made_while_others_work_and_is_noted_before_it_is_handed_over(self):
        self._make_request(1)
        write = Export.write

        def slow(export, file):
            counts = write(export, file)
            self._append_at_once()
            return counts

        with self.registry.cursor() as cr, patch.object(Export, "write", slow):
            env = self._env(cr, self.officer_id)
            wizard = env["crm.gdpr.access"].create({"partner_id": self.people_ids[0], "lang": "en_US"})
            before = self._look("SELECT count(*) FROM crm_gdpr_log WHERE event = 'exported'")[0][0]
            wizard._build().close()
            after = self._look("SELECT count(*) FROM crm_gdpr_log WHERE event = 'exported'")
            self.assertEqual(after, [(before + 1,)])
            cr.rollback()

    def test_an_entry_made_apart_is_the_officers_and_sealed_like_any_other(self):
        with self.registry.cursor() as cr:
            log = self._env(cr, self.officer_id)["crm.gdpr.log"]
            log.search_count([])  # from here on it sees the database as it is now
            self._append_at_once()
            log._append_apart("exported", counts={"found": 1})
        told = self._look("SELECT event, user_ref FROM crm_gdpr_log ORDER BY number DESC LIMIT 1")
        self.assertEqual(told, [("exported", self.officer_id)])
        with self.registry.cursor() as cr:
            self.assertEqual(self._env(cr)["crm.gdpr.log"]._verify(), [])


@tagged("post_install", "-at_install")
class TestReleasing(AnonymiseCase):
    def test_what_is_released_one_by_one_is_noted_once_at_the_end(self):
        people = self._make_contact("One") + self._make_contact("Two")
        kept = self.env["crm.gdpr.kept"].create(
            [
                {
                    "partner_id": person.id,
                    "res_model": "res.partner",
                    "res_id": person.id,
                    "why": "posted",
                    "until": fields.Date.from_string("2020-01-01"),
                }
                for person in people
            ]
        )
        together = self.registry["crm.gdpr.kept"]._release_together

        def stumble(rows, partners):
            if len(partners) > 1:
                raise ZeroDivisionError
            return together(rows, partners)

        log = self.env["crm.gdpr.log"]
        before = log.search_count([])
        with (
            patch.object(self.registry["crm.gdpr.kept"], "_release_together", stumble),
            mute_logger("odoo.addons.crm_gdpr.models.crm_gdpr_kept_release"),
        ):
            released = kept._release(people)
        self.assertEqual((released, log.search_count([])), (kept, before))
        kept._log_released(released)
        entry = log.search([], limit=1)
        self.assertEqual((entry.event, entry.counts, len(entry.subjects)), ("released", {"rows": 2}, 2))
