"""The table of the benchmark of the intake: leads per second, stock Odoo and ours, against the bars."""

from statistics import median
from typing import NamedTuple

from tests.bench.report import short, spread


class Row(NamedTuple):
    """A line of the table, and its bars, all of them lower ones.

    ``must`` and ``aim`` are of the ratio of ours to what it is held against, or of our own rate where ``absolute``.
    """

    title: str
    ours: str
    native: str | None = None
    must: float | None = None
    aim: float | None = None
    absolute: bool = False


def doors(title, batch):
    """The lines of the doors that are not judged; stock Odoo takes large batches from one client alone."""
    for door, name in {"json": "JSON", "soap": "SOAP", "json2": "Odoo's JSON-2"}.items():
        for clients in (1, 4):
            native = f"stock  {batch} by {clients if batch == 1 else 1}"
            title_of = f"{title}: {name}" if clients == 1 else "the same, 4 clients"
            yield Row(title_of, f"{door} now {batch} by {clients}", native)


ROWS = (
    Row("kept, one per request, 1 client (a POST with one INSERT)", "json later 1 by 1", "floor  1 by 1", 0.75, 0.9),
    Row("the same, 4 clients", "json later 1 by 4", "floor  1 by 4", 0.75, 0.9),
    Row("made, one per XML-RPC call, 1 client", "xmlrpc now 1 by 1", "stock  1 by 1", 1.5, 2.5),
    Row("the same, 4 clients", "xmlrpc now 1 by 4", "stock  1 by 4", 1.5, 2.5),
    Row("made, 1,000 per XML-RPC call", "xmlrpc now 1000 by 1", "stock  1000 by 1", 4, 8),
    Row("the same, 4 clients (stock: 1)", "xmlrpc now 1000 by 4", "stock  1000 by 1"),
    Row("kept, 1,000 per XML-RPC call, made later", "xmlrpc later 1000 by 1", None, 2_000, 5_000, True),
    Row("the same, 4 clients", "xmlrpc later 1000 by 4", None, 2_000, 5_000, True),
    Row("made and told by e-mail, one per call", "xmlrpc told 1 by 1", "stock_told  1 by 1"),
    Row("the same, 100 per call (ours: one e-mail a person)", "xmlrpc told 100 by 1", "stock_told  100 by 1"),
    *doors("made, one per request", 1),
    Row("made, one per form (stock: XML-RPC)", "form now 1 by 1", "stock  1 by 1"),
    Row("the same, 4 clients", "form now 1 by 4", "stock  1 by 4"),
    Row("made, one per mail (stock: to a team)", "mail now 1 by 1", "stock_mail  1 by 1"),
    Row("the same, 4 clients", "mail now 1 by 4", "stock_mail  1 by 4"),
    *doors("made, 1,000 per request", 1_000),
)
# What a large database is compared with the smallest by.
GROWTH = (
    Row("made, 1,000 per XML-RPC call", "xmlrpc now 1000 by 1", None, 1 / 1.5, 1 / 1.1),
    Row("made, one per XML-RPC call", "xmlrpc now 1 by 1"),
    Row("kept, one per request", "json later 1 by 1"),
    Row("stock, 1,000 per XML-RPC call", "stock  1000 by 1"),
    Row("stock, one per XML-RPC call", "stock  1 by 1"),
)
QUERIES = 1, 0.2
MEMORY = 150, 50


def markdown(result):
    """What ``intake.py`` measured, to be read and pasted.

    :param dict result: see ``intake.main``
    """
    lines = [heading(result), ""]
    for size, measured in result["sizes"].items():
        for mode, rates in measured["rates"].items():
            lines += [*table(int(size), mode, rates), ""]
        lines += [*costs(int(size), measured), "", *plans(int(size), measured["plans"]), ""]
    return "\n".join([*lines, *growth(result["sizes"]), *NOTES])


def heading(result):
    return (
        f"Commit {result['commit']}, {result['date']}: Odoo {result['odoo']}, {result['postgresql']}, "
        f"{result['machine']}; leads per second, median of {result['runs']} (range), stock and ours in turn."
    )


def table(size, mode, rates):
    """The lines of one size and kind of server."""
    yield f"| {size:,} leads there, {mode} | stock Odoo | ours | ours / stock | must | aim | |"
    yield "|---|---|---|---|---|---|---|"
    for row in ROWS:
        ours, native = rates.get(row.ours), rates.get(row.native)
        if not ours:
            continue
        ratio = median(ours) / median(native) if native else None
        bars = " | ".join(f"≥ {short(value)}" if value else "" for value in (row.must, row.aim))
        verdict = reached(median(ours) if row.absolute else ratio, row.must, row.aim)
        cells = spread(native) if native else "", spread(ours), short(ratio), bars, verdict
        yield f"| {row.title} | {' | '.join(cells)} |"


def costs(size, measured):
    """What a lead costs besides time."""
    yield (
        f"{size:,} leads there: {measured['queries']:.3f} queries per lead in a batch of 1,000 "
        f"(must ≤ {QUERIES[0]}, aim ≤ {QUERIES[1]}: {kept_below(measured['queries'], *QUERIES)}); a server "
        f"grows by {measured['memory']:.0f} MB over 10,000 leads after its first 1,000 "
        f"(must ≤ {MEMORY[0]}, aim ≤ {MEMORY[1]}: {kept_below(measured['memory'], *MEMORY)})."
    )


def plans(size, texts):
    """How PostgreSQL looks for duplicates."""
    yield f"Looking for duplicates of 1,000 leads by all four rules, {size:,} leads there:"
    yield ""
    for text in texts:
        yield from ("```", text, "```", "")


def growth(sizes):
    """What the most leads do to the rates of the fewest."""
    least, most = min(sizes, key=int), max(sizes, key=int)
    if least == most:
        return
    yield f"| {int(most):,} leads there ÷ {int(least):,}, threaded | ratio | must | aim | |"
    yield "|---|---|---|---|---|"
    few, many = (sizes[size]["rates"]["threaded"] for size in (least, most))
    for row in GROWTH:
        ratio = median(many[row.ours]) / median(few[row.ours])
        bars = " | ".join(f"≥ {value:.2f}" if value else "" for value in (row.must, row.aim))
        yield f"| {row.title} | {ratio:.2f} | {bars} | {reached(ratio, row.must, row.aim)} |"
    yield ""


NOTES = [
    "Stock Odoo is a database of its own with CRM and without our addon; both have the same leads, customers, stages "
    "and salespeople, and are sent the same new leads, no two of one person. *Made*: the lead is there before the "
    "answer; ours with its row in the inbox committed first, duplicates sought by e-mail and phone among leads and "
    "customers, and salespeople in turn. The note of creation and the followers, which stock `create` makes for its "
    "caller before it answers, come from a job in the same server; the time until it is through is counted. *Told by "
    "e-mail*: for a salesperson, to whom the e-mail is made and queued. *Mail*: handed in as Odoo's script for mail "
    "servers does. *Kept*: the row is committed and answered, the job that makes the leads is not running meanwhile. "
    "*A POST with one INSERT*: a route of Odoo without authentication that does nothing else. Servers are started with "
    "`-d` and without `--db-filter`; clients are processes that keep their connection, with bodies made beforehand."
]


def reached(value, must, aim):
    """Which lower bar is met, empty where there is none."""
    if must is None or value is None:
        return ""
    if value >= aim:
        return "aim"
    return "must" if value >= must else "**missed**"


def kept_below(value, must, aim):
    """Which upper bar is met."""
    return reached(-value, -must, -aim)
