"""A receiver on this machine: a server that keeps what it gets and checks signatures by itself, as the README says."""

import hashlib
import hmac
import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# Seconds after which something that never comes has a test fail, however busy the machine is; none waits that long.
PATIENCE = 120


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.receiver.answer(self, body)

    def reply(self, status, **headers):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *args):
        """Odoo's log is kept for Odoo."""


class Receiver:
    """What it does with the next requests is set by ``script``, a list of names of methods; then by ``usual``."""

    def __init__(self):
        self.requests = []
        self.script = []
        self.usual = "take"
        self.hold = threading.Event()
        self.arrived = threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self.server.daemon_threads = True
        self.server.receiver = self
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()

    @property
    def port(self):
        return self.server.server_address[1]

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/hooks/crm?from=odoo"

    @property
    def events(self):
        return [(body["event"], body["data"].get("name")) for body in self.bodies]

    @property
    def bodies(self):
        return [json.loads(body) for _path, _headers, body in self.requests]

    @property
    def ids(self):
        return [headers["X-CRM-Webhook-Id"] for _path, headers, _body in self.requests]

    def stop(self):
        self.hold.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def answer(self, handler, body):
        self.requests.append((handler.path, dict(handler.headers), body))
        self.arrived.set()
        step = self.script.pop(0) if self.script else self.usual
        getattr(self, step)(handler)

    def take(self, handler):
        handler.reply(204)

    def break_down(self, handler):
        handler.reply(500)

    def refuse(self, handler):
        handler.reply(422)

    def forbid(self, handler):
        handler.reply(403)

    def redirect(self, handler):
        handler.reply(307, Location=self.url)

    def be_slow(self, handler):
        self.hold.wait(PATIENCE)

    def wait(self, handler):
        self.hold.wait(PATIENCE)
        handler.reply(204)

    def drip(self, handler):
        """A byte now and then, so that each wait for one is short."""
        try:
            for byte in b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 100:
                handler.wfile.write(bytes([byte]))
                time.sleep(0.1)
        except OSError:
            handler.close_connection = True

    def hang_up(self, handler):
        handler.close_connection = True
        handler.connection.shutdown(socket.SHUT_RDWR)

    def talk_nonsense(self, handler):
        handler.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n")
        handler.close_connection = True


def is_genuine(headers, body, secret, now, window=300):
    """What the README tells receivers to do, written anew from that."""
    parts = [part.split("=", 1) for part in headers["X-CRM-Webhook-Signature"].split(",")]
    sent = int(dict(parts)["t"])
    wanted = hmac.new(secret.encode(), str(sent).encode() + b"." + body, hashlib.sha256).hexdigest()
    return abs(now - sent) <= window and any(
        name == "v1" and hmac.compare_digest(value, wanted) for name, value in parts
    )
