"""The table of the benchmark of the customer's page against the bars of the specification."""

from statistics import median

from tests.bench.report import Row, bar, reached, short, spread

SERVER = Row("server", "server, ms", 300, 150, None, True)
QUERIES = Row("queries", "queries of the page", 40, 35, None, True)
REQUESTS = Row("requests", "requests for the customer's data", None, None, None, True)


def markdown(result):
    """What ``customer.py`` measured, to be read and pasted.

    :param dict result: see ``customer.main``
    """
    lines = [heading(result), ""]
    for size, measured in result["sizes"].items():
        lines += [*table(int(size), measured), ""]
    return "\n".join([*lines, *notes(result)])


def heading(result):
    return (
        f"Commit {result['commit']}, {result['date']}: Odoo {result['odoo']}, {result['postgresql']}, "
        f"{result['machine']}; median of {result['runs']} (range), native and ours in turn."
    )


def table(size, measured):
    """The lines of one size."""
    yield f"| {size:,} records of one customer | Odoo's form | the page | page / form | must | aim | |"
    yield "|---|---|---|---|---|---|---|"
    native, ours = measured["server"]["native"], measured["server"]["ours"]
    yield line(SERVER, size, spread(native), spread(ours), median(ours), short(median(ours) / median(native)))
    yield line(QUERIES, size, "", short(measured["queries"]), measured["queries"])
    requests = {side: len(paths) for side, paths in measured["calls"].items()}
    yield line(REQUESTS, size, short(requests["native"]), short(requests["ours"]), requests["ours"])


def line(row, size, native, ours, value, ratio=""):
    bars = " | ".join(bar(limit, row) for limit in (row.must, row.aim))
    verdict = reached(value, row, size) if row.must else ""
    return f"| {row.title} | {native} | {ours} | {ratio} | {bars} | {verdict} |"


def notes(result):
    """What has to be known to read the figures."""
    measured = next(iter(result["sizes"].values()))
    methods = {
        side: ", ".join(path.removeprefix("/web/dataset/call_kw/") for path in paths)
        for side, paths in measured["calls"].items()
    }
    return [
        "Odoo's form is in a database of its own without these addons, with the same customer but for notes and calls, "
        "which Odoo does not have; it shows the master data, the counts on its buttons and the first messages. "
        "*Server*: what each asks for the customer in Chromium as a sales manager, recorded and sent again over HTTP "
        f"one after the other (form: {methods['native']}; page: {methods['ours']})."
    ]
