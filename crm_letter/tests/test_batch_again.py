from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models import crm_letter_batch_job
from .common import needs_printer
from .test_batch import BatchCase


@tagged("post_install", "-at_install")
class TestBatchAgain(BatchCase):
    """Letters that failed, after what was in their way was mended."""

    def _fail(self, count=3, failing=1):
        self.template.subject = "{{ {'known': 'x'}[object.ref or 'known'] }}"
        partners = self._make_customers(count)
        partners[failing].ref = "unheard of"
        batch = self._start(partners)
        self._run_job()
        return batch, partners

    @needs_printer
    def test_what_failed_is_printed_again_and_nobody_else(self):
        batch, partners = self._fail()
        self.assertEqual((batch.state, self._states(batch)), ("done", ["printed", "failed", "printed"]))
        partners[1].ref = False
        batch.action_print_failed()
        self.assertEqual((batch.state, self._states(batch)), ("running", ["printed", "waiting", "printed"]))
        self._run_job()
        self.assertEqual((batch.state, self._states(batch)), ("done", ["printed"] * 3))
        self.assertEqual([len(self._documents(partner)) for partner in partners], [1] * 3)
        pages = self._pages(batch.sudo().attachment_id.raw)
        self.assertEqual(["Customer 1" in page for page in pages], [False, False, True], "The last page")
        self.assertEqual(self._documents(batch), batch.sudo().attachment_id, "No part is left over")
        self.assertTrue(self._as(self.sales, batch)._with_readable_pdf())

    @needs_printer
    def test_it_may_fail_again_and_the_pdf_stays(self):
        batch, _partners = self._fail()
        batch.action_print_failed()
        self._run_job()
        self.assertEqual((batch.state, self._states(batch)), ("done", ["printed", "failed", "printed"]))
        self.assertEqual(len(self._pages(batch.sudo().attachment_id.raw)), 2)

    @needs_printer
    def test_who_was_merged_with_somebody_who_has_it_gets_no_second_one(self):
        batch, partners = self._fail()
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(partners[:2].ids, partners[0])
        self.env.invalidate_all()
        batch.action_print_failed()
        self.assertEqual((batch.state, self._states(batch)), ("done", ["printed", "left_out", "printed"]))

    @needs_printer
    def test_of_letters_that_were_stopped_the_others_are_continued_first(self):
        self.patch(crm_letter_batch_job, "CHUNK", 2)
        self.template.subject = "{{ {'known': 'x'}[object.ref or 'known'] }}"
        partners = self._make_customers(4)
        partners[1].ref = "unheard of"
        batch = self._start(partners)
        batch.sudo()._print_chunk()
        batch.action_stop()
        with self.assertRaisesRegex(UserError, "continue them first"):
            batch.action_print_failed()
        self.assertEqual((batch.state, self._states(batch)), ("stopped", ["printed", "failed", "waiting", "waiting"]))

    @needs_printer
    def test_printed_again_it_is_finished_and_its_file_goes_60_days_later(self):
        batch, _partners = self._fail()
        with freeze_time(fields.Datetime.now() + timedelta(days=59)):
            batch.action_print_failed()
            self.assertFalse(batch.finished_on or batch.stopped_on)
        with freeze_time(fields.Datetime.now() + timedelta(days=61)):
            self.env["crm.letter.batch"]._gc_batches()
            self.assertTrue(self._documents(batch), "It is being printed")
            batch.action_stop()
            self.assertTrue(batch.stopped_on)
            batch.action_continue()
            self.assertFalse(batch.stopped_on)

    @needs_printer
    def test_where_nothing_failed_there_is_nothing_to_print_again(self):
        batch = self._start(self._make_customers(1))
        with self.assertRaisesRegex(UserError, "no letter that failed"):
            batch.action_print_failed()
        self._run_job()
        with self.assertRaisesRegex(UserError, "no letter that failed"):
            batch.action_print_failed()


@tagged("post_install", "-at_install")
class TestBatchFiles(BatchCase):
    @needs_printer
    def test_only_the_batches_are_looked_at_whose_files_are_asked_for(self):
        asked = []
        first, second = self._start(self._make_customers(1)), self._start(self._make_customers(1))
        self._run_job()
        batches = type(self.env["crm.letter.batch"])
        find = batches._with_readable_pdf

        def note(records):
            asked.append(records.ids)
            return find(records)

        self.patch(batches, "_with_readable_pdf", note)
        files = self._as(self.sales, self.env["ir.attachment"])
        domain = [("res_model", "=", "crm.letter.batch"), ("res_id", "=", first.id)]
        self.assertEqual(files.search(domain).res_id, first.id)
        self.assertEqual(asked[0], first.ids)
        self.assertEqual(
            set(files.search([("res_model", "=", "crm.letter.batch")]).mapped("res_id")) & {first.id, second.id},
            {first.id, second.id},
        )
