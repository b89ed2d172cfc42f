import io
import logging

from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date
from odoo.tools.image import image_data_uri
from odoo.tools.pdf import PdfReader

from ..tools import pages
from ..tools.clean_body import clean_body

_logger = logging.getLogger(__name__)

# Of one start of the program that prints: more pages in one go take no less time each, and are lost together.
CHUNK = 100
_ZOOMS = {}


class CrmLetter(models.Model):
    """Letters as PDF: all of a chunk by one start of wkhtmltopdf, and one more for the paper that they are printed on.

    A start takes longer than a page. Headers and footers of its own would need a build of wkhtmltopdf that few have:
    what is on the paper is a page itself, which is put under the others.
    """

    _inherit = "crm.letter"

    def _print_pdfs(self):
        """The PDF of each letter, and one with all of them, in the order of the letters.

        :return: ``(bytes, [bytes])``
        :raise UserError: wkhtmltopdf is not there, or fails
        """
        if not self:
            return b"", []
        self._check_printer()
        reader = PdfReader(io.BytesIO(self._run_printer([self._document_html()])))
        try:
            ranges = pages.find_letters(reader, [letter._mark() for letter in self])
        except ValueError as error:
            if len(self) > 1:
                return self._print_one_by_one()
            raise UserError(
                self.env._("The letter could not be printed: its pages are not to be told apart.")
            ) from error
        papers = self._get_papers()
        writer = pages.stamp(reader, ranges, [papers[letter.company_id, letter.lang] for letter in self])
        return pages.content(writer), pages.cut(writer, ranges) if len(self) > 1 else [pages.content(writer)]

    def _print_one_by_one(self):
        parts = [letter._print_pdfs()[0] for letter in self]
        return pages.merge(parts), parts

    @api.model
    def _check_printer(self):
        """
        :raise UserError: there is no program that prints pages
        """
        if self.env["ir.actions.report"].get_wkhtmltopdf_state() not in ("ok", "workers"):
            raise UserError(
                self.env._(
                    "The server has no wkhtmltopdf, with which Odoo makes PDF files: letters cannot be printed. An "
                    "administrator has to install it."
                )
            )

    # ------------------------------------------------------------
    # The printer
    # ------------------------------------------------------------

    def _run_printer(self, bodies, **margins):
        """One run of wkhtmltopdf.

        :param list bodies: one HTML document
        :param margins: of the page in mm, where not those of the paper format
        :return: bytes
        """
        report = self.env["ir.actions.report"].with_context(crm_letter_print=True)
        specific = {f"data-report-margin-{side}": value for side, value in margins.items()}
        return report._run_wkhtmltopdf(
            bodies, report_ref="crm_letter.crm_letter_report", specific_paperformat_args=specific
        )

    def _get_zoom(self):
        """By what this server's wkhtmltopdf makes everything smaller, measured once."""
        paper = self._get_paper_format()
        key = (paper.format, paper.dpi, paper.disable_shrinking)
        if key not in _ZOOMS:
            _ZOOMS[key] = pages.measured_zoom(self._run_printer([pages.MEASURING_PAGE], top=0, bottom=0))
        return _ZOOMS[key]

    @api.model
    def _get_paper_format(self):
        # sudo: everybody who prints needs the format, few may read it
        return self.env.ref("crm_letter.crm_letter_report").sudo().get_paperformat()

    def _document_html(self):
        paper = self._get_paper_format()
        return self._render_view(
            "crm_letter.letter_document",
            {
                "zoom": self._get_zoom(),
                "top": paper.margin_top,
                "letters": [letter._page_html(number) for number, letter in enumerate(self)],
            },
        )

    def _page_html(self, number):
        letter = self.with_context(lang=self.lang or self.env.lang)
        return letter._render_view("crm_letter.letter_page", {**letter._prepare_page(), "number": number})

    def _prepare_page(self):
        """What stands on the letter, see the view ``letter_page``; texts in the recipient's language.

        :return: dict
        """
        self.ensure_one()
        # Never as superuser: only images that whoever prints may see.
        image_of = self.env["ir.attachment"].sudo(False)._get_letter_image
        lines = self.partner_id._letter_lines(self.company_id)
        # sudo: sender and company are on the letter, whoever prints it
        sender, company = self.user_id.sudo(), self.company_id.sudo()
        return {
            "letter": self,
            "lines": lines,
            "is_long_address": len(lines) > 6,
            "info": self._prepare_info(sender, company),
            "body": Markup(clean_body(self.body, image_of)),  # noqa: S704  cleaned in this very line
            "sender": sender,
            "signature": Markup(clean_body(sender.signature, image_of)),  # noqa: S704  cleaned likewise
        }

    def _prepare_info(self, sender, company):
        """The rows of the block beside the address: ``[(label, text)]``, without empty ones."""
        date = format_date(self.env, self.date, lang_code=self.lang)
        rows = [
            (self.env._("Our reference"), self._mark()),
            (self.env._("Your contact"), sender.name),
            (self.env._("Phone"), sender.phone or company.phone),
            (self.env._("E-mail"), sender.email or company.email),
            (self.env._("Date"), ", ".join(part for part in (self.place, date) if part)),
        ]
        return [(label, text) for label, text in rows if text]

    def _mark(self):
        """Stands on the first page of this letter, and on no other."""
        return self.reference or "L000000"

    def _render_view(self, view, values):
        return self.env["ir.qweb"]._render(view, values, minimal_qcontext=True)

    # ------------------------------------------------------------
    # The paper
    # ------------------------------------------------------------

    def _get_papers(self):
        """The paper that letters are printed on, in all languages that they are in, by one run of the printer.

        :return: ``{(company, language): Stationery}``
        """
        keys = list(dict.fromkeys((letter.company_id, letter.lang) for letter in self))
        bodies = [self._paper_html(company, lang, number) for number, (company, lang) in enumerate(keys)]
        html = self._render_view("crm_letter.paper_document", {"zoom": self._get_zoom(), "papers": bodies})
        printed = PdfReader(io.BytesIO(self._run_printer([html], top=0, bottom=0))).pages
        return {key: pages.Stationery(printed[2 * number], printed[2 * number + 1]) for number, key in enumerate(keys)}

    def _paper_html(self, company, lang, number):
        # sudo: the company's address, numbers and bank stand on every letter
        company = company.sudo().with_context(lang=lang)
        letters = self.with_context(lang=lang)
        sender_lines = company.partner_id._letter_lines(company)
        return letters._render_view(
            "crm_letter.paper_pages",
            {"company": company, "number": number, "sender_lines": sender_lines, "logo": self._logo(company)},
        )

    @api.model
    def _logo(self, company):
        """The logo as an address that needs no loading; Odoo's own placeholder is none."""
        if not company.logo or company.uses_default_logo:
            return False
        return image_data_uri(company.logo)
