"""The figures of a sample: the same ones with numbers of the description, for a database that has none yet."""

import re

from .charts import sample_chart
from .figures import NUMBER, PARTS, Figures
from .grid import cell_name, translated

MONTH = "mmm yyyy"
DAY = "d mmm yyyy"
DAYS = re.compile(r"[+-]\d+")
# Where the samples of charts begin in the data sheet, right of the texts and values.
FIRST_COLUMN = 5


class SampleFigures(Figures):
    """Numbers and texts of the description in place of formulas."""

    is_live = False

    def __init__(self, *args):
        super().__init__(*args)
        self.chart_column = FIRST_COLUMN
        self.chart_rows = 0

    def number(self, figure, before):
        return figure.get("sample_before" if before else "sample", 0)

    def line(self, figure, column, row, position):
        lines = self.chart_lines(figure) if figure["kind"] == "chart" else figure["sample"]
        if position > len(lines):
            return
        label, *values = lines[position - 1]
        self.main.put(column, row, label, "link", MONTH)
        for offset, value in enumerate(values, 1):
            self.main.put(column + offset, row, value, "cell", figure["columns"][offset - 1].get("format", NUMBER))

    def total(self, figure, column, row):
        """A sample has no totals: what is an average cannot be added up."""

    def item(self, figure, entry, position):
        lines = figure["sample"]
        if position > len(lines):
            return None, None
        value = lines[position - 1][figure["columns"].index(entry)]
        if isinstance(value, str) and DAYS.fullmatch(value):
            return f"=TODAY(){value}", DAY
        return value, entry.get("format")

    # --- charts -----------------------------------------------------------------------------

    def labels(self, sample):
        if "months" in sample:
            first, last = sample["months"]
            return [f"=EDATE(TODAY(),{month})" for month in range(first, last + 1)]
        return [translated(label) for label in sample["labels"]] if "labels" in sample else sample["names"]

    def series(self, sample):
        """The rows of numbers of a chart by name, the only one of a simple chart without one."""
        return sample.get("series") or {"": sample["values"]}

    def part_name(self, figure, position):
        names = list(self.series(figure["sample"]))
        return translated(names[position - 1]) if position <= len(names) else None

    def chart_lines(self, figure):
        """The lines of the table of a chart: label, then what ``chart_columns`` says."""
        sample = figure["sample"]
        rows = list(zip(*self.series(sample).values(), strict=True))
        sums = [sum(row) for row in rows]
        if "split" in figure:
            parts = [(row + (None,) * PARTS)[:PARTS] for row in rows]
            return [(label, *row, total) for label, row, total in zip(self.labels(sample), parts, sums, strict=True)]
        if figure["measure"] == "__count":
            return list(zip(self.labels(sample), sums, strict=True))
        return list(zip(self.labels(sample), sample["counts"], sums, strict=True))

    def chart_form(self, figure, form):
        """A chart of cells of the data sheet, in which its labels and numbers are put first."""
        sample = figure["sample"]
        labels, measure = self.labels(sample), form.get("measure", figure["measure"])
        series = self.series(sample) if measure == figure["measure"] else {"": sample["by_measure"][measure]}
        ranges = [self.put_column(None, labels, MONTH)]
        ranges += [self.put_column(name, values, NUMBER) for name, values in series.items()]
        return sample_chart(figure, form, ranges[0], ranges[1:], has_names=len(series) > 1)

    def put_column(self, name, values, number_format):
        """Write one column of a chart.

        :return: its range; with its head if it has a name
        """
        column = self.chart_column
        if name:
            self.data.put(column, 0, translated(name))
        for row, value in enumerate(values, 1):
            self.data.put(column, row, value, None, number_format)
        self.chart_column += 1
        self.chart_rows = max(self.chart_rows, len(values) + 1)
        return f"Data!{cell_name(column, 0 if name else 1)}:{cell_name(column, len(values))}"

    def write_texts(self):
        super().write_texts()
        self.data_rows = max(self.data_rows, self.chart_rows)
