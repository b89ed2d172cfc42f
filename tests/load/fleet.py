"""Two server processes of one database, started again whenever they end, as a service manager does."""

import json
import subprocess
import threading
import time
from contextlib import suppress

import requests

from tests.intake.installation import DEPRECATION, Installation
from tests.test_two_servers import free_port

WAITING = "SELECT count(*) FROM crm_lead_inbox WHERE state = 'new' OR to_announce"
# Partners, how the leads of each are made, and the user whose API key each sends with.
SET_UP = """
import json
from datetime import datetime, timedelta
jobs = env.ref("crm_leadintake.ir_cron_crm_lead_inbox") + env.ref("crm_leadintake.ir_cron_crm_lead_announce")
env["ir.cron"].search([("id", "not in", jobs.ids)]).active = False
made = {}
for name, processing in {"now": "now", "later": "later"}.items():
    group = env.ref("crm_leadintake.group_intake_program")
    user = env["res.users"].create({"name": name, "login": name, "group_ids": [(6, 0, group.ids)]})
    source = env["crm.intake.source"].create({
        "name": name, "processing": processing, "duplicate_action": "link", "request_limit": 0,
        "api_user_ids": [(6, 0, user.ids)],
    })
    key, _record = env["crm.intake.key"]._generate(source)
    api_key = env["res.users.apikeys"].with_user(user)._generate("rpc", name, datetime.now() + timedelta(days=1))
    made[name] = {"id": source.id, "key": key, "user_id": user.id, "api_key": api_key}
env.cr.commit()
print("MADE " + json.dumps(made))
"""


class Fleet(Installation):
    """Odoo CRM with Lead Intake, on a cluster of its own.

    :param Cluster cluster: where its database is
    :param pathlib.Path log: what the servers say goes there
    """

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
        said, errors = self.open_shell(SET_UP).communicate()
        made = next((line for line in said.splitlines() if "MADE " in line), None)
        assert made, said + errors
        self.sources = json.loads(made.split("MADE ", 1)[1])

    def open_shell(self, script):
        """A process of its own that runs a script in Odoo's shell."""
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        shell = subprocess.Popen(self._command("shell", "--no-http", "--log-level", "warn"), **pipes, text=True)
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
            server.kill()
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
        """The first server runs the jobs as well."""
        port = str(self.ports[index])
        jobs = "1" if index == 0 else "0"
        options = [
            "--http-interface",
            "127.0.0.1",
            "--http-port",
            port,
            "--max-cron-threads",
            jobs,
            "--log-level",
            "warn",
        ]
        with self.log.open("ab") as said:
            return subprocess.Popen(self._command(*options, *DEPRECATION), stdout=said, stderr=said)

    def _command(self, *arguments):
        command = super()._command(*arguments)
        folder = str(self.cluster.folder)
        return [*command, "--db_host", folder, "--db_port", "5432", "--db_user", "odoo", "--data-dir", f"{folder}/odoo"]

    def await_job(self, seconds=120):
        """Wait until nothing waits any more; a job that is due in minutes runs at once."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            (waiting,) = self.cluster.query(self.database, WAITING)[0]
            if not waiting:
                return
            self.cluster.query(
                self.database,
                "UPDATE ir_cron SET nextcall = LEAST(nextcall, now() AT TIME ZONE 'UTC') WHERE active",
            )
            self.cluster.query("postgres", "SELECT pg_notify('cron_trigger', %s)", self.database)
            time.sleep(1)
        raise AssertionError(f"{waiting} still wait: {self.log.read_text()[-3000:]}")
