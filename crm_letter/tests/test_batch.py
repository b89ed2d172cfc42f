from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError
from psycopg2.errors import DeadlockDetected, LockNotAvailable, NotNullViolation, SerializationFailure

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import crm_letter_batch_job
from .common import LetterCase, needs_printer


class Killed(BaseException):
    """The server dies."""


class BatchCase(LetterCase):
    def setUp(self):
        super().setUp()
        self.patch(crm_letter_batch_job, "CHUNK", 2)

    def _make_customers(self, count):
        return self.env["res.partner"].union(
            *(self._make_customer(f"Customer {number}", zip=f"{50000 + number}") for number in range(count))
        )

    def _start(self, partners, **values):
        batch = self._prepare(partners, **values)
        batch.action_print()
        return batch

    def _states(self, batch):
        return [letter.state for letter in batch.sudo().letter_ids.sorted("position")]


@tagged("post_install", "-at_install")
class TestBatchList(BatchCase):
    def test_who_gets_none_is_listed_before_with_the_reason(self):
        fine = self._make_customer("Fine")
        cases = {
            "no_address": self._make_customer("No street", street=False),
            "archived": self._make_customer("Archived", active=False),
            "blacklisted": self._make_customer("Unwilling", email="no@example.com"),
            "company": self._make_customer("Elsewhere", company_id=self.env["res.company"].create({"name": "E"}).id),
            "double": self._make_customer("Fine"),
        }
        self.env["mail.blacklist"].create({"email": "no@example.com"})
        # Whoever is of another company is not seen in this one.
        expected = {**cases, "out_of_reach": cases.pop("company")}
        expected.pop("company")
        batch = self._prepare([fine, *expected.values()])
        found = {letter.reason: letter.partner_id for letter in batch.sudo().letter_ids if letter.state == "left_out"}
        self.assertEqual(found, expected)
        self.assertEqual((batch.recipient_count, batch.left_out_count), (1, 5))
        batch.leaves_out_blacklisted = False
        batch.invalidate_recordset()
        self.assertEqual((batch.recipient_count, batch.left_out_count), (2, 4))

    def test_anonymised_customers_get_none(self):
        if "gdpr_state" not in self.env["res.partner"]._fields:
            self.skipTest("crm_gdpr is not installed")
        self.customer.sudo().gdpr_state = "anonymised"
        self.assertEqual(self._prepare(self.customer).sudo().letter_ids.reason, "anonymised")

    def test_the_order_is_that_of_the_addresses(self):
        partners = [
            self._make_customer("D", "us", zip="1"),
            self._make_customer("C", "nl", zip="0"),
            self._make_customer("B", zip="99999", street="B"),
            self._make_customer("A2", zip="10000", street="B"),
            self._make_customer("A1", zip="10000", street="A"),
        ]
        batch = self._prepare(partners)
        self.assertEqual(batch.letter_ids.sorted("position").mapped("partner_id.name"), ["A1", "A2", "B", "C", "D"])

    def test_a_customer_is_on_it_once(self):
        batch = self._prepare([self.customer, self.customer])
        self.assertEqual(batch.recipient_count, 1)
        letter = batch.sudo().letter_ids
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            letter.copy({"batch_id": batch.id, "state": "waiting"})

    def test_nobody_is_no_batch(self):
        with self.assertRaisesRegex(UserError, "no customer"):
            self._prepare([])
        batch = self._prepare(self._make_customer("Gap", street=False))
        with self.assertRaisesRegex(UserError, "Nobody"):
            batch.action_print()

    def test_hundreds_are_prepared_in_few_queries(self):
        few, many = self._make_customers(5), self._make_customers(120)
        self._prepare(few)
        with self.assertQueryCount(self._queries(few) + 25):
            self._prepare(many)

    def _queries(self, partners):
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self._prepare(partners)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before


