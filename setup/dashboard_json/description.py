"""What a dashboard shows, as a person writes it: ADDON/dashboards/NAME.toml.

It becomes ADDON/data/files/NAME_dashboard.json and, for a database that is still empty, NAME_sample_dashboard.json; a
record of ``spreadsheet.dashboard`` in the addon's data names both. Every text in it is English and is translated by the
addon's .po files; for these no text holds a double quote. A description has three parts.

**Filters**, in the order in which they are offered::

    [[filters]]
    name = "period"             # what the sources call it
    label = "Period"
    type = "date"               # or with model = "res.users": records of that model
    default = "this_year"       # of dates a period of Odoo, of users "current_user"; without it all
    domain = [["share", "=", false]]    # which records are offered

**Sources**: what is counted, and by which of its fields each filter chooses::

    [sources.results]
    model = "crm.lead"
    domain = [["board_kind", "in", ["order", "lost"]], ["active", "in", [true, false]]]
    context = {active_test = false}
    action = "crm_dashboard.crm_lead_action_dashboard"     # whose views show the records behind a figure
    filters = {period = "board_date", user = "user_id"}           # {field = "date", type = "datetime"} where it is one

**Figures**, which are laid out by themselves, in their order: scorecards beside each other, all else two in a row,
the first one left. Common to all: ``kind``, ``title``, ``source``, and ``domain`` to count a part of the source only.

``kind = "scorecard"``: one number. ``kind = "value"``: the same, not shown, for others to calculate with::

    measure = "__count"             # or a field that is added up
    where = {won_status = "won"}    # a group of the source; scorecards with the same fields there share one request
    name = "won"                    # so that others can name it
    value = "{won} / {closed}"      # calculated from others, in place of source, measure and where; empty where the
    format = "0%"                   #   divisor is 0. A click opens the records of the last one
    compare = true                  # with the period before; better = "down" where less is better
    note = "to close in the period" # below the number, in place of the comparison
    sample = 12                     # sample_before = 10: where compared; not of what is calculated

``kind = "chart"``: records or a sum of theirs by one or two fields. Its forms are tabs, the first one is shown first::

    by = ["board_date:month", "won_status"]
    measure = "actual_revenue"
    forms = ["bar", "line", "pie", "table"]     # or funnel, which adds up;
                                                # {type = "bar", measure = "__count", title = "Number"}
    stacked = true                              # horizontal = true
    sort = "desc"                               # the biggest first
    label = "Month"                             # head of the first column of the table; measure_label of the others.
                                                #   A second field has three columns, and one for all of its values
    limit = 12                                  # rows of the table, below one for all; the latest dates first,
    order = "asc"                               #   or the earliest
    sample = {labels = ["Prospect", "Offer"], values = [12, 5]}     # months = [-2, 0]: from, to; names: not translated;
                                                # counts = [3, 2]: numbers to the sums of values; of two fields
                                                # series = {Won = [1, 2], Lost = [3, 4]} in place of values;
                                                # by_measure = {expected_revenue = [1, 2]} of forms with their own

``kind = "table"``: a line for each value of a field, every number opens its records::

    by = "user_id"
    label = "Salesperson"
    split = "won_status"            # a second field, for the columns to choose from
    sort = "actual_revenue"         # the biggest first
    limit = 10
    columns = [{title = "Won", name = "won", measure = "__count", where = {won_status = "won"}},
               {title = "Won Share", value = "{won} / {closed}", format = "0%"}]       # four at most
    sample = [["Anna Lind", 12, 34000]]

``kind = "list"``: records, each opened by a click::

    order = "date_deadline"         # "date_deadline desc"
    limit = 10
    columns = [{field = "name", title = "Project"}, {field = "partner_id", title = "Customer", wide = true},
               {field = "expected_revenue", title = "Projected", format = "#,##0", right = true}]
                                    # unless_zero = "cost": empty where that field is 0
    sample = [["Laptops", "Konex", "+5", 1200]]     # "+5": in five days
"""

import re
from dataclasses import dataclass
from pathlib import Path

try:
    import tomllib
except ImportError:  # Python 3.10
    from pip._vendor import tomli as tomllib

