"""An Odoo with CRM and Lead Intake alone, served by processes of its own: what programs talk to over the wire."""

import contextlib
import subprocess
import sys
import time
from dataclasses import dataclass

import psycopg2
import requests

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.sql_db import close_db, connection_info_for
from odoo.tools import config

from tests.bench.servers import PROGRAM
from tests.postgres import drop_database, on_postgres
from tests.test_two_servers import free_port

CONFIG = config["config"] or config.rcfile
# Odoo announces at every call that its own XML-RPC goes away.
DEPRECATION = ["--log-handler", "odoo.addons.rpc.controllers:ERROR"]
QUIET = ["--max-cron-threads", "0", "--log-level", "warn", *DEPRECATION]


@dataclass(frozen=True)
class Source:
    """A source of leads with a key of its own."""

    id: int
    key: str
    public_id: str


class Installation:
    """A database with its servers.

    :param str database: its name
    :param pathlib.Path log: what the servers say goes there
    """

    def __init__(self, database, log):
        self.database, self.log = database, log
        self.servers = []

    def copy(self, base):
        """Make the database anew, as a copy of one that nobody is connected to."""
        drop_database(self.database)
        on_postgres("CREATE DATABASE {} TEMPLATE {}", self.database, base)

    def install(self, modules):
        """Install modules, without demo data."""
        self.odoo("-i", modules, "--stop-after-init", "--no-http")

    def uninstall(self, *modules):
        """Uninstall modules, and what needs them, as an administrator does."""
        script = f"env['ir.module.module'].search([('name', 'in', {modules!r})]).button_immediate_uninstall()"
        self.odoo("shell", "--no-http", script=script)

    def odoo(self, *arguments, script=""):
        """Run Odoo's command line on the database to its end."""
        command = self._command(*arguments, *QUIET)
        done = subprocess.run(command, input=script, capture_output=True, text=True, check=False)
        with self.log.open("a") as log:
            log.write(done.stdout + done.stderr)
        assert done.returncode == 0, self.log.read_text()[-3000:]

    def serve(self, *options):
        """Start a server process on a free port, and return its address when it answers."""
        port = free_port()
        command = self._command("--http-interface", "127.0.0.1", "--http-port", str(port), *(options or QUIET))
        with self.log.open("ab") as said:
            server = subprocess.Popen(command, stdout=said, stderr=said, start_new_session=True)
        self.servers.append(server)
        address = f"http://127.0.0.1:{port}"
        end = time.monotonic() + 120
        while time.monotonic() < end and server.poll() is None:
            with contextlib.suppress(requests.RequestException):
                if requests.get(f"{address}/web/login", timeout=60).ok:
                    return address
            time.sleep(0.2)
        raise AssertionError(f"the server does not start: {self.log.read_text()[-3000:]}")

    def stop(self):
        """Stop all servers."""
        for server in self.servers:
            server.terminate()
        for server in self.servers:
            server.wait(60)
        self.servers.clear()

    def forget(self):
        """Let go of what this process knows of the database."""
        Registry.delete(self.database)
        close_db(self.database)

    def drop(self):
        """Remove the database."""
        self.stop()
        self.forget()
        drop_database(self.database)

    @contextlib.contextmanager
    def env(self):
        """The superuser's environment on the database; what is done in it is committed and told to the servers."""
        registry = self._registry()
        with registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})
        registry.signal_changes()

    def connect(self):
        """A connection of its own to the database."""
        _name, settings = connection_info_for(self.database)
        return psycopg2.connect(**settings)

    def count_sequences(self):
        """How many sequences PostgreSQL counts something with for Odoo's own."""
        with contextlib.closing(self.connect()) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_class WHERE relkind = 'S' AND relname ~ '^ir_sequence_[0-9]+$'")
            return cursor.fetchone()[0]

    def make_source(self, **values):
        """Make a source with a key; without values it takes whatever comes, at any rate."""
        with self.env() as env:
            source = env["crm.intake.source"].create({"name": "Partner", "request_limit": 0, **values})
            key, _record = env["crm.intake.key"]._generate(source)
            return Source(source.id, key, source.public_id)

    def rows(self, source, *fields):
        """What the inbox holds of a source, oldest first."""
        with self.env() as env:
            rows = env["crm.lead.inbox"].search([("source_id", "=", source.id)], order="id")
            return rows.read([*fields, "external_id", "state", "lead_id"])

    def leads(self, source, *fields):
        """The leads of a source, oldest first."""
        with self.env() as env:
            domain = [("intake_source_id", "=", source.id)]
            leads = env["crm.lead"].with_context(active_test=False).search(domain, order="id")
            return leads.read([*fields, "name", "email_from"])

    def _registry(self):
        """The registry in this process, in which Odoo must not look for tests to run at installation."""
        testing, config["test_enable"] = config["test_enable"], False
        try:
            return Registry(self.database).check_signaling()
        finally:
            config["test_enable"] = testing

    def _command(self, *arguments):
        command = [arguments[0]] if arguments[0] == "shell" else []
        given = arguments[len(command) :]
        return [sys.executable, str(PROGRAM), *command, "--config", CONFIG, "-d", self.database, *given]
