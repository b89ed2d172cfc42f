"""Fails a test during which the server logged a warning or an error that nobody expected.

What a test expects it takes away itself with `assertLogs` or `mute_logger`: both cut the logger off from the root,
where this plugin listens.
"""

import logging
import warnings

import pytest

from .server_log import is_problem, known_noise, names_our_file

BETWEEN_TESTS = "outside of any test"


class Collector(logging.Handler):
    """Keeps each unexpected record with the test that was running."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.noise = known_noise()
        self.running = BETWEEN_TESTS
        self.found = {}

    def emit(self, record):
        message = record.getMessage()
        if record.exc_info:
            message += "\n" + logging.Formatter().formatException(record.exc_info)
        self.add(record.levelname, record.name, message)

    def add(self, level, logger, message):
        if is_problem(level, logger, message, self.noise):
            self.found.setdefault(self.running, []).append(f"{level} {logger}: {message}")

    def take(self, test):
        return self.found.pop(test, [])


collector = Collector()


def pytest_sessionstart():
    logging.getLogger().addHandler(collector)


def pytest_runtest_logstart(nodeid):
    collector.running = nodeid


def pytest_runtest_logfinish():
    collector.running = BETWEEN_TESTS


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if call.when == "teardown" and (problems := collector.take(item.nodeid)) and report.passed:
        report.outcome = "failed"
        report.longrepr = "The server logged during this test:\n\n" + "\n\n".join(problems)


def pytest_warning_recorded(warning_message: warnings.WarningMessage, nodeid):
    """pytest takes Python's warnings before Odoo can log them; those about a file of ours are ours to put right."""
    text = f"{warning_message.filename}:{warning_message.lineno}: {warning_message.message}"
    if names_our_file(text):
        collector.found.setdefault(BETWEEN_TESTS, []).append(
            f"WARNING py.warnings: {text} (in {nodeid or 'collection'})"
        )


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    logging.getLogger().removeHandler(collector)
    if collector.found and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter):
    for test, problems in collector.found.items():
        terminalreporter.section(f"logged by the server {test}", red=True)
        for problem in problems:
            terminalreporter.write_line(problem)