KINDS = {
    "scorecard": {"measure", "where", "value", "format", "compare", "better", "note", "sample", "sample_before"},
    "value": {"measure", "where", "value", "format", "compare", "sample", "sample_before"},
    "chart": {"by", "measure", "forms", "stacked", "horizontal", "label", "measure_label", "limit", "order", "sort"}
    | {"sample"},
    "table": {"by", "label", "split", "sort", "limit", "columns", "sample"},
    "list": {"order", "limit", "columns", "sample"},
}
COMMON = {"kind", "name", "title", "source", "domain"}
FILTER_KEYS = {"name", "label", "type", "model", "default", "domain"}
SOURCE_KEYS = {"model", "domain", "context", "action", "filters"}
FORMS = {"bar", "line", "pie", "funnel", "table"}
MAX_COLUMNS = 4
NAME = re.compile(r"{(\w+)}")


class DescriptionError(Exception):
    """A description says what no dashboard can be made of."""


@dataclass
class Description:
    """A description that was read and found to be sound."""

    path: Path
    filters: list
    sources: dict
    figures: list

    @property
    def name(self):
        return self.path.stem

    @property
    def folder(self):
        """Where the files go: data/files of the addon, the place where Odoo looks for texts to translate."""
        return self.path.parents[1] / "data" / "files"

    @classmethod
    def read(cls, path):
        """Read a file.

        :raise DescriptionError: it is not TOML, or names something that is not there
        """
        path = Path(path).resolve()
        try:
            content = tomllib.loads(path.read_text())
        except (OSError, ValueError) as error:
            raise DescriptionError(f"{path}: {error}") from error
        cls._check_keys(path, content, {"filters", "sources", "figures"})
        description = cls(path, content.get("filters", []), content.get("sources", {}), content.get("figures", []))
        description._check()
        return description

    def _check(self):
        for entry in self.filters:
            self._check_keys(f"filter {entry.get('name')}", entry, FILTER_KEYS, {"name", "label"})
        known = {entry["name"] for entry in self.filters}
        for name, source in self.sources.items():
            self._check_keys(f"source {name}", source, SOURCE_KEYS, {"model"})
            if unknown := source.get("filters", {}).keys() - known:
                raise DescriptionError(f"{self.path}: source {name}: no filter {', '.join(sorted(unknown))}")
        titles = [figure.get("title") for figure in self.figures]
        for position, figure in enumerate(self.figures, 1):
            where = f"figure {position} ({figure.get('title')})"
            self._check_figure(where, figure)
            if figure["title"] in titles[: position - 1]:
                raise DescriptionError(f"{self.path}: {where}: another figure has this title")

    def _check_figure(self, where, figure):
        if figure.get("kind") not in KINDS:
            raise DescriptionError(f"{self.path}: {where}: kind is one of {', '.join(KINDS)}")
        self._check_keys(where, figure, COMMON | KINDS[figure["kind"]], {"title"})
        if "value" not in figure and figure.get("source") not in self.sources:
            raise DescriptionError(f"{self.path}: {where}: no source {figure.get('source')}")
        columns = figure.get("columns", ())
        width = len(columns) + sum(column.get("wide", False) for column in columns)
        if width > MAX_COLUMNS + (figure["kind"] == "list"):
            raise DescriptionError(f"{self.path}: {where}: too many columns, wide ones count twice")
        for form in figure.get("forms", ()):
            kind = form if isinstance(form, str) else form.get("type")
            if kind not in FORMS:
                raise DescriptionError(f"{self.path}: {where}: no form {kind}")

    @classmethod
    def _check_keys(cls, where, entry, allowed, needed=frozenset()):
        if unknown := entry.keys() - allowed:
            names, keys = (", ".join(sorted(words)) for words in (unknown, allowed))
            raise DescriptionError(f"{where}: {names} is no key; there are {keys}")
        if missing := needed - entry.keys():
            raise DescriptionError(f"{where}: {', '.join(sorted(missing))} is missing")
        for text in (entry.get("title", ""), entry.get("label", ""), entry.get("note", "")):
            if '"' in text:
                raise DescriptionError(f"{where}: a text without double quotes, please: {text}")
