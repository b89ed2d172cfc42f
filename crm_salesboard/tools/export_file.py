"""Files of very many rows, written in pieces: each piece is a text, and the file is these texts one after another.

So a piece can be made in one request and the next in another, and no more than one is in memory at a time.
"""

import csv
import io
import re
import zipfile
from datetime import date
from xml.sax.saxutils import escape

# How spreadsheets recognise a formula; a text that begins like one is marked as text, as Odoo's own export does.
FORMULA_STARTS = ("=", "-", "+", "@", "\t", "\r")
XLSX_MAX_ROWS = 1_048_576
XLSX_MAX_TEXT = 32_767
_EPOCH = date(1899, 12, 30)
_SHEET = "xl/worksheets/sheet1.xml"
_FORMATS = {"money": "#,##0.00", "integer": "0", "date": "yyyy-mm-dd"}
# Characters that XML cannot hold, whatever their encoding.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def csv_text(rows):
    """Rows as lines of CSV.

    :param rows: iterable of lists of str, int, float, date or None
    """
    output = io.StringIO()
    writer = csv.writer(output, quoting=csv.QUOTE_ALL)
    writer.writerows([_csv_value(value) for value in row] for row in rows)
    return output.getvalue()


def _csv_value(value):
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return "" if value is None else value


def write_csv(file, labels, pieces):
    """Write a CSV file in UTF-8.

    :param file: open for writing bytes
    :param list labels: the heads of the columns
    :param pieces: iterable of what ``csv_text`` returned
    """
    file.write(csv_text([labels]).encode())
    for piece in pieces:
        file.write(piece.encode())


def xlsx_text(rows, kinds, first_row, too_long):
    """Rows as they stand in a sheet; texts are texts, never formulas or links.

    :param rows: iterable of lists of str, int, float, date or None
    :param list kinds: ``text``, ``integer``, ``number``, ``money`` or ``date`` of each column
    :param int first_row: number of the first of these rows, the head being 1
    :param str too_long: what stands in place of a text that no cell can hold
    """
    styles = _styles(_shell(kinds, kinds, 0))
    columns = [_column_name(index) for index in range(len(kinds))]
    lines = []
    for number, row in enumerate(rows, first_row):
        cells = "".join(
            _cell(f"{column}{number}", value, style, too_long)
            for column, value, style in zip(columns, row, styles, strict=True)
            if value is not None and value != ""
        )
        lines.append(f'<row r="{number}">{cells}</row>')
    return "".join(lines)


def _cell(place, value, style, too_long):
    if isinstance(value, str):
        text = too_long if len(value) > XLSX_MAX_TEXT else _NOT_XML.sub("", value).replace("\r", " ")
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
    number = (value - _EPOCH).days if isinstance(value, date) else repr(value)
    return f'<c r="{place}" s="{style}"><v>{number}</v></c>'


def write_xlsx(file, labels, kinds, pieces, row_count):
    """Write an XLSX file.

    :param file: open for writing bytes
    :param list labels: the heads of the columns
    :param list kinds: see ``xlsx_text``
    :param pieces: iterable of what ``xlsx_text`` returned
    :param int row_count: number of all rows but the head
    """
    with (
        zipfile.ZipFile(io.BytesIO(_shell(labels, kinds, row_count))) as shell,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book,
    ):
        for name in shell.namelist():
            if name != _SHEET:
                book.writestr(name, shell.read(name))
        head, tail = shell.read(_SHEET).decode().split("</sheetData>")
        last_cell = f"{_column_name(len(kinds) - 1)}{row_count + 1}"
        head = re.sub(r'<dimension ref="[^"]*"/>', f'<dimension ref="A1:{last_cell}"/>', head)
        with book.open(_SHEET, "w", force_zip64=True) as sheet:
            sheet.write(head.encode())
            for piece in pieces:
                sheet.write(piece.encode())
            sheet.write(f"</sheetData>{tail}".encode())


def _shell(labels, kinds, row_count):
    """The book with its head alone, and columns that have the format of what goes into them."""
    import xlsxwriter  # here, as in Odoo: it is not needed for CSV

    output = io.BytesIO()
    with xlsxwriter.Workbook(output, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        formats = {kind: book.add_format({"num_format": value}) for kind, value in _FORMATS.items()}
        for index, (label, kind) in enumerate(zip(labels, kinds, strict=True)):
            sheet.set_column(index, index, 15 if kind in formats else 30, formats.get(kind))
            sheet.write_string(0, index, label, bold)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, row_count, len(labels) - 1)
    return output.getvalue()


def _styles(shell):
    """The number of the style of each column."""
    with zipfile.ZipFile(io.BytesIO(shell)) as book:
        sheet = book.read(_SHEET).decode()
    styles = []
    for first, last, attributes in re.findall(r'<col min="(\d+)" max="(\d+)"([^>]*)/>', sheet):
        style = re.search(r'style="(\d+)"', attributes)
        styles += [int(style[1]) if style else 0] * (int(last) - int(first) + 1)
    return styles


def _column_name(index):
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name
