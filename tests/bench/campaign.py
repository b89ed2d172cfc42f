"""Builds the group of a campaign, queues its e-mail beside a native mailing to the same, and prints its letters.

``setup/bench campaign`` makes the databases and runs this; the bars are those of the specification. Nothing here fails
because something is slow: it ends with an error only if something does not work.
"""

import json
import re
import subprocess
import sys
from statistics import median

from tests.bench import report
from tests.bench.gdpr import data_folder
from tests.bench.gdpr_copy import copy_of
from tests.bench.options import read_options
from tests.bench.servers import ServerError

MUST_GROUP = 20  # seconds
MUST_RATIO = 1.2
MUST_LETTERS = 120  # seconds


def measure_size(size, options):
    """All figures of one size: a copy of the database for each run, with who is first in turn.

    :return: list of what ``campaign_run.measure`` says
    """
    runs = []
    for run in range(options.runs):
        print(f"    {size:,} customers: run {run + 1} of {options.runs}", file=sys.stderr, flush=True)
        with copy_of(f"bench-campaign-{size}", data_folder(options.config)) as database:
            runs.append(in_shell(database, options, native_first=not run % 2))
    return runs


def in_shell(database, options, **arguments):
    command = [sys.executable, "-m", "odoo", "shell", "-c", str(options.config), "-d", database, "--no-http"]
    script = f"from tests.bench import campaign_run; campaign_run.tell(campaign_run.measure(env, **{arguments!r}))"
    done = subprocess.run([*command, "--log-level", "error"], input=script, capture_output=True, text=True, check=False)
    found = re.search(r"^measured (.+)$", done.stdout, re.MULTILINE)
    if not found:
        raise ServerError(f"the campaign cannot be measured: {(done.stdout + done.stderr)[-2000:]}")
    return json.loads(found[1])


def markdown(result):
    """What was measured, to be read and pasted."""
    lines = [
        f"Commit {result['commit']}, {result['date']}: Odoo {result['odoo']}, {result['postgresql']}, "
        f"{result['machine']}; median of {result['runs']} (range), seconds; who comes first in turn.",
        "",
        "| | seconds | must | |",
        "|---|---|---|---|",
    ]
    for size, runs in result["sizes"].items():
        lines += table(int(size), runs)
    return "\n".join(lines)


def table(size, runs):
    """The lines of one size."""
    values = {figure: [run[figure] for run in runs] for figure in runs[0]}
    first = runs[0]
    yield f"| **{size:,} customers, {first['in']:,} in the group** | | | |"
    yield f"| opening the dialogue, which says who would be in | {report.spread(values['opening'])} | | |"
    yield f"| adding them | {report.spread(values['adding'])} | | |"
    yield line("building the group, both", values["group"], MUST_GROUP)
    yield f"| asking for all reasons again | {report.spread(values['reasons'])} | | |"
    native = report.spread(values["native_queue"])
    yield f"| a native mailing to those in the group, until {first['native_mails']:,} are queued | {native} | | |"
    yield f"| the e-mail of a step: starting it | {report.spread(values['start'])} | | |"
    yield f"| the e-mail of a step, until {first['mails']:,} are queued | {report.spread(values['queue'])} | | |"
    ratio = median(values["queue"]) / median(values["native_queue"])
    yield f"| ours / native | {ratio:.2f} | ≤ {MUST_RATIO} | {verdict(ratio, MUST_RATIO)} |"
    yield line(f"letters of {first['pages']:,} pages, one PDF", values["letters"], MUST_LETTERS)


def line(title, values, must):
    return f"| {title} | {report.spread(values)} | ≤ {must} | {verdict(median(values), must)} |"


def verdict(value, must):
    return "met" if value <= must else "**missed**"


def main():
    options = read_options("campaign", __doc__)
    result = {**report.circumstances("crm_campaign"), "runs": options.runs, "sizes": {}}
    for size in sorted(options.sizes):
        result["sizes"][str(size)] = measure_size(size, options)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(result, indent=1))
    print(markdown(result))


if __name__ == "__main__":
    try:
        main()
    except ServerError as error:
        sys.exit(f"setup: {error}")
