"""Sends requests, and knows nothing of Odoo: so that it can work in threads of its own.

Neither Odoo's environment nor the machine's plays a part: no proxy of environment variables, no redirect, no cookie, no
password file.
"""

import socket
import threading
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import suppress
from typing import NamedTuple

import urllib3
from requests.certs import where
from urllib3.connection import HTTPConnection, HTTPSConnection

from . import addresses, signature

# Receivers that are waited for at the same moment.
THREADS = 8
# What a receiver says when it does not want this one thing; whatever else it says is about all.
REFUSING = frozenset({400, 406, 409, 413, 414, 415, 422, 431})


class Message(NamedTuple):
    """One delivery."""

    key: int
    uuid: str
    event: str
    attempt: int
    body: bytes


class Receiver(NamedTuple):
    """Where messages go, and what may not be passed on the way.

    :param keys: secrets to sign with
    :param allowed: `addresses.Allowed`
    :param timeout: seconds, for all of a request
    """

    url: str
    keys: tuple
    allowed: addresses.Allowed
    timeout: float


class Outcome(NamedTuple):
    """What became of a delivery.

    :param error: why it was not delivered, as a code or the words of the system
    :param concerns_all: the receiver does not work, rather than not want this one
    :param milliseconds: how long it took
    """

    key: int
    is_delivered: bool
    status: int = 0
    error: str = ""
    concerns_all: bool = False
    milliseconds: int = 0


class _Deadline:
    """Ends a connection when its time is over, however slowly the other side sends."""

    def __init__(self, seconds):
        self.end = time.monotonic() + seconds
        self.is_over = False
        self._socket = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._stop)
        self._timer.daemon = True

    def __enter__(self):
        self._timer.start()
        return self

    def __exit__(self, *_error):
        self._timer.cancel()
        with self._lock:
            self._forget()

    def watch(self, connection):
        """End this connection in time, by a handle of our own: TLS takes the other one away."""
        with self._lock:
            self._forget()
            self._socket = connection.dup()
            if self.is_over:
                _shut(self._socket)

    def _forget(self):
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def left(self):
        return max(self.end - time.monotonic(), 0.01)

    def _stop(self):
        with self._lock:
            self.is_over = True
            if self._socket is not None:
                _shut(self._socket)


def _shut(connection):
    with suppress(OSError):  # it has ended by itself
        connection.shutdown(socket.SHUT_RDWR)


def _connect(connection):
    """Connect to an address that was looked at; nobody is asked for the name again after that.

    The name stays in the header ``Host`` and is what the certificate has to be of.
    """
    receiver, deadline = connection.receiver, connection.deadline
    target = addresses.parse(receiver.url)
    problem = None
    for family, address in addresses.resolve(target, receiver.allowed):
        made = socket.socket(family, socket.SOCK_STREAM)
        try:
            made.settimeout(deadline.left())
            deadline.watch(made)
            made.connect(address)
            addresses.check(target.host, made.getpeername()[0], receiver.allowed)
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return made
        except (OSError, addresses.Refused) as error:
            made.close()
            problem = error
    raise problem


class _Plain(HTTPConnection):
    def _new_conn(self):
        return _connect(self)


class _Secure(HTTPSConnection):
    def _new_conn(self):
        return _connect(self)


def _open(receiver, target, deadline):
    if target.scheme == "http":
        made = _Plain(target.host, target.port, timeout=receiver.timeout)
    else:
        made = _Secure(target.host, target.port, timeout=receiver.timeout)
        made.set_cert(cert_reqs="CERT_REQUIRED", ca_certs=where())
    made.receiver, made.deadline = receiver, deadline
    return made


def send(receiver, message):
    """Send one message.

    :return: Outcome
    """
    started = time.monotonic()
    with _Deadline(receiver.timeout) as deadline:
        try:
            status, error = _exchange(receiver, message, deadline), ""
        except addresses.Refused as refusal:
            status, error = 0, refusal.args[0]
        except (OSError, ValueError, urllib3.exceptions.HTTPError, EOFError) as problem:
            status, error = 0, _words(problem)
        except Exception as problem:  # noqa: BLE001  of a strange answer http.client raises strange things
            status, error = 0, type(problem).__name__
        if deadline.is_over and not status:
            error = "timeout"
    took = round((time.monotonic() - started) * 1000)
    delivered = 200 <= status < 300
    return Outcome(message.key, delivered, status, error, not delivered and status not in REFUSING, took)


def _exchange(receiver, message, deadline):
    """Send, and return the status; what else is answered is nobody's business and is not read."""
    target = addresses.parse(receiver.url)
    signed = signature.sign(message.body, receiver.keys, int(time.time()))
    headers = signature.headers(message.uuid, message.event, message.attempt, signed)
    connection = _open(receiver, target, deadline)
    try:
        connection.request("POST", target.path, body=message.body, headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()


def _words(problem):
    """What went wrong, without addresses in memory and the like."""
    if isinstance(problem, TimeoutError):
        return "timeout"
    return (getattr(problem, "strerror", None) or str(problem) or type(problem).__name__)[:200]


class Crew:
    """Sends to several receivers at once, to each in its order, so that none waits for another one."""

    def __init__(self):
        self._pool = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="webhook")
        self._work = {}

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._pool.shutdown(cancel_futures=True)

    @property
    def busy(self):
        """What was begun and is not done yet."""
        return list(self._work.values())

    @property
    def room(self):
        """How many can be begun at once: what is begun never waits for a thread."""
        return THREADS - len(self._work)

    def begin(self, task, receiver, messages, seconds):
        """Send to a receiver.

        :param task: what `wait` returns it under
        :param Receiver receiver: where to
        :param list messages: Message, in their order
        :param float seconds: no message is begun after that
        """
        end = time.monotonic() + seconds
        self._work[self._pool.submit(send_in_order, receiver, messages, end)] = task

    def wait(self, seconds):
        """Wait for the first receivers that are done, this long at most.

        :return: list of ``(task, [Outcome])``
        """
        done, _others = wait(self._work, timeout=seconds, return_when=FIRST_COMPLETED)
        return [(self._work.pop(future), future.result()) for future in done]


def send_in_order(receiver, messages, end):
    """Send to one receiver, until one does not arrive or it is time to end.

    :param float end: of ``time.monotonic``; no message is begun then
    :return: list of Outcome, of those that were begun
    """
    outcomes = []
    for message in messages:
        if time.monotonic() >= end:
            break
        outcomes.append(send(receiver, message))
        if not outcomes[-1].is_delivered:
            break
    return outcomes
