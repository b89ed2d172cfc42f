"""The set-up: what it installs answers, and what goes wrong ends with one line that says what to do."""

import os
import shutil
import socket
import subprocess
import tempfile
import unittest
import urllib.request
from pathlib import Path

from odoo.tests import HttpCase, tagged

from tests.plugins.server_log import ROOT, our_addons

SETUP = ROOT / "setup"
SCRIPTS = [
    ROOT / ".ci" / "run",
    *(path for path in SETUP.rglob("*") if path.is_file() and path.suffix not in (".txt", ".py", ".pyc")),
]


@tagged("post_install", "-at_install")
class TestInstalled(HttpCase):
    def test_our_addons_are_installed(self):
        names = [addon.name for addon in our_addons()]
        modules = self.env["ir.module.module"].search([("name", "in", names)])
        self.assertEqual(sorted(modules.mapped("name")), names)
        self.assertEqual(set(modules.mapped("state")), {"installed"})
        self.assertTrue(all(modules.mapped("demo")), "demo data is missing")

    def test_server_answers(self):
        self.assertEqual(self.url_open("/web/login").status_code, 200)

    def test_browser_shows_the_web_client(self):
        self.browser_js("/odoo", "console.log('test successful')", "odoo.isReady === true", login="admin")


class SetupCase(unittest.TestCase):
    def run_script(self, *command, cwd=ROOT, **environment):
        """Run a script as a user would from a shell of their own: without the variables of this test run."""
        return subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env=self.own_environment() | {name: str(value) for name, value in environment.items()},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )

    @staticmethod
    def own_environment():
        return {name: value for name, value in os.environ.items() if not name.startswith(("PG", "ODOO_", "TEST_"))}

    def assert_advice(self, result, *words):
        """The command failed, and its last line names the cause and what to do."""
        self.assertNotEqual(result.returncode, 0, result.stdout)
        last_line = result.stderr.strip().splitlines()[-1]
        self.assertTrue(last_line.startswith("setup: "), result.stderr)
        for word in words:
            self.assertIn(word, last_line)

    def library(self, code, **environment):
        """Run shell code with the functions of the set-up."""
        return self.run_script("bash", "-c", f". {SETUP}/provision.sh; {code}", **environment)


class TestScripts(SetupCase):
    def test_syntax(self):
        for script in SCRIPTS:
            with self.subTest(script=script.name):
                self.assertEqual(self.run_script("bash", "-n", script).stderr, "")

    def test_commands_can_be_run(self):
        for command in ("demo", "test", "odoo"):
            self.assertTrue(os.access(SETUP / command, os.X_OK), command)

    def test_second_start_is_quick_and_quiet(self):
        result = self.run_script(SETUP / "odoo", "--version")
        self.assertIn("Odoo Server 19.0", result.stdout)
        self.assertNotIn("Installing", result.stderr)


class TestLint(SetupCase):
    def test_it_can_be_run_and_names_its_options(self):
        self.assertTrue(os.access(SETUP / "lint", os.X_OK))
        self.assert_advice(self.run_script(SETUP / "lint", "--fxi"), "--fxi", "setup/lint [--fix]")


