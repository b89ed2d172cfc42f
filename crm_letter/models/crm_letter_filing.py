import re

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmLetter(models.Model):
    """Printing a letter, which files it: with the documents of its project or customer, and in the history."""

    _inherit = "crm.letter"

    def _action_write(self, context):
        """Open a new letter.

        :param dict context: its default values
        """
        self.check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Write a Letter"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "current",
            "context": context,
        }

    def action_print(self):
        """Print a letter and file it; the form shows the PDF then.

        :return: True
        :raise UserError: it cannot be printed; it says why
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "draft":
            raise UserError(self.env._("This letter was printed already. Write a new one instead."))
        # Of two who press Print at the same moment the second is told that it was printed.
        self.lock_for_update()
        self._check_text()
        if self.problem:
            raise UserError(
                self.env._(
                    "This letter cannot be printed: %(customer)s – %(problem)s.",
                    customer=self.partner_id.name,
                    problem=self.problem,
                )
            )
        pdf, _each = self._print_pdfs()
        self._file([pdf])
        return True

    def action_preview(self):
        """Look at a letter before it is printed; nothing is filed.

        :return: an action
        """
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": f"/crm_letter/{self.id}/preview.pdf", "target": "new"}

    def action_open_pdf(self):
        """Download what was printed.

        :return: an action
        """
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/crm_letter/{self.id}/letter.pdf", "target": "download"}

    def action_write_again(self):
        """Write another letter with the text of this one.

        :return: an action that opens it
        """
        self.ensure_one()
        again = self.copy({"user_id": self.env.uid, "date": fields.Date.context_today(self)})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": again.id,
            "views": [(False, "form")],
            "target": "current",
        }

    # ------------------------------------------------------------
    # Filing
    # ------------------------------------------------------------

    def _file(self, pdfs):
        """Keep what was printed as document of its project, else of its customer, and tell of it in the history.

        The customer's page shows the documents of its projects too. A file of its own there would be seen by whom the
        project is hidden from.

        :param list pdfs: bytes of each letter
        """
        # sudo: whoever may see a customer may write to them; what of it is filed does not depend on more rights
        letters = self.sudo()
        document_type = self.env.ref("crm_letter.crm_choice_document_type_letter", raise_if_not_found=False)
        files = letters.env["ir.attachment"].create(
            [
                {**letter._file_vals(pdf), "document_type_id": document_type.id if document_type else False}
                for letter, pdf in zip(letters, pdfs, strict=True)
            ]
        )
        now = fields.Datetime.now()
        letters.write({"state": "printed", "printed_on": now, "failure": False})
        for letter, file in zip(letters, files, strict=True):
            letter.attachment_id = file
        letters._tell()

    def _file_vals(self, pdf):
        document = self.lead_id or self.partner_id
        return {
            "name": self._file_name(),
            "raw": pdf,
            "mimetype": "application/pdf",
            "res_model": document._name,
            "res_id": document.id,
        }

    def _file_name(self):
        """A name that every computer takes: the date and the subject."""
        subject = re.sub(r'[\x00-\x1f\\/:*?"<>|]+', " ", self.subject or "").strip()[:80]
        return f"{self.date} {subject or self.reference}.pdf"

    def _tell(self):
        """Write into the history of projects and customers that letters were printed."""
        for letter in self.filtered("lead_id"):
            letter.lead_id._letter_log(letter, attachment_ids=letter.attachment_id.ids)
        to_customers = self.filtered(lambda letter: not letter.lead_id.is_restricted)
        by_customer = {letter.partner_id.id: letter for letter in to_customers}
        partners = self.env["res.partner"].browse(by_customer)
        bodies = {partner_id: letter._message_body() for partner_id, letter in by_customer.items()}
        author = self.env.user.partner_id
        messages = partners._message_log_batch(bodies, author_id=author.id, message_type="comment")
        for message in messages:
            letter = by_customer[message.res_id]
            if letter.lead_id:
                letter.customer_message_id = message
            else:
                message.attachment_ids = letter.attachment_id

    def _message_body(self):
        return Markup("<p>{}</p>").format(
            self.env._(
                "Letter %(reference)s to %(name)s: %(subject)s",
                reference=self.reference,
                name=self.partner_id.name,
                subject=self.subject,
            )
        )

    @api.model
    def _leave_out_doubles(self, partners):
        """Before customers become one: of each batch one of them gets the letter, or none any more who has got it.

        What was printed stays as it is, in its batch too: it is in the PDF of all.

        :param partners: ``res.partner``
        """
        # sudo: whoever may merge customers need not see what is written to them
        of_batches = [("batch_id", "!=", False), ("state", "in", ("printed", "waiting"))]
        domain = [("partner_id", "in", partners.ids), *of_batches]
        for letters in self.sudo().search(domain, order="position").grouped("batch_id").values():
            waiting = letters.filtered(lambda letter: letter.state == "waiting")
            spare = waiting if waiting != letters else waiting[1:]
            spare.write({"state": "left_out", "reason": "double"})
        self.flush_model()
