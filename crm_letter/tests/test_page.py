import io

from odoo.tests import tagged
from odoo.tools.pdf import PdfReader

from ..tools.pages import POINTS_PER_MM
from .common import LetterCase, needs_printer


@tagged("post_install", "-at_install")
class TestPage(LetterCase):
    """The places are those of DIN 5008 form B, measured on the page."""

    def _places(self, pdf, number=0):
        """Where each text begins, (mm from the left, mm from the top)."""
        page = PdfReader(io.BytesIO(pdf)).pages[number]
        height, found = float(page.mediabox[3]), {}

        def visit(text, matrix, text_matrix, _font, _size):
            if text.strip():
                left = text_matrix[4] * matrix[0] + text_matrix[5] * matrix[2] + matrix[4]
                top = text_matrix[4] * matrix[1] + text_matrix[5] * matrix[3] + matrix[5]
                found.setdefault(" ".join(text.split()), (left / POINTS_PER_MM, (height - top) / POINTS_PER_MM))

        page.extract_text(visitor_text=visit)
        return found

    def _place_of(self, places, start):
        return next(place for text, place in places.items() if text.startswith(start))

    @needs_printer
    def test_the_address_is_in_the_window_and_the_rest_at_its_place(self):
        places = self._places(self._write()._print_pdfs()[0])
        left, top = self._place_of(places, "Anna")
        self.assertAlmostEqual(left, 25, delta=0.5)
        self.assertTrue(62.7 <= top <= 68, top)
        left, top = self._place_of(places, "50667")
        self.assertTrue(24.5 <= left <= 25.5 and 68 <= top <= 90, (left, top))
        left, top = self._place_of(places, "Our")
        self.assertAlmostEqual(left, 125, delta=0.5)
        self.assertTrue(50 <= top <= 56, top)
        left, top = self._place_of(places, "Visit at")
        self.assertAlmostEqual(left, 25, delta=0.5)
        self.assertTrue(98.5 <= top <= 106, top)

    @needs_printer
    def test_the_longest_address_stays_in_the_window(self):
        values = {"street2": "Building 7, third floor", "parent_id": self.customer.id, "type": "other"}
        partner = self._make_customer("Long", "us", **values)
        partner.state_id = self.env.ref("base.state_us_5")
        places = self._places(self._write(partner_id=partner.id)._print_pdfs()[0])
        for start in ("Anna", "Long", "UNITED"):
            self.assertTrue(50 <= self._place_of(places, start)[1] <= 90, start)

    @needs_printer
    def test_pages_that_follow_are_numbered_and_a_single_one_is_not(self):
        long = self._write(subject="Long", body="<p>Lorem ipsum</p>" * 80)
        pages = self._pages(long._print_pdfs()[0])
        self.assertGreater(len(pages), 1)
        for number, text in enumerate(pages, start=1):
            self.assertIn(f"{number} / {len(pages)}", text)
        self.assertNotIn("1 / 1", self._pages(self._write()._print_pdfs()[0])[0])

    @needs_printer
    def test_letters_of_several_pages_are_told_apart(self):
        partners = [self._make_customer(f"Customer {number}") for number in range(4)]
        letters = self.env["crm.letter"]
        for number, partner in enumerate(partners):
            body = "<p>Lorem ipsum</p>" * (1 + 40 * (number % 2))
            letters |= self._write(partner_id=partner.id, subject=f"S{number}", body=body)
        whole, each = letters._print_pdfs()
        self.assertEqual([len(self._pages(pdf)) for pdf in each], [1, 2, 1, 2])
        self.assertEqual(len(self._pages(whole)), 6)
        for number, pdf in enumerate(each):
            text = " ".join(self._pages(pdf))
            self.assertIn(f"Customer {number}", text)
            self.assertFalse([other for other in range(4) if other != number and f"Customer {other}" in text])

    @needs_printer
    def test_nothing_in_a_text_makes_the_page_smaller(self):
        table = "<table style='width:9000px'><tr><td>" + "y" * 400 + "</td></tr></table>"
        wide = "<p style='white-space:pre'>" + "x" * 600 + "</p>" + table
        places = self._places(self._write(subject="Wide", body=wide)._print_pdfs()[0])
        self.assertAlmostEqual(self._place_of(places, "Our")[0], 125, delta=0.5)
