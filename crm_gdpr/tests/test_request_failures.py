from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..engine.run import Run
from .anonymise_case import EMAIL, NAME, AnonymiseCase


@tagged("post_install", "-at_install")
class TestFailures(AnonymiseCase):
    def _people(self, number):
        return self.env["res.partner"].create(
            [{"name": f"Person Number{n}", "email": f"person{n}@example.com"} for n in range(number)]
        )

    def test_one_bad_record_does_not_keep_the_others(self):
        people = self._people(5)
        request = self._request(people)
        request.action_preview()
        self.env.cr.execute(
            "ALTER TABLE res_partner ADD CONSTRAINT stubborn CHECK (id <> %s OR email IS NOT NULL)", [people[2].id]
        )
        request.action_carry_out()
        with mute_logger("odoo.sql_db"):
            self._carry_out(request)
        self.assertEqual(request.line_ids.mapped("state"), ["done", "done", "failed", "done", "done"])
        self.assertIn("stubborn", request.line_ids[2].reason)
        self.assertNotIn("person2", request.line_ids[2].reason)
        self.assertEqual(self._columns(people[2], "email", "active"), ("person2@example.com", True))
        self.assertEqual(self._columns(people[3], "email"), (None,))

    def test_columns_that_must_be_filled_or_unique_are_no_obstacle(self):
        people = self._people(3)
        people.street = "Kerkstraat 12"
        self.env.cr.execute("UPDATE res_partner SET vat = 'NL' || id")
        self.env.cr.execute("UPDATE res_partner SET street = '' WHERE street IS NULL")
        self.env.cr.execute("ALTER TABLE res_partner ALTER street SET NOT NULL")
        self.env.cr.execute("CREATE UNIQUE INDEX ON res_partner (vat)")
        vat = self.env["crm.gdpr.field"].search([("name", "=", "vat"), ("model", "=", "res.partner")])
        vat.write({"strategy": "fixed", "fixed_text": "none"})
        request = self._anonymise(people)
        self.assertEqual(set(request.line_ids.mapped("state")), {"done"})
        rows = [self._columns(person, "street", "vat") for person in people]
        self.assertEqual({street for street, _vat in rows}, {"…"})
        self.assertEqual(len({vat for _street, vat in rows}), 3)

    def test_when_it_breaks_in_the_middle_of_a_person_nothing_of_them_is_changed(self):
        person = self._make_person()
        lead = self._make_lead(person)
        request = self._request(person)
        request.action_preview()
        request.action_carry_out()
        last = self.env["crm.gdpr.log"].search([], limit=1)
        with patch.object(Run, "delete", side_effect=UserError("broken")):
            self._carry_out(request)
        self.assertEqual(request.line_ids.state, "failed")
        self.assertEqual((person.email, person.active, lead.contact_name), (EMAIL, True, NAME))
        self.assertFalse(self.env["crm.gdpr.log"].search([("event", "=", "carried_out"), ("number", ">", last.number)]))

    def test_a_thousand_persons_cost_the_same_queries_as_ten(self):
        def count(number):
            people = self._people(number)
            request = self._request(people)
            request.action_preview()
            request.action_carry_out()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            request.sudo().line_ids._carry_out()
            self.env.flush_all()
            self.assertEqual(set(request.line_ids.mapped("state")), {"done"})
            return self.env.cr.sql_log_count - before

        few, many = count(10), count(250)
        self.assertLess(many, 1.3 * few)

    def test_it_can_be_stopped_and_continued(self):
        people = self._people(3)
        request = self._request(people)
        request.action_preview()
        request.action_carry_out()
        request.sudo().line_ids[:1]._carry_out()
        request.action_stop()
        request.sudo()._finish({})
        self.assertEqual((request.state, request.done_count, request.open_count), ("stopped", 1, 2))
        request.action_carry_out()
        self._carry_out(request)
        self.assertEqual((request.state, request.done_count), ("done", 3))

    def test_one_that_was_stopped_when_all_were_done_is_closed(self):
        request = self._request(self._make_person())
        request.action_preview()
        request.action_carry_out()
        request.sudo().line_ids._carry_out()
        request.action_stop()
        request.action_carry_out()
        self.assertEqual((request.state, bool(request.done_at), request.scan_state), ("done", True, "broken"))

    def test_who_was_anonymised_is_in_the_log_as_a_fingerprint(self):
        person = self._make_person()
        self._anonymise(person)
        log = self.env["crm.gdpr.log"].search([("event", "=", "carried_out")], limit=1)
        self.assertEqual(log.subjects, self.env["crm.gdpr.log"]._get_fingerprints(person))
        self.assertEqual(log.user_ref, self.officer.id)
        self.assertGreaterEqual(log.date, fields.Datetime.now() - timedelta(minutes=1))
        told = f"{log.counts} {log.details} {log.handlers}"
        for text in (NAME, "Dalen", EMAIL):
            self.assertNotIn(text, told)
