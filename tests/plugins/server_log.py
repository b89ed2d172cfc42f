"""Finds warnings and errors in a server's log that are not known noise.

Without dependencies, as the set-up calls it as a script on the log of an installation: `server_log.py FILE`.
"""

import ast
import functools
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOISE_FILE = ROOT / "tests" / "known_noise.txt"
LOG_LINE = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ "
    r"(?P<level>WARNING|ERROR|CRITICAL) \S+ (?P<logger>[\w.-]+): (?P<message>.*)"
)


def known_noise(text=None):
    """Return the regular expressions of the noise file."""
    lines = (NOISE_FILE.read_text() if text is None else text).splitlines()
    return [re.compile(line, re.DOTALL) for line in lines if line.strip() and not line.startswith("#")]


@functools.cache  # asked for each of the many warnings that pytest collects
def our_addons(root=ROOT):
    """Return the folders of our addons that can be installed."""
    manifests = root.glob("*/__manifest__.py")
    installable = (path.parent for path in manifests if ast.literal_eval(path.read_text()).get("installable", True))
    return tuple(sorted(installable))


def names_our_file(text):
    return any(f"{addon}/" in text for addon in our_addons())


def is_problem(level, logger, message, noise):
    """Tell whether a record of this level has to fail the run."""
    line = f"{level} {logger}: {message}"
    return names_our_file(line) or not any(pattern.search(line) for pattern in noise)


def problems_in(lines):
    """Return the lines of a log that are warnings or worse and not known noise."""
    noise = known_noise()
    return [
        line.rstrip("\n")
        for line in lines
        if (match := LOG_LINE.match(line)) and is_problem(match["level"], match["logger"], match["message"], noise)
    ]


def main(path):
    with open(path, errors="replace") as log:
        problems = problems_in(log)
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
