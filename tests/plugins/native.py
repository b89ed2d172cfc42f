"""Odoo's own suites: counts what failed beyond the known failures, and lints our addons alone.

A failure listed in tests/native_baseline.txt happens without our addons too. Any other one fails the run.
"""

import os
import tempfile
from pathlib import Path
from unittest import mock

import pytest

from .server_log import our_addons

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


@pytest.fixture(autouse=True)
def lint_our_addons_alone(request):
    """Point Odoo's linters, which walk over all addons there are, at ours."""
    if "/test_lint/" not in str(request.node.path):
        yield
        return
    from odoo.modules import Manifest
    from odoo.tools import config

    root = os.environ["ADDONS_UNDER_LINT"]  # empty in a run without our addons
    names = [addon.name for addon in our_addons(Path(root))] if root else []
    manifests = [Manifest.for_addon(name) for name in names]
    module = request.node.module
    with (
        tempfile.TemporaryDirectory() as empty,
        mock.patch.object(Manifest, "all_addon_manifests", lambda: manifests),
        mock.patch.object(module, "get_modules", lambda: names, create=True),
        # pylint is given this folder and all addons that are not below it
        mock.patch.dict(vars(config), root_path=manifests[0].path if manifests else empty),
    ):
        yield


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
