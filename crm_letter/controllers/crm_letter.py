from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import content_disposition, request


class CrmLetterController(http.Controller):
    """PDF files of letters, with the rights of who asks; what they may not see is not there."""

    @http.route("/crm_letter/<int:letter_id>/preview.pdf", type="http", auth="user", methods=["GET"])
    def preview_letter(self, letter_id):
        """A letter as it would be printed now."""
        letter = self._readable("crm.letter", letter_id)
        return self._print(letter)

    @http.route("/crm_letter/<int:letter_id>/letter.pdf", type="http", auth="user", methods=["GET"], readonly=True)
    def download_letter(self, letter_id):
        """What was printed."""
        return self._download(self._readable("crm.letter", letter_id))

    @http.route(
        "/crm_letter/batch/<int:batch_id>/letters.pdf", type="http", auth="user", methods=["GET"], readonly=True
    )
    def download_batch(self, batch_id):
        """All letters of a batch, for those who may read each of them."""
        batch = self._readable("crm.letter.batch", batch_id)._with_readable_pdf()
        if not batch:
            raise NotFound
        return self._download(batch)

    @http.route("/crm_letter/batch/<int:batch_id>/preview.pdf", type="http", auth="user", methods=["GET"])
    def preview_batch(self, batch_id):
        """The first letter of a batch as it would be printed."""
        batch = self._readable("crm.letter.batch", batch_id)
        return self._print(batch, lambda: batch._get_sample())

    @http.route(
        "/crm_letter/template/<int:template_id>/<int:partner_id>/preview.pdf", type="http", auth="user", methods=["GET"]
    )
    def preview_template(self, template_id, partner_id):
        """A template as it would be printed for a customer."""
        template = self._readable("crm.letter.template", template_id)
        partner = self._readable("res.partner", partner_id)
        letter = request.env["crm.letter"]._new_sample({"partner_id": partner.id})

        def fill_in():
            letter.update(letter._render_of(template, partner))
            return letter

        return self._print(letter, fill_in)

    def _readable(self, model, record_id):
        record = request.env[model].browse(record_id)
        try:
            record.check_access("read")
            if not record.exists():
                raise NotFound
        except (AccessError, MissingError) as error:
            raise NotFound from error
        return record

    def _print(self, letter, get=None):
        try:
            pdf = (get() if get else letter)._print_pdfs()[0]
        except (UserError, AccessError) as error:
            return request.make_response(str(error), [("Content-Type", "text/plain; charset=utf-8")], status=422)
        return self._answer(pdf, "inline")

    def _download(self, record):
        # sudo: who may read the letter, or all of a batch, may read what was printed of it
        file = record.sudo().attachment_id
        if not file:
            raise NotFound
        return self._answer(file.raw, content_disposition(file.name))

    def _answer(self, pdf, disposition):
        headers = [
            ("Content-Type", "application/pdf"),
            ("Content-Length", len(pdf)),
            ("Content-Disposition", disposition),
            ("Cache-Control", "no-store"),
        ]
        return request.make_response(pdf, headers)