@tagged("post_install", "-at_install")
class TestBatchMerge(BatchCase):
    def _merge(self, partners, into):
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(partners.ids, into)
        self.env.invalidate_all()

    @needs_printer
    def test_customers_who_wait_for_the_same_letter_are_merged_and_get_one(self):
        partners = self._make_customers(3)
        batch = self._start(partners)
        self._merge(partners[:2], partners[1])
        self.assertEqual(self._states(batch), ["waiting", "left_out", "waiting"])
        self.assertEqual(batch.sudo().letter_ids.sorted("position")[1].reason, "double")
        self._run_job()
        self.assertEqual((batch.state, batch.printed_count), ("done", 2))
        self.assertEqual(len(self._documents(partners[1])), 1)

    @needs_printer
    def test_customers_who_got_it_both_are_merged_and_keep_both(self):
        partners = self._make_customers(2)
        batch = self._start(partners)
        self._run_job()
        self._merge(partners, partners[0])
        self.assertEqual(self._states(batch), ["printed", "printed"])
        self.assertEqual(batch.sudo().letter_ids.partner_id, partners[0])
        self.assertEqual(len(self._documents(partners[0])), 2)
        self.assertTrue(self._as(self.sales, batch)._with_readable_pdf())

    @needs_printer
    def test_who_has_it_gets_no_second_one_for_the_other(self):
        partners = self._make_customers(4)
        batch = self._start(partners)
        batch.sudo()._print_chunk()
        self._merge(partners[1] | partners[2], partners[2])
        self.assertEqual(self._states(batch), ["printed", "printed", "left_out", "waiting"])

    def test_on_a_draft_that_is_looked_through_again_the_other_stays_left_out(self):
        partners = self._make_customers(2)
        batch = self._prepare(partners)
        self._merge(partners, partners[0])
        batch.leaves_out_blacklisted = False
        self.assertEqual(self._states(batch), ["waiting", "left_out"])


