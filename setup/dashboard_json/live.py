"""Figures that ask Odoo: formulas and charts, each number one whose records a click opens."""

from .charts import live_chart
from .figures import NUMBER, Figures
from .grid import cell_name, translated


class LiveFigures(Figures):
    """Formulas and charts that ask Odoo; each number is one whose records a click opens."""

    def number(self, figure, before):
        pivot = self._pivot_of_number(figure, before)
        place = [part for pair in figure.get("where", {}).items() for part in pair]
        # where a group has no records the pivot has no number: none is 0, but the average of none is nothing
        return f"={pivot.value(figure['measure'], *place)}" + ("" if figure["measure"].endswith(":avg") else "+0")

    def _pivot_of_number(self, figure, before):
        """A table of the same records has their totals as well, and those of what its columns are split by."""
        where = list(figure.get("where", {}))
        for table in () if before else self._tables():
            if self._is_alike(table, figure) and where in ([], [table.get("split")]):
                return self._pivot_of(table)
        return self.sources.pivot(figure, self._groups(figure), before=before)

    def _tables(self):
        """Tables, and those behind charts."""
        for figure in self.description.figures:
            if figure["kind"] == "table":
                yield figure
            elif figure["kind"] == "chart" and "table" in figure["forms"]:
                yield self.as_table(figure)

    def _is_alike(self, figure, other):
        """Whether two figures are of the same records."""
        return all(figure.get(key) == other.get(key) for key in ("source", "domain"))

    def _groups(self, figure):
        """By what the records of a number are grouped: a total is read where the groups of others are."""
        alike = [
            other["where"]
            for other in [figure, *self.description.figures]
            if other["kind"] in ("scorecard", "value") and other.get("where") and self._is_alike(other, figure)
        ]
        return list(alike[0]) if alike else []

    def _pivot_of(self, figure):
        sort, rows = figure.get("sort"), figure["by"]
        if figure["kind"] == "chart":
            sort = sort and figure["measure"]
            if ":" in rows:
                # those that have no line any more are the oldest
                rows += f" {figure.get('order', 'desc')}"
        return self.sources.pivot(figure, [rows], [figure["split"]] if "split" in figure else [], sort)

    def part_name(self, figure, position):
        return f"={self._pivot_of(figure).header('#' + figure['split'], position)}"

    def line(self, figure, column, row, position):
        pivot, place = self._pivot_of(figure), (f"#{figure['by']}", position)
        # beyond the last date Odoo has an error in place of nothing
        header = f'=IFERROR({pivot.header(*place)},"")' if ":" in figure["by"] else f"={pivot.header(*place)}"
        self.main.put(column, row, header, "link")
        for offset, entry in enumerate(figure["columns"], 1):
            content = self._content(figure, entry, pivot, column, row, place)
            self.main.put(column + offset, row, content, "cell", entry.get("format", NUMBER))

    def total(self, figure, column, row):
        pivot = self._pivot_of(figure)
        self.main.put(column, row, translated("Total"), "total")
        for offset, entry in enumerate(figure["columns"], 1):
            content = self._content(figure, entry, pivot, column, row, ())
            self.main.put(column + offset, row, content, "total", entry.get("format", NUMBER))

    def _content(self, figure, entry, pivot, column, row, place):
        if "value" not in entry:
            where = [part for pair in entry.get("where", {}).items() for part in pair]
            where += [f"#{figure['split']}", entry["position"]] if "position" in entry else []
            return f"={pivot.value(entry['measure'], *place, *where)}"
        names = {other.get("name"): offset for offset, other in enumerate(figure["columns"], 1)}
        return self.calculated(entry["value"], lambda name: cell_name(column + names[name], row))

    def list(self, figure, column, row):
        self._list = self.sources.add_list(figure)
        super().list(figure, column, row)

    def item(self, figure, entry, position):
        value = f'ODOO.LIST({self._list},{position},"{entry["field"]}")'
        if "unless_zero" in entry:
            value = f'IF(ODOO.LIST({self._list},{position},"{entry["unless_zero"]}")=0,"",{value})'
        return f"={value}", entry.get("format")

    def chart_form(self, figure, form):
        source = self.sources.source_of(figure)
        return live_chart(figure, form, source, self.sources.domain_of(figure))
