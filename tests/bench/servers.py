"""Odoo servers to be measured, and what is asked of them over HTTP."""

import contextlib
import json
import pathlib
import re
import subprocess
import sys
import time

import psycopg2
import requests

from odoo.sql_db import connection_info_for

PROGRAM = pathlib.Path(__file__).with_name("odoo_program.py")
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class ServerError(Exception):
    """The server does not start, or answers with an error."""


class Server:
    """An Odoo on one database, for as long as the context lasts; a threaded one unless the options say otherwise."""

    def __init__(self, database, port, config, log, options=()):
        self.database = database
        self.port = port
        self.address = f"http://127.0.0.1:{port}"
        self._log = log
        self._command = [sys.executable, str(PROGRAM), "--config", str(config), "-d", database]
        # -d alone: with --db-filter every request without a cookie would ask PostgreSQL for its databases.
        self._command += ["--http-interface", "127.0.0.1", "--http-port", str(port)]
        self._command += ["--max-cron-threads", "0", "--log-level", "warn", "--logfile", str(log)]
        self._command += options

    def __enter__(self):
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("wb") as said:
            self._process = subprocess.Popen(self._command, stderr=said)
        try:
            self._wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error):
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @property
    def pid(self):
        return self._process.pid

    def _wait(self, seconds=180):
        end = time.monotonic() + seconds
        while time.monotonic() < end and self._process.poll() is None:
            with contextlib.suppress(requests.ConnectionError):
                # A page of the database, so that its registry is there as well.
                if requests.get(f"{self.address}/web/login", timeout=seconds).ok:
                    return
            time.sleep(0.3)
        raise ServerError(f"The server of {self.database} does not start: see {self._log}")

    def login(self, login):
        """The session of a user whose password is the login."""
        session = Session(self)
        token = TOKEN.search(session.get(f"{self.address}/web/login").text)[1]
        form = {"login": login, "password": login, "csrf_token": token}
        answer = session.post(f"{self.address}/web/login", data=form)
        if not answer.ok or "/web/login" in answer.url:
            raise ServerError(f"{login} cannot log in to {self.database}: see {self._log}")
        return session

    @contextlib.contextmanager
    def cursor(self):
        """A cursor on the server's database, committed at the end."""
        _name, settings = connection_info_for(self.database)
        with contextlib.closing(psycopg2.connect(**settings)) as connection, connection, connection.cursor() as cursor:
            yield cursor


class Session(requests.Session):
    """The requests of one user, over one connection."""

    def __init__(self, server):
        super().__init__()
        self.server = server

    @property
    def session_id(self):
        return self.cookies["session_id"]

    def ask(self, model, method, *args, **kwargs):
        """Call a method of a model as the web client does.

        :raise ServerError: it fails
        """
        params = {"model": model, "method": method, "args": list(args), "kwargs": kwargs}
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
        return self.resend(f"/web/dataset/call_kw/{model}/{method}", body)[0]

    def resend(self, path, body):
        """Send one recorded request.

        :return: its result, and the milliseconds until it was there
        :raise ServerError: it fails
        """
        started = time.perf_counter()
        answer = self.post(
            self.server.address + path, data=body.encode(), headers={"Content-Type": "application/json"}, timeout=300
        )
        took = (time.perf_counter() - started) * 1000
        content = answer.json()
        if "error" in content:
            raise ServerError(f"{path} on {self.server.database}: {content['error']['data']['message']}")
        return content.get("result"), took
