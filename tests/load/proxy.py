"""A way to the servers on which connections break: in the middle of a request, or of the answer to it."""

import asyncio
import random
import threading
from collections import Counter

from tests.test_two_servers import free_port


class CuttingProxy:
    """Passes connections on to one of several servers, and cuts some.

    :param list ports: of the servers
    :param float rate: the part of the connections that are cut
    """

    def __init__(self, ports, rate, seed):
        self.ports, self.rate = ports, rate
        self.port = free_port()
        self.cuts = Counter()
        self._random = random.Random(seed)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def start(self):
        self._thread.start()
        serving = asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self._server = asyncio.run_coroutine_threadsafe(serving, self._loop).result(10)

    def stop(self):
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    async def _serve(self, reader, writer):
        server = await self._connect()
        if not server:
            writer.transport.abort()
            return
        limits = self._choose_limits()
        ways = {
            asyncio.ensure_future(self._pump("request", reader, server[1], limits.get("request"))),
            asyncio.ensure_future(self._pump("answer", server[0], writer, limits.get("answer"))),
        }
        _done, going = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in going:
            way.cancel()
        for end in (writer, server[1]):
            end.close()

    async def _connect(self):
        """A connection to one of the servers that listen, or None."""
        for port in self._random.sample(self.ports, len(self.ports)):
            try:
                return await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                continue
        return None

    def _adapt(self, data):
        """The beginning of a request, as the server is to get it."""
        return data

    def _choose_limits(self):
        """After how many bytes of the request or of the answer the connection is cut; at 0 nothing is heard at all."""
        if self._random.random() >= self.rate:
            return {}
        return self._random.choice(
            [{"request": self._random.randint(50, 1500)}, {"answer": self._random.randint(1, 400)}, {"answer": 0}]
        )

    async def _pump(self, way, reader, writer, limit):
        is_first = True
        try:
            while data := await reader.read(65536):
                if is_first and way == "request":
                    data = self._adapt(data)
                is_first = False
                if limit is not None and len(data) > limit:
                    self.cuts[way] += 1
                    writer.write(data[:limit])
                    await writer.drain()
                    return
                limit = limit and limit - len(data)
                writer.write(data)
                await writer.drain()
        except OSError:
            return


class ForwardingProxy(CuttingProxy):
    """As a company's web server in front of Odoo: it tells who the client is and what address was asked for.

    Clients ask once on a connection (``Connection: close``), so that it has to look at its beginning alone.
    """

    CLIENT = "203.0.113.7"

    def _adapt(self, data):
        line, end, rest = data.partition(b"\r\n")
        told = f"X-Forwarded-For: {self.CLIENT}\r\nX-Forwarded-Host: odoo.example\r\nX-Forwarded-Proto: https\r\n"
        return line + end + told.encode() + rest
