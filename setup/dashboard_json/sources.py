"""Where figures come from: the pivots and lists of a spreadsheet, shared by all figures that can share one request."""

from dataclasses import dataclass, field

from .grid import stable_id


def measure_id(measure):
    """``expected_revenue`` is added up, ``days:avg`` says how itself, ``__count`` needs nothing."""
    return measure if measure == "__count" or ":" in measure else f"{measure}:sum"


def measure_json(measure):
    name, _sep, aggregator = measure_id(measure).partition(":")
    return {"id": measure_id(measure), "fieldName": name} | ({"aggregator": aggregator} if aggregator else {})


def dimension_json(spec):
    """A field to group by, of dates with the length of the periods and their order: ``board_date:month desc``."""
    spec, _sep, order = spec.partition(" ")
    name, _sep, granularity = spec.partition(":")
    return {"fieldName": name} | ({"granularity": granularity, "order": order or "asc"} if granularity else {})


@dataclass
class Pivot:
    """One request for groups and their sums."""

    id: str
    asked: tuple  # the name of its source, its domain, its rows, and whether it is of the period before
    columns: tuple
    sort: str | None
    source: dict
    matching: dict
    measures: list = field(default_factory=list)

    @property
    def name(self):
        source, _domain, rows, before = self.asked
        return " ".join(filter(None, [source.replace("_", " "), *rows, *self.columns, before and "before"]))

    def takes(self, columns, sort):
        """Whether a figure of the same rows is served as well, with columns and an order that nobody else has set."""
        if (columns and self.columns and columns != self.columns) or (sort and self.sort and sort != self.sort):
            return False
        self.columns = self.columns or columns
        if sort and not self.sort:
            self.sort = sort
            self.value(sort)
        return True

    def value(self, measure, *place):
        """The formula of a number; ``place`` are fields and values, ``#field`` and a position."""
        if measure not in self.measures:
            self.measures.append(measure)
        return f'PIVOT.VALUE({self.id},"{measure_id(measure)}"{arguments(place)})'

    def header(self, *place):
        return f"PIVOT.HEADER({self.id}{arguments(place)})"

    def to_json(self):
        _source, domain, rows, _before = self.asked
        sort = self.sort and {"measure": measure_id(self.sort), "order": "desc", "domain": []}
        return {
            "type": "ODOO",
            "fieldMatching": self.matching,
            "context": self.source.get("context", {}),
            "domain": domain,
            "id": self.id,
            "measures": [measure_json(measure) for measure in self.measures],
            "model": self.source["model"],
            "name": self.name,
            "sortedColumn": sort or None,
            "formulaId": self.id,
            "columns": [dimension_json(spec) for spec in self.columns],
            "rows": [dimension_json(spec) for spec in rows],
        } | ({"actionXmlId": self.source["action"]} if "action" in self.source else {})


def arguments(place):
    return "".join(f",{part}" if isinstance(part, int) else f',"{part}"' for part in place)


class Sources:
    """The pivots and lists of one dashboard."""

    def __init__(self, description):
        self.description = description
        names = [entry["name"] for entry in description.filters]
        self.filter_ids = {name: stable_id(description.name, "filter", name) for name in names}
        self._types = {entry["name"]: entry.get("type", "relation") for entry in description.filters}
        self._pivots = []
        self.lists = {}

    def source_of(self, figure):
        return self.description.sources[figure["source"]]

    def domain_of(self, figure):
        return [*self.source_of(figure).get("domain", []), *figure.get("domain", [])]

    def matching_of(self, figure, offset=0):
        """By which fields the filters choose, each with its kind."""
        matching = {}
        for name, place in self.source_of(figure).get("filters", {}).items():
            place = {"field": place} if isinstance(place, str) else place
            is_date = self._types[name] == "date"
            matching[self.filter_ids[name]] = {
                "chain": place["field"],
                "type": place.get("type", "date" if is_date else "many2one"),
            } | ({"offset": offset} if is_date else {})
        return matching

    def pivot(self, figure, rows=(), columns=(), sort=None, before=False):
        """The pivot for a figure: the one of an earlier figure where that has the same groups.

        One that has no columns, or no order, takes those of a later figure: what is in it already stays the same sums.

        :param bool before: of the period before
        """
        domain = self.domain_of(figure)
        asked = (figure["source"], domain, tuple(rows), before)
        for pivot in self._pivots:
            if pivot.asked == asked and pivot.takes(tuple(columns), sort):
                return pivot
        number = str(len(self._pivots) + 1)
        matching = self.matching_of(figure, -1 if before else 0)
        pivot = Pivot(number, asked, tuple(columns), sort, self.source_of(figure), matching)
        if sort:
            pivot.value(sort)
        self._pivots.append(pivot)
        return pivot

    def add_list(self, figure):
        """A list of records.

        :return: its number
        """
        number = str(len(self.lists) + 1)
        source = self.source_of(figure)
        name, _sep, direction = figure.get("order", "id").partition(" ")
        self.lists[number] = {
            "columns": [
                *(column["field"] for column in figure["columns"]),
                *(column["unless_zero"] for column in figure["columns"] if "unless_zero" in column),
            ],
            "domain": self.domain_of(figure),
            "model": source["model"],
            # how many more there are is not counted for the first few
            "context": {**source.get("context", {}), "dashboard_list": True},
            "orderBy": [{"name": name, "asc": direction != "desc"}],
            "id": number,
            "name": figure["title"],
            "fieldMatching": self.matching_of(figure),
        } | ({"actionXmlId": source["action"]} if "action" in source else {})
        return number

    def pivots_json(self):
        return {pivot.id: pivot.to_json() for pivot in self._pivots}

    def filters_json(self):
        return [self._filter_json(entry) for entry in self.description.filters]

    def _filter_json(self, entry):
        result = {"id": self.filter_ids[entry["name"]], "type": entry.get("type", "relation"), "label": entry["label"]}
        if "model" in entry:
            result |= {"modelName": entry["model"], "defaultValueDisplayNames": []}
        if "domain" in entry:
            result["domainOfAllowedValues"] = entry["domain"]
        if default := entry.get("default"):
            result["defaultValue"] = {"operator": "in", "ids": default} if "model" in entry else default
        return result
