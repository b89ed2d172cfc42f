"""A gateway for text messages on this machine: a server that keeps what it gets, and Odoo's class that calls it."""

import json
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests
from requests.adapters import HTTPAdapter

from odoo.addons.sms.tools.sms_api import SmsApiBase

TIMEOUT = 0.5


class Killed(BaseException):
    """The server's process ends here: nothing in Odoo catches it."""


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        messages = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.gateway.answer(self, messages)

    def reply(self, status, content):
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Odoo's log is kept for Odoo."""


class Gateway:
    """What it does with the next requests is set by ``script``, a list of names of methods; then it just works."""

    def __init__(self):
        self.received = []
        self.requests = 0
        self.script = []
        self.refused = {}
        self.hold = threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self.server.gateway = self
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}/send"

    @property
    def counts(self):
        """``{number: how often it got a message}``"""
        return Counter(number for number, _text in self.received)

    def stop(self):
        self.hold.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def answer(self, handler, messages):
        self.requests += 1
        step = self.script.pop(0) if self.script else "work"
        getattr(self, step)(handler, messages)

    def _take(self, messages):
        results = []
        for message in messages:
            for receiver in message["numbers"]:
                state = self.refused.get(receiver["number"], "success")
                if state == "success":
                    self.received.append((receiver["number"], message["content"]))
                results.append({"uuid": receiver["uuid"], "state": state})
        return results

    def work(self, handler, messages):
        handler.reply(200, self._take(messages))

    def break_down(self, handler, messages):
        handler.reply(500, {"error": "no credit card"})

    def be_slow(self, handler, messages):
        """Takes the messages, and answers when nobody waits any more."""
        self._take(messages)
        self.hold.wait(5)

    def hang_up(self, handler, messages):
        """Takes the messages and drops the connection."""
        self._take(messages)
        handler.close_connection = True

    def answer_twice(self, handler, messages):
        """Says yes and then, of the same messages, that it had them already."""
        results = self._take(messages)
        handler.reply(200, results + [{**result, "state": "duplicate_message"} for result in results])

    def answer_for_some(self, handler, messages):
        handler.reply(200, self._take(messages)[:1])

    def talk_nonsense(self, handler, messages):
        self._take(messages)
        handler.reply(200, {"thanks": True})


class _Impatient(HTTPAdapter):
    def send(self, request, **kwargs):
        return super().send(request, **{**kwargs, "timeout": TIMEOUT})


def gateway_class(url, one_request=True, after=None):
    """Odoo's class for the gateway.

    :param str url: where it listens
    :param bool one_request: whether it says of itself that a batch is one request
    :param callable after: called when the gateway has answered, before Odoo gets to know
    """

    class GatewayApi(SmsApiBase):
        def _send_sms_batch(self, messages, delivery_reports_url=False):
            session = requests.Session()
            session.mount("http://", _Impatient())
            response = session.post(url, json=messages)
            response.raise_for_status()
            if after:
                after()
            return response.json()

    if one_request:
        GatewayApi.one_request = True
    return GatewayApi
