"""A mail server as companies have it: it takes mails over SMTP, and pipes each to Odoo's own hand-in script."""

import asyncio
import subprocess
import sys
from functools import partial
from pathlib import Path

from aiosmtpd.controller import Controller

import odoo.addons.mail

from tests.test_two_servers import free_port

SCRIPT = Path(odoo.addons.mail.__file__).parent / "static/scripts/odoo-mailgate.py"
EX_TEMPFAIL = 75


class MailServer(Controller):
    """On a free port of this machine; a mail that the script does not take is refused, so that its sender knows.

    :param str address: where Odoo answers
    :param str database: its database
    :param tuple login: id of the user who hands in, and the API key
    """

    def __init__(self, address, database, login):
        super().__init__(self, hostname="127.0.0.1", port=free_port(), data_size_limit=40 * 1024 * 1024)
        host, port = address.removeprefix("http://").split(":")
        options = {"host": host, "port": port, "database": database, "userid": login[0], "password": login[1]}
        self.command = [sys.executable, str(SCRIPT), *(f"--{name}={value}" for name, value in options.items())]

    async def handle_DATA(self, server, session, envelope):
        """As an MTA does with a pipe, by the exit codes of sysexits.h."""
        mail = b"Delivered-To: " + envelope.rcpt_tos[0].encode() + b"\r\n" + envelope.original_content
        pipe = partial(subprocess.run, self.command, input=mail, capture_output=True, env={"LANG": "C.UTF-8"})
        done = await asyncio.to_thread(pipe, check=False)
        if done.returncode == 0:
            return "250 Taken"
        return f"{451 if done.returncode == EX_TEMPFAIL else 554} {done.returncode}"
