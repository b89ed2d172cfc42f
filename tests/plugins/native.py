"""Odoo's own suites: counts what failed beyond the known failures.

A failure listed in tests/native_baseline.txt happens without our addons too. Any other one fails the run.
"""

from pathlib import Path

import pytest

BASELINE = Path(__file__).resolve().parents[1] / "native_baseline.txt"


def read_baseline(text):
    """Return the reason of each known failure by test id."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return {test.strip(): reason.strip() for test, _, reason in (line.partition("|") for line in lines)}


def test_id(nodeid):
    """Return a test's id that is the same in every checkout: it starts with the module's name."""
    path, _, name = nodeid.partition("::")
    return "/".join(Path(path).parts[-3:]) + "::" + name


class Tally:
    def __init__(self, known):
        self.known = known
        self.outcomes = {}

    def add(self, report):
        test = test_id(report.nodeid)
        if report.failed:
            self.outcomes[test] = "known" if test in self.known else "failed"
        elif report.when == "call":
            self.outcomes.setdefault(test, report.outcome)

    def named(self, outcome):
        return sorted(test for test, ended in self.outcomes.items() if ended == outcome)


def pytest_configure(config):
    config.tally = Tally(read_baseline(BASELINE.read_text()))


def pytest_runtest_logreport(report):
    pytest.tally.add(report)


def pytest_sessionstart(session):
    pytest.tally = session.config.tally


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    tally = session.config.tally
    if not tally.named("passed") or tally.named("failed"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    elif session.exitstatus == pytest.ExitCode.TESTS_FAILED:
        session.exitstatus = pytest.ExitCode.OK  # known failures only


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config):
    """Say last of all how it ended."""
    tally = config.tally
    for title, outcome in (("known failure", "known"), ("skipped", "skipped"), ("FAILED", "failed")):
        for test in tally.named(outcome):
            print(f"{title}: {test}")
    print(f"{len(tally.named('passed'))} passed, {len(tally.named('failed'))} failed")
