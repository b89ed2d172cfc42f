"""The table of the benchmark of anonymising: medians, ranges and ratios against the bars of the specification."""

from statistics import median

from tests.bench.report import Row as Bar
from tests.bench.report import bar, reached, short, spread

MILLION = 1_000_000
LIST = Bar("ages", "age list, the oldest 80 (native: contacts), ms", 2, 1.2, MILLION)
CARRY_OUT = Bar("carry_out", "anonymise {persons:,} persons (native: write their contacts), s", 1, 1 / 5)
PREVIEW = Bar("preview", "preview of them (beside: carrying out), s", 1.2)
REBUILD = Bar("rebuild", "all ages anew, s", 600, 120, MILLION, True)
SEARCH = Bar("residue", "search of everything for them, s", 600, None, MILLION, True)
MEMORY = Bar("memory", "memory that the search takes at most, MB", 1_024, None, MILLION, True)
GROWTH = Bar("growth", "", 1.5, 1.1)


def markdown(result):
    """What ``gdpr.py`` measured, to be read and pasted.

    :param dict result: see ``gdpr.main``
    """
    lines = [heading(result), ""]
    for size, measured in result["sizes"].items():
        lines += [*table(int(size), measured), "", *plans(measured["plans"]), ""]
    return "\n".join([*lines, *growth(result["sizes"]), NOTES])


def heading(result):
    return (
        f"Commit {result['commit']}, {result['date']}: Odoo {result['odoo']}, {result['postgresql']}, "
        f"{result['machine']}; median of {result['runs']} (range), native and ours in turn."
    )


def table(size, measured):
    """The lines of one size."""
    yield f"| {size:,} projects | native | ours | ours / native | must | aim | |"
    yield "|---|---|---|---|---|---|---|"
    ages, runs, search = measured["ages"], measured["runs"], measured["residue"]
    native, done, shown = (seconds(runs, what) for what in ("baseline", "carry_out", "preview"))
    yield line(CARRY_OUT, size, native, done, CARRY_OUT.title.format(persons=runs[0]["persons"]))
    yield line(PREVIEW, size, done, shown)
    yield line(LIST, size, *([value * 1_000 for value in ages[side]] for side in ("native", "ours")))
    yield line(REBUILD, size, None, [ages["rebuild"]["seconds"]])
    yield line(SEARCH, size, None, [search["seconds"]])
    yield line(MEMORY, size, None, [search["memory"]])


def line(row, size, native, ours, title=None):
    ratio = median(ours) / median(native) if native else None
    bars = " | ".join(bar(value, row) for value in (row.must, row.aim))
    verdict = reached(median(ours) if row.absolute else ratio, row, size)
    cells = spread(native) if native else "", spread(ours), short(ratio), bars, verdict
    return f"| {title or row.title} | {' | '.join(cells)} |"


def seconds(runs, what):
    return [run[what]["seconds"] for run in runs]


def plans(found):
    """Which large tables are read from one end to the other for persons."""
    if not found:
        yield "No statement of a rehearsal reads a table of more than 10,000 rows from one end to the other."
    for plan in found:
        yield f"- Reads all {plan['rows']:,} rows of {plan['table']}: `{' '.join(plan['query'].split())}`"


def growth(sizes):
    """How much longer a person takes among the most projects than among the fewest."""
    least, most = min(sizes, key=int), max(sizes, key=int)
    if least == most:
        return
    few, many = (
        median(run["carry_out"]["seconds"] / run["persons"] for run in sizes[size]["runs"]) for size in (least, most)
    )
    yield (
        f"A person, {int(least):,} to {int(most):,} projects: {many / few:.2f} times; must ≤ {GROWTH.must}, "
        f"aim ≤ {GROWTH.aim}: {reached(many / few, GROWTH, int(most))}."
    )
    yield ""


NOTES = (
    "Native writes eleven fields of each contact by the ORM, one contact after the other, and nothing else of the "
    "person. The search for what is left follows the carrying out, and is measured by itself."
)
