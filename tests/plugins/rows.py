"""Collects how each test ended, for tests/test_rows.py, which therefore has to run last."""

import pytest

OUTCOMES = pytest.StashKey[dict]()


def pytest_addoption(parser):
    parser.addoption("--complete", action="store_true", help="All tests run: each test that a row names has to pass.")


def pytest_configure(config):
    config.stash[OUTCOMES] = {}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.path.name == "test_rows.py")


@pytest.fixture(scope="session")
def outcomes(request):
    """Map of node id to "passed", "failed" or "skipped", or None in a run of a part of the tests."""
    return request.config.stash[OUTCOMES] if request.config.getoption("--complete") else None


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
