"""The table of a benchmark: medians, ranges and ratios against the bars of the specification, as Markdown."""

import datetime
import os
import pathlib
import re
import shutil
import subprocess
from statistics import median
from typing import NamedTuple

from odoo import release

from tests.bench.chromium import PROGRAMS

ROOT = pathlib.Path(__file__).parents[2]
MILLION, HUNDRED_THOUSAND = 1_000_000, 100_000


class Row(NamedTuple):
    """A line of the table, and the bars of what it compares.

    ``must`` and ``aim`` are of the ratio of ours to native, or of our own value where ``absolute``; ``size`` is the
    number of projects that they are for, any where it is None.
    """

    figure: str
    title: str
    must: float | None = None
    aim: float | None = None
    size: int | None = None
    absolute: bool = False


ROWS = (
    Row("server_quarter", "server, own and this quarter (native: own), ms", 1 / 5, 1 / 10, MILLION),
    Row("server_own", "server, own, all dates, ms"),
    Row("server_all", "server, all deals (manager), ms", 1 / 5, 1 / 10, MILLION),
    Row("first_paint", "Chromium, own: first contentful paint, ms"),
    Row("data_start", "first request for data starts, ms"),
    Row("first_card", "first card painted, ms", 1 / 2, 1 / 3, HUNDRED_THOUSAND),
    Row("last_paint", "last thing painted, ms", 1 / 3, 1 / 5, HUNDRED_THOUSAND),
    Row("cards", "cards"),
    Row("requests", "requests of the view to open", 15, 8, None, True),
    Row("boot_requests", "requests of the web client's own start"),
    Row("answered", "move a card: drop to last answer, ms"),
    Row("totals", "move a card: drop to right totals, ms", 1.2, 1, None),
)
GROWTH = Row("growth", "", 2, 1.3, None, True)


# ------------------------------------------------------------
# The table
# ------------------------------------------------------------


def markdown(result):
    """What ``board.py`` measured, to be read and pasted.

    :param dict result: see ``board.main``
    """
    lines = [heading(result), ""]
    for size, measured in result["sizes"].items():
        lines += [*table(int(size), measured["figures"]), ""]
    return "\n".join(lines + growth(result["sizes"]) + notes(result))


def heading(result):
    return (
        f"Commit {result['commit']}, {result['date']}: Odoo {result['odoo']}, {result['postgresql']}, "
        f"{result['chromium']}, {result['machine']}; median of {result['runs']} (range), native and ours in turn."
    )


def table(size, figures):
    """The lines of one size."""
    yield f"| {size:,} projects | native | ours | ours / native | must | aim | |"
    yield "|---|---|---|---|---|---|---|"
    for row in ROWS:
        native, ours = figures[row.figure]["native"], figures[row.figure]["ours"]
        ratio = median(ours) / median(native) if median(native) else None
        bars = " | ".join(bar(value, row) for value in (row.must, row.aim))
        verdict = reached(median(ours) if row.absolute else ratio, row, size)
        yield f"| {row.title} | {spread(native)} | {spread(ours)} | {short(ratio)} | {bars} | {verdict} |"


def growth(sizes):
    """How much longer the server takes for the most projects than for the fewest."""
    least, most = min(sizes, key=int), max(sizes, key=int)
    if least == most:
        return []
    values = {
        side: median(sizes[most]["figures"]["server_quarter"][side])
        / median(sizes[least]["figures"]["server_quarter"][side])
        for side in ("native", "ours")
    }
    verdict = reached(values["ours"], GROWTH, int(most))
    return [
        f"Server time of own and this quarter, {int(least):,} to {int(most):,} projects: {values['ours']:.2f} times "
        f"(native, own: {values['native']:.2f}); must ≤ {GROWTH.must}, aim ≤ {GROWTH.aim}: {verdict}.",
        "",
    ]


def notes(result):
    """What has to be known to read the figures."""
    methods = {
        side: ", ".join(next(iter(measured["calls"][side].values())))
        for measured in list(result["sizes"].values())[:1]
        for side in measured["calls"]
    }
    return [
        "Native is a database of its own without these addons, with the same modules of Odoo and the same projects; "
        "both count the same projects and sums, which is checked before and after each size. *Server*: all calls for "
        "data that the page makes in Chromium, recorded and sent again over HTTP one after the other "
        f"(native: {methods['native']}; ours: {methods['ours']}). *Requests of the view*: these calls, and the images "
        "within the view that the browser has not kept; the page, scripts, styles, menus, translations, view "
        "definitions and messaging are the web client's own start. *Last thing painted*: the last card, image or sum "
        "that changed. *Right totals*: from letting the card go until the heads of the columns had changed for the "
        "last time, Odoo's counting animation included. A bar is judged at the number of projects that it is set for."
    ]


def spread(values):
    return f"{short(median(values))} ({short(min(values))}–{short(max(values))})"


def short(value):
    """A number as it is read: a fraction with two digits, others whole."""
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.2f}"


def bar(value, row):
    return "" if value is None else f"≤ {short(value)}"


def reached(value, row, size):
    """Which bar is met, empty where there is none for this number of projects."""
    if row.must is None or value is None or row.size not in (None, size):
        return ""
    if row.aim is not None and value <= row.aim:
        return "aim"
    return "must" if value <= row.must else "**missed**"


# ------------------------------------------------------------
# Where it was measured
# ------------------------------------------------------------


def circumstances(addon="crm_salesboard"):
    """When, of what and on what it was measured.

    :param str addon: what is measured; its changes that are not committed are told
    """
    return {
        "date": datetime.datetime.now().isoformat(" ", "minutes"),
        "commit": commit(addon),
        "odoo": release.version,
        "postgresql": "PostgreSQL " + output("psql", "-XAtq", "-d", "postgres", "-c", "SHOW server_version").split()[0],
        "chromium": chromium(),
        "machine": machine(),
    }


def commit(addon):
    changed = output("git", "status", "--porcelain", "--untracked-files=no", addon)
    return (output("git", "rev-parse", "--short", "HEAD") or "unknown") + (" with changes" if changed else "")


def chromium():
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    found = re.match(r"\D*[\d.]+", output(program, "--version")) if program else None
    return found[0].strip() if found else "no Chromium"


def machine():
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return f"{os.cpu_count()} cores{f' of {model[1].strip()}' if model else ''}, {memory:.0f} GiB"


def output(*command):
    """What a program prints, empty where it fails."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""
