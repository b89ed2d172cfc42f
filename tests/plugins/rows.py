"""Collects how each test ended, for tests/test_rows.py, which therefore has to run last."""

import json
from pathlib import Path

import pytest

OUTCOMES = pytest.StashKey[dict]()


def pytest_addoption(parser):
    parser.addoption("--complete", action="store_true", help="All tests run: each test that a row names has to pass.")
    parser.addoption(
        "--keep-outcomes", metavar="FILE", help="Write down how each test of this part of the tests ended."
    )
    parser.addoption(
        "--outcomes-of", metavar="FOLDER", help="Each test that a row names has to have passed in what was kept there."
    )


def pytest_configure(config):
    config.stash[OUTCOMES] = {}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.path.name == "test_rows.py")


@pytest.fixture(scope="session")
def outcomes(request):
    """Map of node id to "passed", "failed" or "skipped", or None in a run of a part of the tests."""
    kept = request.config.getoption("--outcomes-of")
    if kept:
        return {
            test: ended for file in Path(kept).glob("*.json") for test, ended in json.loads(file.read_text()).items()
        }
    return request.config.stash[OUTCOMES] if request.config.getoption("--complete") else None


def pytest_sessionfinish(session):
    file = session.config.getoption("--keep-outcomes")
    if file:
        Path(file).write_text(json.dumps(session.config.stash[OUTCOMES]))


class _Recorder:
    def __init__(self, results):
        self.results = results

    def pytest_runtest_logreport(self, report):
        # a failure in set-up or tear-down counts, a pass counts only for the test itself
        if report.when == "call" or not report.passed:
            if self.results.get(report.nodeid) != "failed":
                self.results[report.nodeid] = report.outcome


def pytest_sessionstart(session):
    session.config.pluginmanager.register(_Recorder(session.config.stash[OUTCOMES]))
