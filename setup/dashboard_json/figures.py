"""The figures of a dashboard: what stands where, whether its numbers are live or those of a sample."""

from .description import NAME
from .grid import SIDE_COLUMNS, cell_name, stable_id, translated

LIMIT = 10
# How many values of the second field of a chart have a column of their own in its table.
PARTS = 3
NUMBER, AVERAGE = "#,##0", "#,##0.0"
CALM, GOOD = "#EFF6FF", "#F0FDF4"


class Figures:
    """What live and sample figures have in common: where what stands."""

    is_live = True

    def __init__(self, description, sources, main, data):
        self.description, self.sources, self.main, self.data = description, sources, main, data
        self.rows = {}  # the row of each value in the data sheet, by title and by name
        self.texts = {}  # what is on no cell, and so would not be translated
        self.data_rows = 0

    # --- numbers ----------------------------------------------------------------------------

    def write_values(self):
        """Write each single number into the data sheet: title, value, value of the period before."""
        values = [figure for figure in self.description.figures if figure["kind"] in ("scorecard", "value")]
        for row, figure in enumerate(values):
            self.rows[figure["title"]] = self.rows[figure.get("name", figure["title"])] = row
        for row, figure in enumerate(values):
            self.data.put(0, row, translated(figure["title"]))
            self.data.put(1, row, self.value(figure), None, figure.get("format"))
            if figure.get("compare"):
                self.data.put(2, row, self.value(figure, before=True), None, figure.get("format"))
            elif "note" in figure:
                # Odoo makes either both short or none, and a text not at all
                self.data.put(2, row, translated(figure["note"]))
                cell = cell_name(1, row)
                self.data.put(3, row, f'=IF({cell}="","",FORMAT.LARGE.NUMBER({cell}))')
        self.data_rows = len(values)

    def calculated(self, text, cell_of):
        """A formula of other numbers, empty where it is a share of nothing; an error in one of them stays one."""
        formula = NAME.sub(lambda match: cell_of(match[1]), text)
        _dividend, slash, divisor = formula.rpartition(" / ")
        return f'=IF(SUM({divisor})=0,"",{formula})' if slash else f"={formula}"

    def value(self, figure, before=False):
        if "value" in figure:
            return self.calculated(figure["value"], lambda name: cell_name(2 if before else 1, self.rows[name]))
        return self.number(figure, before)

    def scorecard(self, figure):
        row = self.rows[figure["title"]]
        data = {
            "baselineColorDown": "#DC6965",
            "baselineColorUp": "#00A04A",
            # a percentage of nothing would be infinite
            "baselineMode": "difference",
            "title": {"text": figure["title"], "bold": True, "color": "#434343"},
            "type": "scorecard",
            "background": GOOD if figure.get("compare") else CALM,
            "keyValue": f"Data!{cell_name(1, row)}",
            "humanize": True,
        }
        if figure.get("compare"):
            data |= {"baseline": f"Data!{cell_name(2, row)}", "baselineDescr": {"text": "since last period"}}
            if figure.get("better") == "down":
                data |= {"baselineColorDown": "#00A04A", "baselineColorUp": "#DC6965"}
        elif "note" in figure:
            data |= {"baseline": f"Data!{cell_name(2, row)}", "baselineMode": "text", "humanize": False}
            data["keyValue"] = f"Data!{cell_name(3, row)}"
        return data

    # --- cells ------------------------------------------------------------------------------

    def height_of(self, figure):
        """How many rows a figure needs, with its heading, its head and its totals."""
        return 1 + 1 + figure.get("limit", LIMIT) + (figure["kind"] != "list")

    def cells(self, figure, column, row):
        """Write a table or a list with its heading."""
        self.main.put(column, row, translated(figure["title"]), "heading")
        self.main.underline(column, row, SIDE_COLUMNS)
        (self.table if figure["kind"] == "table" else self.list)(figure, column, row + 1)

    def table(self, figure, column, row):
        limit = figure.get("limit", LIMIT)
        self.main.put(column, row, translated(figure["label"]), "head")
        for offset, entry in enumerate(figure["columns"], 1):
            self.main.put(column + offset, row, translated(entry["title"]), "head_number")
        self.total(figure, column, row + 1)
        for position in range(1, limit + 1):
            self.line(figure, column, row + 1 + position, position)
        measures = [entry.get("measure") for entry in figure["columns"]]
        bar = measures.index(figure["sort"]) + 1 if figure.get("sort") in measures else 1
        first, last = row + 2, row + 1 + limit
        self.main.add_bars(
            f"{cell_name(column, first)}:{cell_name(column, last)}",
            f"{cell_name(column + bar, first)}:{cell_name(column + bar, last)}",
            f"{self.description.name}/{figure['title']}",
        )

    def list(self, figure, column, row):
        for offset, entry in self.places(figure, column, row):
            style = "head_number" if entry.get("right") else "head"
            self.main.put(offset, row, translated(entry["title"]), style)
        for position in range(1, figure.get("limit", LIMIT) + 1):
            for offset, entry in self.places(figure, column, row + position):
                style = "link" if offset == column else "cell"
                content, number_format = self.item(figure, entry, position)
                self.main.put(offset, row + position, content, style, number_format)

    def places(self, figure, column, row):
        """Yield the sheet's column and the entry for each column of a list; wide ones take two."""
        for entry in figure["columns"]:
            yield column, entry
            if entry.get("wide"):
                self.main.merge(column, row, 2)
            column += 2 if entry.get("wide") else 1

    # --- charts -----------------------------------------------------------------------------

    def chart(self, figure, column, row):
        """A carousel with the forms of a chart, and the cells below it that its table shows."""
        definitions, items = {}, []
        for form in figure["forms"]:
            form = {"type": form} if isinstance(form, str) else form
            if form["type"] == "table":
                items.append({"type": "carouselDataView"})
                self.chart_table(figure, column, row + 1)
                continue
            chart_id = stable_id(self.description.name, figure["title"], form["type"], form.get("title", ""))
            definitions[chart_id] = self.chart_form(figure, form)
            items.append({"type": "chart", "chartId": chart_id} | ({"title": form["title"]} if "title" in form else {}))
            self.texts |= {form["title"]: None} if "title" in form else {}
        self.texts[figure["title"]] = None
        title = {"text": figure["title"], "fontSize": 16, "bold": True, "color": "#01666B"}
        matching = self.sources.matching_of(figure) if self.is_live else {}
        return {
            "chartDefinitions": definitions,
            "items": items,
            "title": title,
            "fieldMatching": dict.fromkeys(definitions, matching) if self.is_live else {},
        }

    def as_table(self, figure):
        """A chart by one field or two is a table by the first one, whose columns are split by the second."""
        by, *split = figure["by"]
        return {**figure, "by": by} | ({"split": split[0]} if split else {})

    def chart_columns(self, figure):
        """Number and measure; of a chart by two fields the values of the second one, and all of them together."""
        measure = {"measure": figure["measure"]} | ({"format": AVERAGE} if figure["measure"].endswith(":avg") else {})
        if len(figure["by"]) > 1:
            parts = [{"position": position, **measure} for position in range(1, PARTS + 1)]
            return [*parts, {"title": figure.get("measure_label", "Total"), **measure}]
        if figure["measure"] == "__count":
            return [{"title": figure.get("measure_label", "Number"), **measure}]
        return [{"title": "Number", "measure": "__count"}, {"title": figure["measure_label"], **measure}]

    def chart_table(self, figure, column, row):
        """The numbers of a chart: a line for all, and one for each value of the first of its fields."""
        figure = {**self.as_table(figure), "columns": self.chart_columns(figure)}
        self.main.put(column, row, translated(figure["label"]), "head")
        for offset, entry in enumerate(figure["columns"], 1):
            self.main.put(column + offset, row, self.head(figure, entry), "head_number")
        self.total(figure, column, row + 1)
        for position in range(1, figure.get("limit", LIMIT) + 1):
            self.line(figure, column, row + 1 + position, position)

    def head(self, figure, entry):
        return self.part_name(figure, entry["position"]) if "position" in entry else translated(entry["title"])

    def write_texts(self):
        """Write what no cell holds where Odoo looks for texts to translate."""
        for offset, text in enumerate(self.texts):
            self.data.put(0, self.data_rows + offset, translated(text))
        self.data_rows += len(self.texts)
