from odoo import models

GRANULARITIES = ("", "day", "week", "month", "quarter", "year")


class CrmLead(models.Model):
    """Groups of a million projects, counted first and put in order afterwards.

    Odoo groups also by what the groups are sorted by, such as the name of a salesperson: PostgreSQL then expects as
    many groups as there are projects, and sorts all of these. Several sets of groups it counts with one process alone.
    Where all sums are in one currency (``salesboard_one_currency``, as on dashboards) the smallest groups are counted,
    by their ids; the larger ones are added up from these, and all are sorted here.
    """

    _inherit = "crm.lead"

    def _read_group(self, domain, groupby=(), aggregates=(), having=(), offset=0, limit=None, order=None):
        terms = self._get_group_order(groupby, order)
        if not terms or having or offset or limit is not None:
            return super()._read_group(domain, groupby, aggregates, having, offset, limit, order)
        rows = super()._read_group(domain, groupby, aggregates)
        return _sort_groups(rows, groupby, terms, self._rank_groups(rows, groupby, terms))

    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        finest = max(grouping_sets, key=len, default=())
        terms = self._get_group_order(finest, order)
        adds_up = all(spec == "__count" or spec.endswith(":sum") for spec in aggregates)
        rows = []
        if terms is not None and adds_up and all(set(groupby) <= set(finest) for groupby in grouping_sets):
            rows = super()._read_group(domain, finest, aggregates)
        if not rows:
            return super()._read_grouping_sets(domain, grouping_sets, aggregates, order)
        found, ranks = [], self._rank_groups(rows, finest, terms)
        for groupby in grouping_sets:
            groups = _roll_up(rows, [finest.index(spec) for spec in groupby], len(finest))
            found.append(_sort_groups(groups, groupby, [term for term in terms if term[0] in groupby], ranks))
        return found

    def _get_group_order(self, groupby, order):
        """
        :param order: what ``_read_group`` takes
        :return: ``[(group, whether the last comes first)]``; None where that is left to PostgreSQL
        """
        if not self.env.context.get("salesboard_one_currency"):
            return None
        terms = []
        for part in filter(None, map(str.strip, (order or "").split(","))):
            spec, _sep, direction = part.partition(" ")
            if spec not in groupby or direction.lower() not in ("", "asc", "desc"):
                return None
            terms.append((spec, direction.lower() == "desc"))
        return terms if all(map(self._is_plain_group, groupby)) else None

    def _is_plain_group(self, spec):
        """Whether a project is in one group, and Python sorts these as PostgreSQL does."""
        name, _sep, granularity = spec.partition(":")
        field = self._fields.get(name)
        return (
            bool(field) and field.type in ("many2one", "selection", "date", "datetime") and granularity in GRANULARITIES
        )

    def _rank_groups(self, rows, groupby, terms):
        """Where the groups of each term come: records in the order of their model; what is empty has no place.

        :return: ``{spec: {value: number}}``
        """
        columns = {spec: dict.fromkeys(row[groupby.index(spec)] for row in rows) for spec, _is_descending in terms}
        return {spec: self._rank_values(list(values)) for spec, values in columns.items()}

    def _rank_values(self, values):
        filled = [value for value in values if value]
        if filled and isinstance(filled[0], models.Model):
            # sudo: who may see a project may have it sorted by whose it is, as natively
            records = filled[0].sudo().with_context(active_test=False)
            found = records.search([("id", "in", [record.id for record in filled])])
            places = {record.id: place for place, record in enumerate(found)}
            filled.sort(key=lambda record: places[record.id])
        else:
            filled.sort()
        return {value: place for place, value in enumerate(filled)}


def _sort_groups(rows, groupby, terms, ranks):
    """Put groups in order as PostgreSQL does, which takes what is empty for the last."""
    for spec, is_descending in reversed(terms):
        position, places = groupby.index(spec), ranks[spec]
        keys = [(places.get(row[position], len(places)), row) for row in rows]
        keys.sort(key=lambda pair: pair[0], reverse=is_descending)
        rows = [row for _place, row in keys]
    return rows


def _roll_up(rows, positions, width):
    """Add up the groups that are alike at some positions.

    :param width: of how many of its first values a group is made; what follows is added up
    """
    sums = {}
    for row in rows:
        group = tuple(row[position] for position in positions)
        added = sums.get(group)
        # an empty sum is False, as natively, and stays that beside other empty ones
        amounts = row[width:] if added is None else (_add(*pair) for pair in zip(added, row[width:], strict=True))
        sums[group] = tuple(amounts)
    return [(*group, *amounts) for group, amounts in sums.items()]


def _add(first, second):
    return second if first is False else first if second is False else first + second
