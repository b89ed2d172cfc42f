from odoo import models
from odoo.exceptions import UserError


class CrmLetterBatch(models.Model):
    """Letters that failed are printed again, in the same batch."""

    _inherit = "crm.letter.batch"

    def action_print_failed(self):
        """Print those again that failed, after what was in their way was mended. They come last in the PDF of all.

        :raise UserError: there is none, or the others are still being printed or were stopped
        """
        self.ensure_one()
        self.check_access("write")
        self.lock_for_update()
        # sudo: what is not for the user to set; the right to print was checked
        batch = self.sudo()
        failed = batch.letter_ids.filtered(lambda letter: letter.state == "failed")
        if batch.state == "stopped":
            raise UserError(self.env._("The letters were stopped: continue them first, then print again what failed."))
        if batch.state != "done" or not failed:
            raise UserError(self.env._("There is no letter that failed, or the others are still being printed."))
        self.env["crm.letter"]._check_printer()
        again = failed._leave_out_printed()
        if again:
            again.write({"state": "waiting", "failure": False})
            batch._keep_printed()
            self._run()

    def _keep_printed(self):
        """The PDF that there is becomes a part of the next one."""
        pdf = self.attachment_id
        printed = self.letter_ids.filtered(lambda letter: letter.state == "printed")
        if pdf and printed:
            printed.write({"part_id": pdf.id})
            self.attachment_id = False


class CrmLetter(models.Model):
    _inherit = "crm.letter"

    def _leave_out_printed(self):
        """Of customers who were merged since, one letter of a batch is enough.

        :return: those of these letters that are to be printed
        """
        others = self.batch_id.letter_ids - self
        had_one = others.filtered(lambda letter: letter.state in ("printed", "waiting")).partner_id
        firsts = [group[0].id for group in self.sorted("position").grouped("partner_id").values()]
        again = self.browse(firsts).filtered(lambda letter: letter.partner_id not in had_one)
        (self - again).write({"state": "left_out", "reason": "double", "failure": False})
        return again
