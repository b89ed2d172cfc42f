"""A mail server on this machine that keeps what it gets, and refuses whom it is told to."""

import email
import email.policy
import socket
from collections import Counter

from aiosmtpd.controller import Controller


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class MailServer(Controller):
    """Addresses in ``refused`` are unknown to it."""

    def __init__(self):
        self.received = []
        self.refused = set()
        super().__init__(self, hostname="127.0.0.1", port=free_port())

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address in self.refused:
            return "550 5.1.1 No such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.SMTP)
        self.received += [(address, message) for address in envelope.rcpt_tos]
        return "250 Taken"

    @property
    def counts(self):
        """``{address: how often it got a mail}``"""
        return Counter(address for address, _message in self.received)

    def last_to(self, address):
        """The last mail that an address got."""
        return [message for receiver, message in self.received if receiver == address][-1]
