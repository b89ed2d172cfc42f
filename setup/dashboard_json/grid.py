"""The sheets: rows and columns, what stands where in which style. Knows nothing of dashboards."""

import uuid

# One table or list is half as wide as the dashboard: five columns on each side of a gap.
COLUMN_WIDTHS = (190, 100, 85, 85, 85, 20, 190, 100, 85, 85, 85)
SIDE_COLUMNS = 5
SIDE_WIDTH = sum(COLUMN_WIDTHS[:SIDE_COLUMNS])
GAP = COLUMN_WIDTHS[SIDE_COLUMNS]
WIDTH = sum(COLUMN_WIDTHS)
ROW_HEIGHT = 24
HEADING_HEIGHT = 40

STYLES = {
    "heading": {"textColor": "#01666b", "bold": True, "fontSize": 12, "verticalAlign": "middle"},
    "head": {"bold": True, "textColor": "#434343", "verticalAlign": "middle"},
    "head_number": {"bold": True, "textColor": "#434343", "align": "right", "verticalAlign": "middle"},
    "link": {"textColor": "#01666B", "verticalAlign": "middle"},
    "cell": {"textColor": "#434343", "verticalAlign": "middle"},
    "total": {"bold": True, "textColor": "#434343", "verticalAlign": "middle"},
}
BORDERS = {"line": {"bottom": {"style": "thin", "color": "#CCCCCC"}}}
NAMESPACE = uuid.UUID("9d1c1d5c-3c1f-5e0a-9d6a-6a1f0d3f7c11")


def stable_id(*names):
    """An id that is the same whenever it is made of the same names."""
    return str(uuid.uuid5(NAMESPACE, "/".join(names)))


def column_name(index):
    """A for 0, Z for 25, AA for 26."""
    before, letter = divmod(index, 26)
    return (column_name(before - 1) if before else "") + chr(ord("A") + letter)


def cell_name(column, row):
    """A1 for 0, 0."""
    return f"{column_name(column)}{row + 1}"


def translated(text):
    """A formula of a text that Odoo translates."""
    return f'=_t("{text}")'


class Sheet:
    """One sheet that is being filled."""

    def __init__(self, sheet_id, name, book):
        self.id = sheet_id
        self.name = name
        self.book = book
        self.cells, self.styles, self.formats, self.borders = {}, {}, {}, {}
        self.columns = 0
        self.heights, self.merges, self.figures, self.bars = {}, [], [], []

    def put(self, column, row, content, style=None, number_format=None):
        """Write a cell; empty content still takes the style."""
        name = cell_name(column, row)
        self.columns = max(self.columns, column + 1)
        if content is not None:
            self.cells[name] = str(content)
        if style:
            self.styles[name] = self.book.style(style)
        if number_format:
            self.formats[name] = self.book.format(number_format)
        return name

    def merge(self, column, row, width):
        self.merges.append(f"{cell_name(column, row)}:{cell_name(column + width - 1, row)}")

    def underline(self, column, row, width):
        self.borders[f"{cell_name(column, row)}:{cell_name(column + width - 1, row)}"] = self.book.border("line")

    def add_bars(self, labels, values, name):
        """Bars behind the labels that show how the values compare."""
        rule = {"type": "DataBarRule", "color": 15726335, "rangeValues": values}
        self.bars.append({"rule": rule, "id": stable_id("bar", name), "ranges": [labels]})

    def to_json(self, column_count, row_count, widths=()):
        return {
            "id": self.id,
            "name": self.name,
            "colNumber": column_count,
            "rowNumber": row_count,
            "rows": {str(row): {"size": size} for row, size in sorted(self.heights.items())},
            "cols": {str(column): {"size": size} for column, size in enumerate(widths)},
            "merges": self.merges,
            "cells": self.cells,
            "styles": self.styles,
            "formats": self.formats,
            "borders": self.borders,
            "conditionalFormats": self.bars,
            "dataValidationRules": [],
            "figures": self.figures,
            "tables": [],
            "areGridLinesVisible": True,
            "isVisible": True,
            "headerGroups": {"ROW": [], "COL": []},
            "comments": {},
        }


class Book:
    """What sheets share: numbered styles, formats and borders."""

    def __init__(self):
        self._numbers = {"style": {}, "format": {}, "border": {}}

    def _number(self, kind, name):
        return self._numbers[kind].setdefault(name, len(self._numbers[kind]) + 1)

    def style(self, name):
        return self._number("style", name)

    def format(self, name):
        return self._number("format", name)

    def border(self, name):
        return self._number("border", name)

    def to_json(self):
        return {
            "styles": {str(number): STYLES[name] for name, number in self._numbers["style"].items()},
            "formats": {str(number): name for name, number in self._numbers["format"].items()},
            "borders": {str(number): BORDERS[name] for name, number in self._numbers["border"].items()},
        }
