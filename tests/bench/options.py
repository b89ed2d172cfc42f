"""What ``setup/bench`` hands to each benchmark."""

import argparse
import pathlib


def read_options(subject, description):
    """The options of a benchmark.

    :param str subject: as ``setup/bench`` is asked for it
    :return: ``sizes`` and ``runs``, numbers; ``output``, ``config`` and ``logs``, paths; ``port``, the first to use
    """
    parser = argparse.ArgumentParser(prog=f"setup/bench {subject}", description=description)
    parser.add_argument("--sizes", type=int, nargs="+", required=True)
    parser.add_argument("--runs", type=int, required=True)
    for path in ("--output", "--config", "--logs"):
        parser.add_argument(path, type=pathlib.Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    return parser.parse_args()
