import logging

from psycopg2 import Error as Psycopg2Error

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.service.model import MAX_TRIES_ON_CONCURRENCY_FAILURE, PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ..tools import pages
from .crm_letter_print import CHUNK

_logger = logging.getLogger(__name__)


class CrmLetterBatch(models.Model):
    """The job that prints, in chunks, and goes on where it stopped.

    A chunk is one transaction: its pages, the documents of its customers and what their histories say come together or
    not at all. Nothing leaves the server before; a job that dies has printed nothing of its chunk, and nothing twice.
    """

    _inherit = "crm.letter.batch"

    @api.model
    def _print_waiting(self):
        """Job: print the batches that were started, as long as its time lasts."""
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self._count_waiting())
        while batches := self.search([("state", "=", "running")], order="id"):
            # A chunk of each in turn: a small batch does not wait for a large one.
            for batch in batches:
                done = batch._print_chunk_safely()
                if not cron._commit_progress(done, remaining=self._count_waiting()):
                    return

    @api.model
    def _count_waiting(self):
        """Letters that wait, and the batches that end with them: the last one has still to be merged."""
        waiting = self.env["crm.letter"].search_count([("batch_id.state", "=", "running"), ("state", "=", "waiting")])
        return waiting + self.search_count([("state", "=", "running")])

    def _print_chunk_safely(self):
        """Print a chunk; what fails stops the batch and says why, and not the job.

        :return: how many letters were dealt with
        :raise psycopg2.Error: others kept on writing at the same moment; the batch is running, for the job's next time
        """
        for tries_left in reversed(range(MAX_TRIES_ON_CONCURRENCY_FAILURE)):
            try:
                done = self._print_chunk()
                # Here, and not when it is committed: what is refused is refused now.
                self.env.flush_all()
                return done
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                self.env.cr.rollback()
                if not tries_left:
                    raise
                _logger.info("Letter batch %s: somebody wrote at the same moment, the chunk is tried again", self.id)
            except Exception as error:  # whatever it is, a user can go on later
                self.env.cr.rollback()
                _logger.info("Letter batch %s: a chunk could not be printed", self.id, exc_info=True)
                self._stop(self._stop_reason(error))
                return 0
        return 0

    @api.model
    def _stop_reason(self, error):
        if isinstance(error, Psycopg2Error):
            return self.env._("The database refused it. The administrator finds the reason in the server's log.")
        return str(error)[:500] or type(error).__name__

    def _print_chunk(self):
        """Print the next letters.

        :return: how many were dealt with
        """
        self.ensure_one()
        letters = self._next_letters()
        if not letters:
            self._finish()
            return 0
        if not self.user_id.active or not self._as_sender().has_access("write"):
            raise UserError(self.env._("%s may write no letters any more.", self.user_id.name))
        self._leave_out_unwanted(letters)
        printable = self._fill_in(letters.filtered(lambda letter: letter.state == "waiting"))
        if printable:
            whole, each = printable._print_pdfs()
            part = self._keep_part(whole)
            printable._file(each)
            printable.write({"part_id": part.id})
            self.in_pdf_count += len(printable)
        return len(letters)

    def _as_sender(self):
        """The batch as the one who prints: placeholders show nothing that this user may not read."""
        sender = self.user_id
        companies = [self.company_id.id, *(sender.company_ids - self.company_id).ids]
        return self.with_user(sender).with_context(allowed_company_ids=companies, lang=sender.lang, tz=sender.tz)

    def _next_letters(self):
        """The next in the order of their addresses, as the one who prints."""
        letters = self._as_sender().env["crm.letter"].sudo()
        waiting = letters.search([("batch_id", "=", self.id), ("state", "=", "waiting")], order="position", limit=CHUNK)
        return waiting.try_lock_for_update()

    def _leave_out_unwanted(self, letters):
        """Leave out who may not get it any more since the list was made."""
        batch = self._as_sender()
        lead_of = {letter.partner_id.id: letter.lead_id.id for letter in letters}
        leads = {lead for lead in lead_of.values() if lead}
        reasons = batch._get_reasons_by_partner(letters.partner_id.with_env(batch.env), leads, lead_of)
        for letter in letters:
            if reason := reasons.get(letter.partner_id.id):
                letter.write({"state": "left_out", "reason": reason})

    def _fill_in(self, letters):
        """Give each letter its text, and the place and date that the batch was printed with.

        :return: those that have one; the others failed, each with the reason
        """
        batch = self._as_sender()
        partners = letters.partner_id.with_env(batch.env)
        if not partners:
            return letters
        try:
            with self.env.cr.savepoint():
                texts = batch._texts_of(partners)
        except (UserError, AccessError):
            texts = {partner.id: batch._text_or_failure(partner) for partner in partners}
        for letter in letters:
            letter.write({"place": self.place, "date": self.date, **texts[letter.partner_id.id]})
        return letters.filtered(lambda letter: letter.state == "waiting")

    def _text_or_failure(self, partner):
        try:
            with self.env.cr.savepoint():
                return self._texts_of(partner)[partner.id]
        except (UserError, AccessError) as error:
            return {"state": "failed", "failure": str(error)[:500]}

    # ------------------------------------------------------------
    # The one PDF
    # ------------------------------------------------------------

    def _keep_part(self, pdf):
        return self.env["ir.attachment"].sudo().create(self._pdf_vals("part.pdf", pdf))

    def _pdf_vals(self, name, pdf):
        return {"name": name, "raw": pdf, "mimetype": "application/pdf", "res_model": self._name, "res_id": self.id}

    def _finish(self):
        """Merge what the chunks left, in the order of the addresses."""
        self.invalidate_recordset(["state"])
        if self.state != "running" or self.waiting_count:
            return
        parts = self._get_parts()
        whole = pages.merge(part.raw for part in parts) if parts else b""
        vals = {"state": "done", "finished_on": fields.Datetime.now()}
        if whole:
            name = f"{self.date} {self.name}.pdf".replace("/", "-")
            vals["attachment_id"] = self.env["ir.attachment"].sudo().create(self._pdf_vals(name, whole)).id
        self.write(vals)
        parts.unlink()

    def _get_parts(self):
        self.env["crm.letter"].flush_model(["part_id", "batch_id", "position"])
        rows = self.env.execute_query(
            SQL(
                "SELECT part_id FROM crm_letter WHERE batch_id = %s AND part_id IS NOT NULL"
                " GROUP BY part_id ORDER BY min(position)",
                self.id,
            )
        )
        return self.env["ir.attachment"].sudo().browse([part_id for (part_id,) in rows])
