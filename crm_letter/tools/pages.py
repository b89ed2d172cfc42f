"""The pages of letters: measured, stamped with the stationery and cut apart. No database here.

A printer of pages (wkhtmltopdf) scales what it prints, and each build of it by another factor. An address has to stand
in the window of an envelope all the same: a page with two words is printed first, and their distance measured.
"""

import io
import zlib
from dataclasses import dataclass

from odoo.tools.pdf import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    PdfReader,
    PdfWriter,
)

POINTS_PER_MM = 72 / 25.4
# The two words stand at 20 and 170 mm from the left.
MEASURED_MM = 150
MEASURING_PAGE = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"/><style>*{margin:0;padding:0}div{position:absolute;top:20mm;'
    'font:10pt sans-serif}</style></head><body><div style="left:20mm">A</div><div style="left:170mm">B</div></body>'
    "</html>"
)
STATIONERY = NameObject("/CrmLetterPaper")
NUMBERS = NameObject("/CrmLetterNumbers")
# Where the paper is seen, (left, top, right, bottom) in mm: the printer paints all pages white, letters too. The text
# of a letter stands nowhere there.
HEAD, MARKS, FOOT = (0, 0, 210, 50), (0, 50, 20, 268), (0, 268, 210, 297)


@dataclass(frozen=True)
class Stationery:
    """What is on the paper before a letter is: of its first page, and of those that follow."""

    first: object
    following: object

    def page(self, number):
        """The page of the paper for the page of a letter, which count from 0, and where it is seen."""
        return (self.following, (FOOT,)) if number else (self.first, (HEAD, MARKS, FOOT))


def measured_zoom(pdf):
    """By what to enlarge a page so that a millimetre is one.

    :param bytes pdf: what the printer made of ``MEASURING_PAGE``
    :rtype: float
    """
    places = {}

    def visit(text, matrix, text_matrix, _font, _size):
        if text.strip() in ("A", "B"):
            places[text.strip()] = text_matrix[4] * matrix[0] + text_matrix[5] * matrix[2] + matrix[4]

    PdfReader(io.BytesIO(pdf)).pages[0].extract_text(visitor_text=visit)
    if {"A", "B"} - places.keys() or places["B"] <= places["A"]:
        return 1.0
    return MEASURED_MM * POINTS_PER_MM / (places["B"] - places["A"])


def find_letters(reader, marks):
    """Tell which pages are whose.

    :param reader: of all letters, each of which begins on a page of its own
    :param list marks: a text on the first page of each, in their order, that no other page has
    :return: ``[(first page, page after the last)]`` per letter
    :raise ValueError: the pages are not those of the letters
    """
    if len(reader.pages) == len(marks):
        return [(number, number + 1) for number in range(len(marks))]
    starts = []
    for number, page in enumerate(reader.pages):
        if len(starts) < len(marks) and marks[len(starts)] in page.extract_text().replace("\n", " "):
            starts.append(number)
    if len(starts) != len(marks) or starts[0] != 0:
        raise ValueError("a letter has no page of its own")
    return list(zip(starts, [*starts[1:], len(reader.pages)], strict=True))


def stamp(reader, ranges, papers):
    """Put letters on their paper, and numbers on the pages of those that have several.

    :param reader: of all letters
    :param list ranges: pages of each, see :func:`find_letters`
    :param list papers: the :class:`Stationery` of each
    :return: a writer with the pages of all letters in the same order
    """
    writer = PdfWriter()
    forms = {}
    for (start, end), paper in zip(ranges, papers, strict=True):
        for number in range(start, end):
            page = writer.add_page(reader.pages[number])
            form, seen = paper.page(number - start)
            if id(form) not in forms:
                forms[id(form)] = _form(writer, form)
            drawing = _clip(page, seen) + b" /CrmLetterPaper Do Q q " + _numbering(number - start + 1, end - start)
            _put_over(writer, page, forms[id(form)], drawing)
    return writer


def cut(writer, ranges):
    """The letters one by one.

    :return: a list of bytes, a PDF each
    """
    # What was put on the paper is read again: a writer copies from what is complete.
    reader = PdfReader(io.BytesIO(content(writer)))
    return [_part(reader, start, end) for start, end in ranges]


def merge(parts):
    """One PDF of several, in their order.

    :param parts: an iterable of bytes
    :rtype: bytes
    """
    writer = PdfWriter()
    for part in parts:
        for page in PdfReader(io.BytesIO(part)).pages:
            writer.add_page(page)
    return content(writer)


def content(writer):
    """The bytes of what was written."""
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def _part(reader, start, end):
    writer = PdfWriter()
    for number in range(start, end):
        writer.add_page(reader.pages[number])
    return content(writer)


def _numbering(number, count):
    if count == 1:
        return b""
    return b"BT /CrmLetterNumbers 8 Tf 0.3 g 527 75 Td (%d / %d) Tj ET" % (number, count)


def _form(writer, page):
    """A page as something that other pages draw; it is in the file once."""
    form = _stream(page.get_contents().get_data())
    form[NameObject("/Type")] = NameObject("/XObject")
    form[NameObject("/Subtype")] = NameObject("/Form")
    form[NameObject("/BBox")] = ArrayObject(page.mediabox)
    form[NameObject("/Resources")] = page["/Resources"].get_object().clone(writer)
    return writer._add_object(form)


def _stream(data):
    stream = DecodedStreamObject()
    stream._data = zlib.compress(data)
    stream[NameObject("/Filter")] = NameObject("/FlateDecode")
    return stream


def _clip(page, places):
    """An operator for PDF: what is drawn from here on is seen in these places alone."""
    height = float(page.mediabox[3]) / POINTS_PER_MM
    rectangles = (
        [part * POINTS_PER_MM for part in (left, height - bottom, right - left, bottom - top)]
        for left, top, right, bottom in places
    )
    return b" ".join(b"%.2f %.2f %.2f %.2f re" % tuple(rectangle) for rectangle in rectangles) + b" W n"


def _put_over(writer, page, form, drawing):
    resources = page["/Resources"].get_object()
    _entry(resources, "/XObject")[STATIONERY] = form
    _entry(resources, "/Font")[NUMBERS] = _helvetica()
    own = page["/Contents"].get_object()
    middle = list(own) if isinstance(own, ArrayObject) else [page.raw_get("/Contents")]
    before = writer._add_object(_stream(b"q\n"))
    after = writer._add_object(_stream(b"\nQ q " + drawing + b" Q"))
    page[NameObject("/Contents")] = ArrayObject([before, *middle, after])


def _entry(resources, name):
    key = NameObject(name)
    if key not in resources:
        resources[key] = DictionaryObject()
    return resources[key].get_object()


def _helvetica():
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
