import json
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.crm_gdpr_request_forget import SHOWN_DAYS
from .anonymise_case import EMAIL, NAME, AnonymiseCase

CLAIM = "Claim of Maria's neighbour"


@tagged("post_install", "-at_install")
class TestForget(AnonymiseCase):
    """What a request shows of persons is kept no longer than somebody decides by it."""

    def _previewed(self, *people, **values):
        request = self._request(people[0] if people else self._make_person(**values))
        request.action_preview()
        self.assertTrue(request.line_ids.sample)
        return request

    def _stored(self, request):
        """All that the database holds of the lines of a request."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT COALESCE(json_agg(line), '[]')::text FROM crm_gdpr_request_line line WHERE request_id = %s",
            [request.id],
        )
        return self.env.cr.fetchone()[0]

    def _make_older(self, request, days):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_gdpr_request_line SET write_date = %s WHERE request_id = %s",
            [fields.Datetime.now() - timedelta(days=days), request.id],
        )
        self.env.invalidate_all()

    def _forget(self):
        """What the daily job does."""
        job = self.env.ref("crm_gdpr.ir_cron_forget_shown")
        self.assertEqual((job.code, job.interval_type, job.active), ("model._cron_forget_shown()", "days", True))
        self.env[job.model_id.model]._cron_forget_shown()
        self.env.invalidate_all()

    def test_after_two_weeks_it_is_forgotten_by_a_job(self):
        request, younger = self._previewed(), self._previewed(email="b@example.com")
        self._make_older(request, SHOWN_DAYS + 1)
        self._make_older(younger, SHOWN_DAYS - 1)
        self._forget()
        self.assertFalse(request.line_ids.sample or request.sample)
        self.assertNotIn(EMAIL, self._stored(request))
        self.assertTrue(younger.line_ids.sample)
        self.assertEqual((request.state, request.line_ids.state), ("planned", "planned"))
        self.assertTrue(request.report, "what is counted stays")

    def test_what_was_previewed_before_can_be_carried_out_all_the_same(self):
        request = self._previewed()
        self._make_older(request, SHOWN_DAYS + 1)
        self._forget()
        request.action_carry_out()
        self._carry_out(request)
        self.assertEqual(request.line_ids.state, "done")

    def test_when_it_is_done_nothing_of_those_who_were_left_is_shown(self):
        person, left = self._make_person(), self._make_contact("Piet Boer", email="piet@boer.example")
        request = self._request(person | left)
        request.action_preview()
        request.action_carry_out()
        left.street = "Elsewhere 1"
        self._carry_out(request)
        self.assertEqual(request.state, "done")
        self.assertNotIn("piet@boer.example", self._stored(request))
        stored = self._request(self._make_contact("Jan Vis", email="jan@vis.example"))
        stored.action_preview()
        stored.sudo().state = "done"  # however it ends
        self.assertNotIn("jan@vis.example", self._stored(stored))

    def test_what_is_shown_of_somebody_else_is_emptied_where_it_has_a_value_of_who_is_done(self):
        person, other = self._make_person(), self._make_contact("Piet Boer", email="piet@boer.example")
        other.comment = f"<p>Sister: {EMAIL}</p>"
        others = self._previewed(other)
        request = self._request(person | self._make_contact("Jan Vis", comment=f"<p>Brother of {EMAIL}</p>"))
        request.action_preview()
        self.assertIn(EMAIL, self._stored(others))
        self.assertIn(EMAIL, json.dumps(request.line_ids[1].sample))
        request.action_carry_out()
        identities = request.sudo().line_ids[0]._carry_out()
        self.env.flush_all()
        request.sudo()._search_remains(identities)
        self.env.invalidate_all()
        self.assertEqual(request.line_ids.mapped("state"), ["done", "planned"])
        self.assertNotIn(EMAIL, self._stored(others) + self._stored(request))
        self.assertFalse(request.line_ids[0].residue)
        self._carry_out(request)
        self.assertEqual(set(request.line_ids.mapped("state")), {"done"})

    def test_cancelled_or_deleted_nothing_is_left(self):
        request = self._previewed()
        request.action_cancel()
        self.assertNotIn(EMAIL, self._stored(request))
        gone = self._previewed(email="gone@example.com")
        gone.unlink()
        self.assertEqual(self._stored(gone), "[]")

    def test_of_a_contact_that_somebody_deleted_nothing_is_left(self):
        person = self._make_person()
        request = self._previewed(person)
        person.unlink()
        self._forget()
        self.assertNotIn(EMAIL, self._stored(request))

    def test_why_somebody_is_on_hold_is_told_by_the_hold_alone_in_the_end(self):
        person = self._make_person()
        hold = self.env["crm.gdpr.hold"].with_user(self.officer).create({"partner_id": person.id, "reason": CLAIM})
        request = self._request(person | self._make_contact("Piet Boer"))
        request.action_preview()
        held = request.line_ids[0]
        self.assertIn(CLAIM, held.reason)
        request.action_carry_out()
        self._carry_out(request)
        self.assertNotIn(json.dumps(CLAIM)[1:-1], self._stored(request))
        self.assertIn(CLAIM, held.reason, "as long as it holds an officer reads it")
        hold.action_release()
        self.env.invalidate_all()
        self.assertEqual(held.reason, "On hold: …")

    def test_the_job_finds_what_to_forget_by_an_index(self):
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute(
            """
            EXPLAIN SELECT FROM crm_gdpr_request_line WHERE (jsonb_typeof(sample) = 'array'
                OR problem->>'code' = 'hold' AND problem->>'text' <> '…') AND write_date < now()
            """
        )
        self.assertIn("crm_gdpr_request_line_telling", str(self.env.cr.fetchall()))


@tagged("post_install", "-at_install")
class TestProblem(AnonymiseCase):
    """Whoever could not be anonymised is told of until somebody looks again."""

    def test_why_somebody_was_left_stays_beside_them_when_the_others_are_done(self):
        held, failing, done = (self._make_contact(name) for name in ("Ann Held", "Bob Fails", "Cis Goes"))
        hold = self.env["crm.gdpr.hold"].with_user(self.officer).create({"partner_id": held.id, "reason": "Case 7"})
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE res_partner ADD CONSTRAINT test_bob CHECK (id <> %s OR active)", [failing.id])
        request = self._request(held | failing | done)
        with mute_logger("odoo.sql_db"):
            request.action_preview()
        lines = dict(zip(("held", "failing", "done"), request.line_ids, strict=True))
        self.assertEqual(lines["held"].state, "refused")
        self.assertEqual(lines["failing"].state, "failed")
        reasons = {name: lines[name].reason for name in ("held", "failing")}
        self.assertIn("test_bob", reasons["failing"])
        request.action_carry_out()
        self._carry_out(request)
        self.assertEqual((request.state, lines["done"].state), ("done", "done"))
        self.assertEqual({name: lines[name].reason for name in ("held", "failing")}, reasons)
        self.assertEqual(request.problem_count, 2)
        # another look renews it
        hold.action_release()
        self.env.cr.execute("ALTER TABLE res_partner DROP CONSTRAINT test_bob")
        request.action_preview_changed()
        self.assertEqual(set(request.line_ids.mapped("state")), {"planned", "done"})
        self.assertFalse(any(line.problem for line in request.line_ids))
        self.assertNotIn("hold", "".join(request.line_ids.mapped("reason")))


@tagged("post_install", "-at_install")
class TestShared(AnonymiseCase):
    """That an address is others' as well is told before anything is done."""

    def test_the_preview_tells_that_an_address_stays_with_others(self):
        person = self._make_person()
        other = self._make_contact("Piet van Dalen", email=EMAIL)
        request = self._request(person)
        request.action_preview()
        self.assertIn("1 × E-mail address or phone number that others have as well", request.line_ids.reason)
        self.assertIn("o_gdpr_shared", request.report)
        request.action_carry_out()
        self._carry_out(request)
        self.assertEqual(other.email, EMAIL)
        self.assertFalse(self.env["crm.gdpr.kept"].search([("partner_id", "=", person.id)]))
        self.assertEqual(person.gdpr_state, "anonymised")

    def test_where_it_is_nobody_elses_nothing_is_said(self):
        request = self._request(self._make_person())
        request.action_preview()
        self.assertFalse(request.line_ids.reason)
        self.assertNotIn("o_gdpr_shared", request.report)

    def test_one_who_goes_in_the_same_request_is_nobody_else(self):
        request = self._request(self._make_person() | self._make_contact("Piet van Dalen", email=EMAIL))
        request.action_preview()
        self.assertFalse(any(request.line_ids.mapped("reason")))


@tagged("post_install", "-at_install")
class TestNoted(AnonymiseCase):
    """Who made a request, and that its reason was changed, is in the log."""

    def _entries(self, request):
        log = self.env["crm.gdpr.log"].search([], order="number")
        return [entry for entry in log if entry.details.get("request") == request.id]

    def test_making_a_request_and_changing_its_reason_are_noted(self):
        second = self._make_user("second_officer", "crm_gdpr.group_privacy_officer")
        request = self._request(self._make_person())
        request.with_user(second).reason = "retention"
        request.with_user(second).reason = "retention"  # no change
        entries = self._entries(request)
        told = [(entry.event, entry.user_ref, entry.counts) for entry in entries]
        counts = {"crm.gdpr.request.line": 1}
        self.assertEqual(told, [("made", self.officer.id, counts), ("reason_changed", second.id, counts)])
        for entry in entries:
            everything = json.dumps([entry.details, entry.counts, entry.subjects])
            for text in ("retention", "Kept long enough", NAME, EMAIL):
                self.assertNotIn(text, everything)
