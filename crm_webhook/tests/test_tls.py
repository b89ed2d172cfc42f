"""Over TLS: the certificate has to be of the name that was written, whatever its address; and time runs out."""

import datetime
import socket
import ssl
import tempfile
import threading
import time
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from ..tools import addresses, sender
from .receiver import Receiver

NAME = "hooks.example"


def make_certificate(folder, name):
    """A certificate that vouches for itself, as files."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(certificate.public_bytes(pem))
    plain = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(plain)
    return str(folder / "cert.pem"), str(folder / "key.pem")


class TLSReceiver(Receiver):
    def __init__(self, certificate, key):
        self.names = []
        super().__init__()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        context.sni_callback = lambda _socket, name, _context: self.names.append(name)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.server.handle_error = lambda *_args: None  # of clients that do not trust it


@tagged("post_install", "-at_install")
class TestTLS(BaseCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.certificate, key = make_certificate(Path(folder.name), NAME)
        self.receiver = TLSReceiver(self.certificate, key)
        self.addCleanup(self.receiver.stop)
        true = socket.getaddrinfo
        self.patch(
            addresses.socket,
            "getaddrinfo",
            lambda host, *args, **kw: true("127.0.0.1" if host.endswith(".example") else host, *args, **kw),
        )

    def _send(self, url, timeout=30):
        receiver = sender.Receiver(url, ("secret",), addresses.Allowed("127.0.0.1"), timeout)
        return sender.send(receiver, sender.Message(1, "id", "test", 1, b"{}"))

    def test_the_name_that_was_written_is_asked_for_and_vouched_for(self):
        self.patch(sender, "where", lambda: self.certificate)
        outcome = self._send(f"https://{NAME}:{self.receiver.port}/")
        self.assertTrue(outcome.is_delivered, outcome)
        self.assertEqual(self.receiver.names, [NAME])
        self.assertEqual(self.receiver.requests[0][1]["Host"], f"{NAME}:{self.receiver.port}")

    @mute_logger("urllib3.connection")
    def test_a_certificate_of_another_name_is_none(self):
        self.patch(sender, "where", lambda: self.certificate)
        outcome = self._send(f"https://other.example:{self.receiver.port}/")
        self.assertFalse(outcome.is_delivered)
        self.assertEqual(self.receiver.requests, [])

    def test_a_certificate_that_nobody_vouches_for_is_none(self):
        outcome = self._send(f"https://{NAME}:{self.receiver.port}/")
        self.assertFalse(outcome.is_delivered)
        self.assertIn("certificate", outcome.error.lower())
        self.assertEqual(self.receiver.requests, [])

    def test_a_greeting_that_never_ends_ends(self):
        server = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(server.close)

        def drip():
            try:
                client, _address = server.accept()
                client.sendall(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc")
                for _byte in range(100):
                    time.sleep(0.1)
                    client.sendall(b"x")
            except OSError:
                pass

        threading.Thread(target=drip, daemon=True).start()
        outcome = self._send(f"https://{NAME}:{server.getsockname()[1]}/", timeout=0.7)
        self.assertEqual(outcome.error, "timeout")

    def test_an_answer_that_drips_in_ends(self):
        self.patch(sender, "where", lambda: self.certificate)
        self.receiver.usual = "drip"
        outcome = self._send(f"https://{NAME}:{self.receiver.port}/", timeout=0.7)
        self.assertEqual((outcome.is_delivered, outcome.error), (False, "timeout"))
