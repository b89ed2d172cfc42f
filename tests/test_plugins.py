"""The plugins of the test run itself: what fails a run has to fail, and nothing else."""

import os
import subprocess
import sys

import pytest

from tests.plugins import native
from tests.plugins.server_log import ROOT, is_problem, known_noise, our_addons, problems_in

PREFIX = "2026-01-01 00:00:00,000 1"
DEPRECATED = "DeprecationWarning: 'werkzeug.urls.url_parse' is deprecated"


@pytest.mark.parametrize(
    ("line", "is_found"),
    [
        (f"{PREFIX} WARNING db odoo.registry: two fields have the same label", True),
        (f"{PREFIX} ERROR ? odoo.sql_db: bad query", True),
        (f"{PREFIX} CRITICAL db odoo.modules.loading: no", True),
        (f"{PREFIX} INFO db odoo.registry: WARNING is only a word", False),
        ("<string>:38: (ERROR/3) Unexpected indentation.", False),
        (f"{PREFIX} WARNING db py.warnings: /x/odoo/addons/mail/a.py:1: {DEPRECATED}", False),
    ],
)
def test_problems_in(line, is_found):
    assert problems_in([line + "\n"]) == ([line] if is_found else [])


def test_noise_about_a_file_of_ours_is_none():
    message = f"{our_addons()[0]}/models/a.py:1: DeprecationWarning: 'werkzeug.urls.url_parse' is deprecated"
    assert is_problem("WARNING", "py.warnings", message, known_noise())


CASES = {
    "warns": ("logging.getLogger('odoo.x').warning('oops')", False),
    "raises_the_alarm": ("logging.getLogger('odoo.x').error('oops')", False),
    "informs": ("logging.getLogger('odoo.x').info('fine')", True),
    "expects": ("with self.assertLogs('odoo.x', 'WARNING'): logging.getLogger('odoo.x').warning('oops')", True),
    "expects_from_all": ("with self.assertLogs(level='WARNING'): logging.getLogger('odoo.x').warning('oops')", True),
    "mutes": ("with mute_logger('odoo.x'): logging.getLogger('odoo.x').warning('oops')", True),
    "warns_in_a_thread": (
        "t = threading.Thread(target=logging.getLogger('odoo.x').warning, args=['oops']); t.start(); t.join()",
        False,
    ),
}


def test_log_guard(tmp_path):
    """Run the cases above in a run of their own, where only those may fail that log what they do not expect."""
    methods = "".join(f"    def test_{name}(self):\n        {body}\n" for name, (body, _passes) in CASES.items())
    (tmp_path / "test_cases.py").write_text(
        "import logging, threading, unittest\nfrom odoo.tools import mute_logger\n\n"
        "class TestCases(unittest.TestCase):\n" + methods
    )
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:odoo", "-p", "tests.plugins.log_guard", "-rE", tmp_path],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if name != "ODOO_RC"} | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    blamed = {
        line.split("::test_")[1].split(" ")[0]
        for line in result.stdout.splitlines()
        if line.startswith("ERROR test_cases")
    }
    assert blamed == {name for name, (_body, passes) in CASES.items() if not passes}, result.stdout
    assert result.returncode == 1


def test_baseline_is_read_and_has_reasons():
    assert native.read_baseline("# a | b\n\nx/tests/t.py::A::a | because | so\n") == {
        "x/tests/t.py::A::a": "because | so"
    }
    assert all(native.read_baseline(native.BASELINE.read_text()).values())


def test_native_test_id():
    assert native.test_id("usr/lib/odoo/addons/crm/tests/test_a.py::A::test_b") == "crm/tests/test_a.py::A::test_b"
