"""Two server processes of one database, started again whenever they end, as a service manager does."""

import json
import os
import signal
import subprocess
import threading
import time
from contextlib import suppress

import requests

from tests.intake.installation import DEPRECATION, Installation
from tests.plugins.server_log import ROOT
from tests.test_two_servers import free_port

WAITING = "SELECT count(*) FROM crm_lead_inbox WHERE state = 'new' OR to_announce"
SET_UP = """
from tests.load.fill import keep_jobs, make_sources, tell
keep_jobs(env, "crm_leadintake.ir_cron_crm_lead_inbox", "crm_leadintake.ir_cron_crm_lead_announce")
made = make_sources(env)
env.cr.commit()
tell(made)
"""


class Fleet(Installation):
    """Odoo CRM with Lead Intake, on a cluster of its own.

    :param Cluster cluster: where its database is
    :param pathlib.Path log: what the servers say goes there
    """

    waiting = WAITING

    def __init__(self, cluster, database, log):
        super().__init__(database, log)
        self.cluster = cluster
        self.ports = [free_port(), free_port()]
        self._running = {}
        self._ending = threading.Event()
        self._watcher = None
        self.starts = 0
        self.sources = {}

    def set_up(self):
        """Install, and make the sources: ``{name: {"id", "key", "user_id", "api_key"}}``."""
        self.install("crm,rpc,crm_leadintake")
        self.sources = self.run_script(SET_UP)

    def run_script(self, script):
        """Run a script in Odoo's shell to its end, and return what it tells."""
        said, errors = self.open_shell(script).communicate()
        made = next((line for line in said.splitlines() if "MADE " in line), None)
        assert made, said + errors
        return json.loads(made.split("MADE ", 1)[1])

    def open_shell(self, script):
        """A process of its own that runs a script in Odoo's shell."""
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        command = self._command("shell", "--no-http", "--log-level", "warn")
        # whose scripts are in tests/
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        shell = subprocess.Popen(command, **pipes, text=True, env=environment)
        shell.stdin.write(script)
        shell.stdin.close()
        shell.stdin = None
        return shell

    def empty(self):
        """Forget what came in."""
        for table in ("crm_lead_inbox", "crm_intake_request", "crm_lead"):
            self.cluster.query(self.database, f"DELETE FROM {table}")

    def start(self):
        """Have the servers run from now on, and wait until they answer."""
        self._ending.clear()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()
        for port in self.ports:
            self._await_answer(f"http://127.0.0.1:{port}/web/login")

    def _await_answer(self, page, seconds=120):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with suppress(requests.RequestException):
                if requests.get(page, timeout=60).ok:
                    return
            time.sleep(0.2)
        raise AssertionError(f"no server answers: {self.log.read_text()[-3000:]}")

    def kill(self, index):
        """Kill a server as the kernel does when memory is short; it comes back by itself."""
        server = self._running.get(index)
        if server:
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)
            server.wait()

    def end(self):
        """Have the servers run no more."""
        self._ending.set()
        if self._watcher:
            self._watcher.join()
        for index in list(self._running):
            self.kill(index)
        self._running.clear()

    def _watch(self):
        while not self._ending.wait(0.2):
            for index in range(len(self.ports)):
                server = self._running.get(index)
                if server is None or server.poll() is not None:
                    self._running[index] = self._launch(index)
                    self.starts += 1

    def _launch(self, index):
        command = self._command(
            *("--http-interface", "127.0.0.1", "--http-port", str(self.ports[index])),
            *("--log-level", "warn", *DEPRECATION),
            *self._get_options(index),
        )
        with self.log.open("ab") as said:
            # in a group of its own, which is killed with it
            return subprocess.Popen(command, stdout=said, stderr=said, start_new_session=True)

    def _get_options(self, index):
        """The first server runs the jobs as well."""
        return ["--max-cron-threads", "1" if index == 0 else "0"]

    def _command(self, *arguments):
        command = super()._command(*arguments)
        folder = str(self.cluster.folder)
        return [*command, "--db_host", folder, "--db_port", "5432", "--db_user", "odoo", "--data-dir", f"{folder}/odoo"]

    def await_job(self, seconds=120):
        """Wait until nothing waits any more; a job that is due in minutes runs at once."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            (waiting,) = self.cluster.query(self.database, self.waiting)[0]
            if not waiting:
                return
            self.cluster.query(
                self.database,
                "UPDATE ir_cron SET nextcall = LEAST(nextcall, now() AT TIME ZONE 'UTC') WHERE active",
            )
            self.cluster.query("postgres", "SELECT pg_notify('cron_trigger', %s)", self.database)
            time.sleep(1)
        raise AssertionError(f"{waiting} still wait: {self.log.read_text()[-3000:]}")