class TestDemo(SetupCase):
    def test_demo(self):
        """It says where it answers and who may log in, answers there, and a signal ends it and its server."""
        with socket.socket() as probe:
            probe.bind(("", 0))
            port = probe.getsockname()[1]
        command = [str(SETUP / "demo"), "--port", str(port), "--database", "test-demo"]
        demo = subprocess.Popen(
            command, env=self.own_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        try:
            said = "".join(iter(demo.stdout.readline, "    Ctrl-C stops it.\n"))
            self.assertIn(f"http://localhost:{port}/odoo", said)
            self.assertRegex(said, r"Administrator +admin +admin\n")
            with urllib.request.urlopen(f"http://localhost:{port}/web/login", timeout=60) as page:
                self.assertEqual(page.status, 200)
        finally:
            demo.terminate()
            demo.communicate(timeout=60)
        with socket.socket() as probe:
            self.assertNotEqual(probe.connect_ex(("localhost", port)), 0, "the server still runs")


class TestAdvice(SetupCase):
    def test_port_taken(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            result = self.run_script(SETUP / "demo", "--port", port)
        self.assert_advice(result, f"port {port} is taken", f"--port {port + 1}")

    def test_options(self):
        for options in (["--port"], ["--port", "http"], ["--database", "a b"], ["--frehs"]):
            with self.subTest(options=options):
                self.assert_advice(self.run_script(SETUP / "demo", *options), "setup/demo")

    def test_wrong_odoo_version(self):
        with tempfile.TemporaryDirectory() as folder:
            release = Path(folder, "odoo", "release.py")
            release.parent.mkdir()
            release.write_text("version_info = (18, 0, 0, FINAL, 0, '')\n")
            result = self.run_script(SETUP / "odoo", "--version", ODOO_HOME=folder)
        self.assert_advice(result, "18.0", "19.0", "ODOO_HOME")

    def test_no_odoo_in_odoo_home(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assert_advice(
                self.run_script(SETUP / "odoo", "--version", ODOO_HOME=folder), "holds no Odoo", "unset it"
            )

    def test_no_postgres_at_pghost(self):
        with tempfile.TemporaryDirectory() as folder:
            result = self.run_script(SETUP / "odoo", "--version", PGHOST=folder)
        self.assert_advice(result, "no PostgreSQL answers", "PGHOST")

    def test_old_postgres(self):
        self.assert_advice(self.library("check_version 12 here"), "PostgreSQL 12", "13 or newer")

    def test_disk_full(self):
        self.assert_advice(self.library("require_disk_space 999999999"), "make room")
        self.assert_advice(
            self.library('run_logged fault sh -c "echo No space left on device; exit 1"'), "the disk is full"
        )

    def test_unforeseen_failure(self):
        self.assert_advice(self.library("false"), "run the same command again")

    def test_missing_suite(self):
        self.assert_advice(self.run_script(SETUP / "test", "--native", "no_such_module"), "no tests in no_such_module")

    def test_no_network(self):
        """A checkout of its own that can fetch nothing; its Odoo is the one that is there, so only packages lack."""
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(SETUP, Path(folder, "setup"))
            shutil.copy(ROOT / "requirements.txt", folder)
            result = self.run_script(
                Path(folder, "setup", "odoo"),
                "--version",
                cwd=folder,
                ODOO_HOME=self.odoo_path(),
                PIP_CONFIG_FILE=os.devnull,
                PIP_INDEX_URL="http://127.0.0.1:9/simple",
                PIP_FIND_LINKS="",
                PIP_RETRIES=1,
            )
        self.assert_advice(result, "the network does not answer", "run the same command again")

    @staticmethod
    def odoo_path():
        import odoo.release

        return Path(odoo.release.__file__).parents[1]


class TestCluster(SetupCase):
    def test_last_one_stops_the_cluster_and_a_stale_pid_does_not_matter(self):
        """In a folder that only we can enter, as below /root, with a server process that was killed."""
        if os.environ.get("PGHOST") != str(ROOT / ".odoo" / "cluster"):
            self.skipTest("the server is not ours")
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o700)
            shutil.copytree(SETUP, Path(folder, "setup"))
            result = self.run_script("bash", "-c", CLUSTER_STORY, cwd=folder)
        self.assertEqual(result.stdout.split(), ["up", "still-up", "down", "killed", "up-again", "down"], result.stderr)


CLUSTER_STORY = """
. setup/provision.sh
is_up() { cluster_answers; }
start_postgres
! is_up || echo up
(CLUSTER_IN_USE=; hold_cluster; release_cluster)
! is_up || echo still-up
release_cluster
is_up || echo down
hold_cluster
kill -9 "$(head -n 1 "$CLUSTER/data/postmaster.pid")"
for i in 1 2 3 4 5 6 7 8 9 10; do ! is_up || sleep 0.2; done
is_up || echo killed
release_cluster
# the number of the dead server is taken by another process of ours, which would keep PostgreSQL from starting
sed -i "1s/.*/$$/" "$CLUSTER/data/postmaster.pid"
hold_cluster
! is_up || echo up-again
release_cluster
is_up || echo down
"""
