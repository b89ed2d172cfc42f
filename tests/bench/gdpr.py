"""Anonymises persons in databases of different sizes, beside what Odoo takes to write their contacts alone, and prints
how they compare.

``setup/bench gdpr`` makes the databases and runs this; the bars are those of the specification. Nothing here fails
because something is slow: it ends with an error only if a person was not anonymised.
"""

import configparser
import json
import pathlib
import re
import subprocess
import sys

from tests.bench import gdpr_report, report
from tests.bench.gdpr_copy import copy_of
from tests.bench.options import read_options
from tests.bench.servers import ServerError


def measure_size(size, options):
    """All figures on the databases of one size.

    :return: ``{"runs": [figures], "ages": figures, "plans": […], "residue": figures}``, see `gdpr_run`
    """
    measured = {"runs": []}
    for run in range(options.runs):
        say(size, f"run {run + 1} of {options.runs}")
        # who comes first finds less in PostgreSQL's memory
        measured["runs"].append(in_copy(size, options, "anonymise", ours_first=bool(run % 2)))
    say(size, "ages")
    measured["ages"] = in_copy(size, options, "ages", runs=options.runs)
    say(size, "plans")
    measured["plans"] = in_copy(size, options, "plans")
    say(size, "search for remains")
    measured["residue"] = in_copy(size, options, "residue")
    return measured


def in_copy(size, options, what, **arguments):
    """What a function of `gdpr_run` measures in a copy of the database of this size."""
    with copy_of(f"bench-gdpr-{size}", data_folder(options.config)) as database:
        return in_shell(database, options, what, arguments)


def in_shell(database, options, what, arguments):
    command = [sys.executable, "-m", "odoo", "shell", "-c", str(options.config), "-d", database, "--no-http"]
    script = f"from tests.bench import gdpr_run; gdpr_run.tell(gdpr_run.{what}(env, **{arguments!r}))"
    done = subprocess.run([*command, "--log-level", "error"], input=script, capture_output=True, text=True, check=False)
    found = re.search(r"^measured (.+)$", done.stdout, re.MULTILINE)
    if not found:
        raise ServerError(f"{what} cannot be measured: {(done.stdout + done.stderr)[-2000:]}")
    return json.loads(found[1])


def data_folder(config):
    parser = configparser.RawConfigParser()
    parser.read(config)
    return pathlib.Path(parser["options"]["data_dir"])


def say(size, text):
    print(f"    {size:,} projects: {text}", file=sys.stderr, flush=True)


def main():
    options = read_options("gdpr", __doc__)
    result = {**report.circumstances("crm_gdpr"), "runs": options.runs, "sizes": {}}
    for size in sorted(options.sizes):
        result["sizes"][str(size)] = measure_size(size, options)
        # After each size, as a long run may be broken off.
        options.output.parent.mkdir(parents=True, exist_ok=True)
        options.output.write_text(json.dumps(result, indent=1))
    print(gdpr_report.markdown(result))


if __name__ == "__main__":
    try:
        main()
    except ServerError as error:
        sys.exit(f"setup: {error}")