@tagged("post_install", "-at_install")
class TestBatchPrint(BatchCase):
    @needs_printer
    def test_one_pdf_in_the_order_of_the_addresses_and_each_one_filed(self):
        partners = self._make_customers(5)
        batch = self._start(partners)
        self._run_job()
        self.assertEqual((batch.state, batch.progress, batch.printed_count), ("done", 100, 5))
        pages = self._pages(batch.sudo().attachment_id.raw)
        self.assertEqual([f"Customer {number}" in pages[number] for number in range(5)], [True] * 5)
        for partner in partners:
            document = self._documents(partner)
            self.assertEqual(len(document), 1)
            self.assertIn(partner.name, self._pages(document.raw)[0])
            self.assertEqual(len(self._history(partner)), 1)
            self.assertEqual(self._history(partner).author_id, self.sales.partner_id)
        self.assertEqual(self._documents(batch), batch.sudo().attachment_id, "No part is left over")

    @needs_printer
    def test_place_and_date_are_those_that_the_batch_was_printed_with(self):
        batch = self._prepare(self.customer)
        batch.write({"place": "Potsdam", "date": "2031-05-04"})
        batch.action_print()
        self._run_job()
        letter = batch.sudo().letter_ids
        self.assertEqual((letter.place, str(letter.date)), ("Potsdam", "2031-05-04"))
        self.assertIn("Potsdam, 05/04/2031", self._pages(letter.attachment_id.raw)[0])
        self.assertTrue(letter.attachment_id.name.startswith("2031-05-04"))

    @needs_printer
    def test_a_template_that_is_edited_meanwhile_changes_neither_texts_nor_languages(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.template.with_context(lang="de_DE").subject = "Besuch bei {{ object.name }}"
        partners = self._make_customers(4)
        (partners[1] | partners[3]).lang = "de_DE"
        batch = self._start(partners)
        batch.sudo()._print_chunk()
        self.template.write({"subject": "Changed", "body": "<p>Changed</p>", "lang": "en_US"})
        self.template.with_context(lang="de_DE").subject = "Geändert"
        self._run_job()
        self.assertEqual((batch.state, batch.is_edited), ("done", False))
        said = {letter.partner_id: (letter.subject, letter.lang) for letter in batch.sudo().letter_ids}
        words = (("Visit at", "en_US"), ("Besuch bei", "de_DE"))
        expected = [(f"{words[n % 2][0]} Customer {n}", words[n % 2][1]) for n in range(4)]
        self.assertEqual([said[partner] for partner in partners], expected)
        self.template.unlink()
        self.assertFalse(batch.exists().template_id)

    @needs_printer
    def test_whether_a_text_was_edited_does_not_depend_on_the_language_of_who_prints(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.template.with_context(lang="de_DE").subject = "Besuch bei {{ object.name }}"
        batch = self._prepare(self.customer)
        self.template.closing = "Changed since"
        for lang in ("en_US", "de_DE"):
            with self.subTest(lang=lang):
                self.customer.lang = lang
                sample = batch.with_context(lang="de_DE")._get_sample()
                self.assertEqual(sample.subject.split()[0], {"en_US": "Visit", "de_DE": "Besuch"}[lang])
                self.assertEqual(sample.closing, "Kind regards")
        batch.subject = "Own {{ object.name }}"
        batch.action_print()
        self.assertTrue(batch.is_edited)
        self._run_job()
        self.assertEqual(batch.sudo().letter_ids.subject, "Own Anna & Co <GmbH>")

    @needs_printer
    def test_a_server_that_dies_prints_nobody_twice(self):
        partners = self._make_customers(5)
        batch = self._start(partners)
        letters = type(self.env["crm.letter"])
        tell, calls = letters._tell, []

        def die_in_the_second_chunk(records):
            calls.append(records)
            if len(calls) == 2:
                raise Killed
            return tell(records)

        with patch.object(letters, "_tell", die_in_the_second_chunk):
            self._run_job(expected=Killed)
        self.assertEqual(self._states(batch), ["printed", "printed", "waiting", "waiting", "waiting"])
        self.assertEqual(batch.state, "running")
        self._run_job()
        self.assertEqual(batch.state, "done")
        self.assertEqual([len(self._documents(partner)) for partner in partners], [1] * 5)
        self.assertEqual([len(self._history(partner)) for partner in partners], [1] * 5)
        self.assertEqual(len(self._pages(batch.sudo().attachment_id.raw)), 5)

    @needs_printer
    def test_it_can_be_stopped_and_continued(self):
        batch = self._start(self._make_customers(3))
        batch.action_stop()
        self._run_job()
        self.assertEqual(self._states(batch), ["waiting"] * 3)
        batch.action_continue()
        self._run_job()
        self.assertEqual((batch.state, self._states(batch)), ("done", ["printed"] * 3))

    @needs_printer
    def test_who_writes_at_the_same_moment_does_not_stop_it(self):
        batch = self._start(self._make_customers(3))
        for error in (SerializationFailure, DeadlockDetected, LockNotAvailable):
            with self.subTest(error=error):
                calls = self._print_after(error("could not serialize access"), times=1)
                self.assertEqual((batch.state, batch.stop_reason), ("running", False))
                self.assertEqual(len(calls), 2)
        self._run_job()
        self.assertEqual((batch.state, self._states(batch)), ("done", ["printed"] * 3))

    def _print_after(self, error, times):
        """A chunk that cannot be written a few times."""
        batches, calls = type(self.env["crm.letter.batch"]), []

        def fail_at_first(records):
            calls.append(records)
            if len(calls) <= times:
                raise error
            return 0

        with patch.object(batches, "_print_chunk", fail_at_first), self.enter_registry_test_mode():
            self.env.flush_all()
            with self.registry.cursor() as cr:
                job = api.Environment(cr, SUPERUSER_ID, {})["crm.letter.batch"]
                job.search([("state", "=", "running")])._print_chunk_safely()
        self.env.invalidate_all()
        return calls

    @needs_printer
    def test_who_always_writes_at_the_same_moment_leaves_it_running_for_the_next_time(self):
        batch = self._start(self._make_customers(1))
        with self.assertRaises(SerializationFailure):
            self._print_after(SerializationFailure("could not serialize access"), times=100)
        self.assertEqual(batch.state, "running")

    @needs_printer
    def test_why_it_stopped_is_said_without_sql(self):
        batch = self._start(self._make_customers(1))
        self._print_after(NotNullViolation('null value in column "x" of relation "crm_letter"'), times=1)
        self.assertEqual(batch.state, "stopped")
        self.assertIn("database", batch.stop_reason)
        self.assertNotIn("crm_letter", batch.stop_reason)

    @needs_printer
    def test_files_of_finished_and_of_stopped_batches_go_after_60_days(self):
        partners = self._make_customers(5)
        done = self._start(partners[3:])
        self._run_job()
        stopped = self._start(partners[:3])
        stopped.sudo()._print_chunk()
        stopped.action_stop()
        files = done.sudo().attachment_id | stopped.sudo().letter_ids.part_id
        self.assertEqual(len(files), 2)
        for days, left in ((59, 2), (61, 0)):
            with self.subTest(days=days), freeze_time(fields.Datetime.now() + timedelta(days=days)):
                self.env["crm.letter.batch"]._gc_batches()
                self.assertEqual(len(files.exists()), left)
        self.assertTrue(all(len(self._documents(partner)) == 1 for partner in partners[3:] | partners[:2]))

    @needs_printer
    def test_pressed_twice_it_starts_once(self):
        batch = self._start(self._make_customers(2))
        batch.action_print()
        self._run_job()
        batch.action_print()
        self._run_job()
        self.assertEqual([len(self._documents(partner)) for partner in batch.letter_ids.partner_id], [1, 1])

    @needs_printer
    def test_what_fails_for_one_does_not_keep_the_others(self):
        partners = self._make_customers(3)
        partners[2].ref = "unheard of"
        self.template.subject = "{{ {'known': 'x'}[object.ref or 'known'] }}"
        batch = self._start(partners)
        self._run_job()
        self.assertEqual(self._states(batch), ["printed", "printed", "failed"])
        self.assertTrue(batch.sudo().letter_ids.sorted("position")[2].failure)
        self.assertEqual(len(self._pages(batch.sudo().attachment_id.raw)), 2)

    @needs_printer
    def test_who_may_not_get_it_any_more_when_it_is_printed_does_not(self):
        partners = self._make_customers(3)
        batch = self._start(partners)
        partners[0].active = False
        partners[1].street = False
        self._run_job()
        self.assertEqual(self._states(batch), ["left_out", "left_out", "printed"])

    @needs_printer
    def test_letters_from_projects_are_filed_there(self):
        lead = self._make_lead(partner_id=self.customer.id, company_id=False)
        batch = self._as(self.sales, self.env["crm.letter.batch"])._prepare_batch(
            [(self.customer.id, lead.id)], template_id=self.template.id
        )
        batch.action_print()
        self._run_job()
        self.assertEqual(len(self._documents(lead)), 1)
        self.assertFalse(self._documents(self.customer))

    @needs_printer
    def test_the_number_of_starts_of_the_printer_is_that_of_chunks(self):
        self.patch(crm_letter_batch_job, "CHUNK", 20)
        report = type(self.env["ir.actions.report"])
        run, starts = report._run_wkhtmltopdf, []

        def count(records, *args, **kwargs):
            starts.append(1)
            return run(records, *args, **kwargs)

        self.env["crm.letter"]._get_zoom()
        batch = self._start(self._make_customers(40))
        with patch.object(report, "_run_wkhtmltopdf", count):
            self._run_job()
        self.assertEqual((batch.state, len(starts)), ("done", 4), "Two per chunk: letters, and their paper")
