"""Clients that cost little, so that it is the server that is measured: a process each, one connection, bodies made."""

import contextlib
import http.client
import itertools
import multiprocessing
import queue
import time
from ipaddress import IPv4Address

from tests.bench.intake_bodies import DOORS
from tests.bench.servers import ServerError

# Of the numbers of leads each client gets so many, which no other one ever gets.
NUMBERS = 20_000
_PATIENCE = 300
_FIRST_ADDRESS, _ADDRESSES = int(IPv4Address("10.0.0.0")), 2**24


class Load:
    """What is sent: through which door, how many leads at a time, by how many clients.

    :param str door: a key of DOORS
    :param bytes mark: what an answer has for each lead that was taken
    :param dict known: what bodies are made with, see intake_bodies
    """

    def __init__(self, door, mark, known, clients=1, batch=1):
        self.door, self.mark, self.known = DOORS[door], mark, known
        self.clients, self.batch = clients, batch

    def drive(self, port, blocks, seconds, settle=None):
        """Send for some seconds, and once at least.

        :param blocks: an iterator of numbers of blocks of leads, of which each client takes one
        :param settle: waits until the server has done what it does after the answers; that counts too
        :return: leads per second of all clients together
        :raise ServerError: a request was answered with anything else than was expected
        """
        context = multiprocessing.get_context("fork")
        barrier, results = context.Barrier(self.clients), context.Queue()
        processes = [
            context.Process(target=self._send, args=(port, next(blocks), seconds, barrier, results), daemon=True)
            for _client in range(self.clients)
        ]
        for process in processes:
            process.start()
        try:
            sent = [self._result(results) for _process in processes]
            answered = time.perf_counter()
            if not settle:
                return sum(count / elapsed for count, elapsed in sent)
            settle()
            afterwards = time.perf_counter() - answered
            return sum(count for count, _elapsed in sent) / (max(elapsed for _count, elapsed in sent) + afterwards)
        finally:
            for process in processes:
                process.join(5)
                process.kill()

    def _result(self, results):
        """The number of leads that a client has sent, and the seconds that it took."""
        try:
            count, elapsed, error = results.get(timeout=_PATIENCE)
        except queue.Empty:
            raise ServerError(f"{self.door.path} does not answer.") from None
        if error:
            raise ServerError(f"{self.door.path}: {error}")
        return count, elapsed

    def _send(self, port, block, seconds, barrier, results):
        """One client, in a process of its own."""
        try:
            bodies = self._bodies(block, seconds)
            with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)) as connection:
                barrier.wait(60)
                count, start = 0, time.perf_counter()
                while not count or time.perf_counter() - start < seconds:
                    self._post(connection, next(bodies), block * NUMBERS + count)
                    count += self.batch
                results.put((count, time.perf_counter() - start, None))
        except Exception as error:  # noqa: BLE001  whatever it is, the one who waits for the result has to hear of it
            results.put((0, 1, f"{type(error).__name__}: {error}"))
            barrier.abort()

    def _bodies(self, block, seconds):
        numbers = itertools.count(block * NUMBERS)
        made = (
            self.door.build(list(itertools.islice(numbers, self.batch)), self.known) for _request in itertools.count()
        )
        # as many as a fast server takes are made before the clock runs
        ahead = 2 if self.batch > 1 else int(400 * seconds)
        return itertools.chain(list(itertools.islice(made, ahead)), made)

    def _post(self, connection, body, number):
        headers = {"Content-Type": self.door.content_type}
        if self.door.has_header:
            headers["Authorization"] = f"Bearer {self.known['key']}"
        if self.door.from_anywhere:
            # a visitor behind a proxy, which tells their address
            headers["X-Forwarded-For"] = str(IPv4Address(_FIRST_ADDRESS + number % _ADDRESSES))
            headers["X-Forwarded-Host"] = "www.example.com"
        connection.request("POST", self.door.path.format(key=self.known["key"]), body, headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status >= 400 or content.count(self.mark) < self.batch:
            raise ServerError(f"answered {answer.status}: {content[:600]!r}")
