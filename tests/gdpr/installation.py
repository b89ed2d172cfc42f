"""A company's Odoo with everything installed, on a database and a file store of its own, and the world it talks to."""

import contextlib
import json
import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from aiosmtpd.controller import Controller

from odoo.tools import config

from tests.intake.installation import Installation
from tests.plugins.server_log import our_addons
from tests.postgres import newest_template
from tests.test_two_servers import free_port


class Company(Installation):
    """Everything that Odoo and we have for CRM, sales, invoices, mailings and text messages."""

    address = ""  # where its server answers

    def build(self):
        """Make it of the set-up's template with Odoo's modules, and install our addons."""
        self.copy_template()
        self.install(",".join(addon.name for addon in our_addons()))

    def copy_template(self):
        """Make it of the set-up's template with Odoo's modules."""
        self.copy(newest_template())

    def copy(self, base):
        """Make the database anew, with its files, as a copy of one that nobody is connected to."""
        super().copy(base)
        shutil.rmtree(self.file_store, ignore_errors=True)
        if (store := Path(config.filestore(base))).exists():
            shutil.copytree(store, self.file_store)

    @contextlib.contextmanager
    def env(self):
        """The superuser's environment, in which Odoo prints and sends as on any server and not as in tests."""
        testing, config["test_enable"] = config["test_enable"], False
        try:
            with super().env() as env:
                yield env
        finally:
            config["test_enable"] = testing

    def drop(self):
        """Remove database and files."""
        super().drop()
        shutil.rmtree(self.file_store, ignore_errors=True)

    @property
    def file_store(self):
        return Path(config.filestore(self.database))


class World:
    """The mail server that takes every mail, and the services in the web, which all say yes."""

    def __init__(self):
        self.smtp = Controller(self, hostname="127.0.0.1", port=free_port())
        self.web = ThreadingHTTPServer(("127.0.0.1", 0), _YesMan)
        self.thread = threading.Thread(target=self.web.serve_forever, daemon=True)

    def __enter__(self):
        self.smtp.start()
        self.thread.start()
        return self

    def __exit__(self, *exception):
        self.smtp.stop()
        self.web.shutdown()
        self.web.server_close()
        self.thread.join()

    async def handle_DATA(self, server, session, envelope):
        return "250 Taken"

    def connect(self, env):
        """Let a company send its mails and text messages here."""
        env["ir.mail_server"].create({"name": "Mail", "smtp_host": "127.0.0.1", "smtp_port": self.smtp.port})
        address = f"http://127.0.0.1:{self.web.server_address[1]}"
        for service in ("iap", "sms", "snailmail", "enrich", "partner_autocomplete", "iap.partner_autocomplete"):
            env["ir.config_parameter"].set_param(f"{service}.endpoint", address)


class _YesMan(BaseHTTPRequestHandler):
    def do_POST(self):
        asked = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with contextlib.suppress(ValueError):
            asked = json.loads(asked)
        messages = asked.get("params", {}).get("messages", ()) if isinstance(asked, dict) else ()
        results = [
            {"uuid": number["uuid"], "state": "success", "credit": 1}
            for message in messages
            for number in message["numbers"]
        ]
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "result": results if messages else {}}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Odoo's log is kept for Odoo."""
