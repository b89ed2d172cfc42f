"""Installs all of our addons on years of CRM, beside what Odoo takes to add one stored computed field to leads.

``setup/bench life`` makes the databases and runs this; the bar is that of the specification. What an installation takes
whatever there is, is taken off: it is measured on the same database without leads. Nothing here fails because something
is slow: it ends with an error only if an installation does not work.
"""

import contextlib
import json
import subprocess
import sys
import time
from statistics import median

import psycopg2

from odoo.sql_db import connection_info_for

from tests.bench import report
from tests.bench.gdpr import data_folder
from tests.bench.gdpr_copy import copy_of
from tests.bench.intake import BENCH, addons_path
from tests.bench.options import read_options
from tests.bench.servers import ServerError
from tests.life.addons import addon_names

MUST = 2  # times what one stored field takes
PER = 10_000
WITHOUT_LEADS = "bench-base-native"
SIDES = {"field": ["bench_field"], "ours": addon_names()}


def measure_size(size, options):
    """Install each side on a copy with leads and on one without, in turn.

    :return: ``{side: {"with": seconds, "without": seconds}}``, a list of each
    """
    taken = {side: {"with": [], "without": []} for side in SIDES}
    for run in range(options.runs):
        for side, addons in SIDES.items():
            for which, database in (("with", f"bench-life-{size}"), ("without", WITHOUT_LEADS)):
                step = f"run {run + 1} of {options.runs}, {side}, {which}"
                print(f"    {size:,} leads: {step}", file=sys.stderr, flush=True)
                taken[side][which].append(install(database, addons, options))
    return taken


def install(database, addons, options):
    """
    :return: seconds
    :raise ServerError: it does not work
    """
    paths = f"{addons_path(options.config)},{BENCH / 'addons'}"
    with copy_of(database, data_folder(options.config)) as copy:
        command = [sys.executable, "-m", "odoo", "-c", str(options.config), "-d", copy, "--addons-path", paths]
        start = time.monotonic()
        done = subprocess.run(
            [*command, "-i", ",".join(addons), "--stop-after-init", "--no-http", "--max-cron-threads", "0"],
            capture_output=True,
            text=True,
            check=False,
        )
        taken = time.monotonic() - start
        if done.returncode or not is_installed(copy, addons):
            raise ServerError(f"{', '.join(addons)} cannot be installed: {(done.stdout + done.stderr)[-2000:]}")
        return taken


def is_installed(database, addons):
    """Whether all of them are, as Odoo ends well also when it has not found one."""
    _name, settings = connection_info_for(database)
    with contextlib.closing(psycopg2.connect(**settings)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ir_module_module WHERE state = 'installed' AND name = ANY(%s)", [addons])
        return cursor.fetchone()[0] == len(addons)


def per_leads(times, size):
    """Seconds that leads add to an installation, for each 10,000 of them."""
    return (median(times["with"]) - median(times["without"])) * PER / size


def markdown(result):
    """What was measured, to be read and pasted."""
    lines = [
        f"Commit {result['commit']}, {result['date']}: Odoo {result['odoo']}, {result['postgresql']}, "
        f"{result['machine']}; median of {result['runs']} (range), seconds, each on a copy of its own.",
        "",
        "| | without leads | with leads | per 10,000 leads | must | |",
        "|---|---|---|---|---|---|",
    ]
    for size, measured in result["sizes"].items():
        lines += table(int(size), measured)
    return "\n".join(lines)


def table(size, measured):
    """The lines of one size."""
    titles = {"field": "Odoo, one stored computed field", "ours": f"all {len(SIDES['ours'])} addons"}
    yield f"| **{size:,} leads** | | | | | |"
    for side, times in measured.items():
        added = per_leads(times, size)
        columns = f"{report.spread(times['without'])} | {report.spread(times['with'])} | {added:.2f}"
        yield f"| {titles[side]} | {columns} | | |"
    field, ours = (per_leads(measured[side], size) for side in SIDES)
    ratio = ours / field if field > 0 else None
    verdict = "" if ratio is None else "met" if ratio <= MUST else "**missed**"
    yield f"| ours / one field | | | {'' if ratio is None else f'{ratio:.2f}'} | ≤ {MUST} | {verdict} |"


def main():
    options = read_options("life", __doc__)
    result = {**report.circumstances("."), "runs": options.runs, "sizes": {}}
    for size in sorted(options.sizes):
        result["sizes"][str(size)] = measure_size(size, options)
        # After each size, as a long run may be broken off.
        options.output.parent.mkdir(parents=True, exist_ok=True)
        options.output.write_text(json.dumps(result, indent=1))
    print(markdown(result))


if __name__ == "__main__":
    try:
        main()
    except ServerError as error:
        sys.exit(f"setup: {error}")
