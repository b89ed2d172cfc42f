"""What Odoo's test classes need to run under pytest wherever they lie, and what must not be skipped in silence."""

import re

import pytest

# Odoo skips a browser test without a word where it finds no browser or cannot talk to it.
NO_BROWSER = re.compile(r"websocket-client|[Cc]hrome|devtools|--odoo-http")


def pytest_configure():
    from odoo.tests import BaseCase

    # Odoo gives these to classes below `odoo.addons` only; a class in tests/ at the top needs them too
    BaseCase.test_tags = {"standard", "at_install"}
    BaseCase.test_module = "tests"


def pytest_collection_modifyitems(items):
    """Odoo's classes do not end well while a child process lives, and the servers of tests/intake live to the end."""
    items.sort(key=lambda item: item.path.parent.name == "intake")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    report = (yield).get_result()
    if report.skipped and NO_BROWSER.search(str(report.longrepr)):
        report.outcome = "failed"
        report.longrepr = f"A browser test must not be skipped: {report.longrepr}"
