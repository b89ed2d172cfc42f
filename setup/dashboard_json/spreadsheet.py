"""From a description to the two files: the figures laid out one below the other, with live or with sample numbers."""

import json

from .grid import (
    COLUMN_WIDTHS,
    GAP,
    HEADING_HEIGHT,
    ROW_HEIGHT,
    SIDE_COLUMNS,
    SIDE_WIDTH,
    WIDTH,
    Book,
    Sheet,
    stable_id,
)
from .live import LiveFigures
from .sample import SampleFigures
from .sources import Sources

# The format of the spreadsheets of Odoo 19.0; newer ones are migrated by Odoo itself.
VERSION = "18.5.10"
SETTINGS = {
    "locale": {
        "name": "English (US)",
        "code": "en_US",
        "thousandsSeparator": ",",
        "decimalSeparator": ".",
        "dateFormat": "mm/dd/yyyy",
        "timeFormat": "hh:mm:ss",
        "formulaArgSeparator": ",",
        "weekStart": 7,
    }
}
SCORECARD_ROWS = 5
SCORECARD_HEIGHT = 100
MOST_SCORECARDS_IN_A_ROW = 5


def spreadsheets(description):
    """Yield ``(path, text)`` of the dashboard and of its sample."""
    for suffix, figures in (("dashboard", LiveFigures), ("sample_dashboard", SampleFigures)):
        content = Spreadsheet(description, figures).to_json()
        yield (
            description.folder / f"{description.name}_{suffix}.json",
            json.dumps(content, indent=2, ensure_ascii=False) + "\n",
        )


class Spreadsheet:
    """One spreadsheet while it is laid out."""

    def __init__(self, description, figures_class):
        self.description = description
        self.book = Book()
        self.main = Sheet("dashboard", "Dashboard", self.book)
        self.data = Sheet("data", "Data", self.book)
        self.sources = Sources(description)
        self.figures = figures_class(description, self.sources, self.main, self.data)
        self.row = 0
        self._lay_out()

    def to_json(self):
        live = self.figures.is_live
        pivots, lists = self.sources.pivots_json(), self.sources.lists
        return {
            "version": VERSION,
            "sheets": [
                self.main.to_json(len(COLUMN_WIDTHS), self.row, COLUMN_WIDTHS),
                self.data.to_json(max(26, self.data.columns), max(self.figures.data_rows, 1), (190,)),
            ],
            **self.book.to_json(),
            "revisionId": "START_REVISION",
            "uniqueFigureIds": True,
            "settings": SETTINGS,
            "pivots": pivots if live else {},
            "pivotNextId": len(pivots) + 1 if live else 1,
            "customTableStyles": {},
            "globalFilters": self.sources.filters_json() if live else [],
            "lists": lists if live else {},
            "listNextId": len(lists) + 1 if live else 1,
            "chartOdooMenusReferences": {},
        }

    def _lay_out(self):
        scorecards, halves = [], []
        self.figures.write_values()
        for figure in self.description.figures:
            if figure["kind"] == "scorecard":
                self._lay_out_halves(halves)
                scorecards.append(figure)
            elif figure["kind"] != "value":
                self._lay_out_scorecards(scorecards)
                halves.append(figure)
                if len(halves) == 2:
                    self._lay_out_halves(halves)
        self._lay_out_scorecards(scorecards)
        self._lay_out_halves(halves)
        self.figures.write_texts()

    def _lay_out_scorecards(self, figures):
        while figures:
            rows = -(-len(figures) // MOST_SCORECARDS_IN_A_ROW)
            count = -(-len(figures) // rows)
            width = (WIDTH - (count - 1) * 10) // count
            top = self._add_rows(SCORECARD_ROWS)
            for position, figure in enumerate(figures[:count]):
                data, x = self.figures.scorecard(figure), position * (width + 10)
                self._add_figure(figure, data, "chart", x, top + 10, width, SCORECARD_HEIGHT)
            del figures[:count]

    def _lay_out_halves(self, figures):
        """Put one or two figures beside each other, on rows that both need."""
        if not figures:
            return
        start, height = self.row, max(self.figures.height_of(figure) for figure in figures)
        top = self._add_rows(1, HEADING_HEIGHT)
        self._add_rows(height - 1)
        for side, figure in enumerate(figures):
            column = side * (SIDE_COLUMNS + 1)
            if figure["kind"] == "chart":
                data = self.figures.chart(figure, column, start)
                pixels = HEADING_HEIGHT + (height - 1) * ROW_HEIGHT
                self._add_figure(figure, data, "carousel", side * (SIDE_WIDTH + GAP), top, SIDE_WIDTH, pixels)
            else:
                self.figures.cells(figure, column, start)
        self._add_rows(1)
        figures.clear()

    def _add_rows(self, count, size=ROW_HEIGHT):
        """Add rows.

        :return: how many pixels below the top they begin
        """
        top = sum(self.main.heights.values())
        for row in range(self.row, self.row + count):
            self.main.heights[row] = size
        self.row += count
        return top

    def _add_figure(self, figure, data, tag, x, y, width, height):
        figure_id = stable_id(self.description.name, "figure", figure["title"])
        if tag == "chart":
            data["chartId"] = figure_id
        self.main.figures.append(
            {
                "id": figure_id,
                "col": 0,
                "row": 0,
                "offset": {"x": x, "y": y},
                "width": width,
                "height": height,
                "tag": tag,
                "data": data,
            }
        )
