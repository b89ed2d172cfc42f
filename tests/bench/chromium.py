"""A headless Chromium, driven over its DevTools protocol: opens pages, and tells what they requested and when."""

import contextlib
import itertools
import json
import pathlib
import shutil
import subprocess
import tempfile
import time
import urllib.request

import websocket

# The names that Odoo's own tests look for.
PROGRAMS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
SWITCHES = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--disable-default-apps",
    "--no-first-run",
    "--mute-audio",
    "--remote-debugging-port=0",
    "--window-size=1400,900",
)
RECORDER = pathlib.Path(__file__).with_name("recorder.js")


def _is_of_the_bus(address):
    """What a worker of the web client keeps open is not waited for: of its script only the worker sees the end."""
    return "/bus/" in address or "/websocket" in address


class BrowserError(Exception):
    """The browser, or the page in it, did not do what was asked."""


class Browser:
    """One Chromium with a profile of its own, and one page in it.

    ``requests`` holds what the page has asked for since the last :meth:`open`, in order:
    ``{"url", "method", "type", "body", "cached", "status"}``.
    """

    def __init__(self):
        self._ids = itertools.count(1)
        self._profile = tempfile.mkdtemp(prefix="bench-chromium-")
        self._log = pathlib.Path(self._profile, "chromium.log").open("wb")  # noqa: SIM115  as long as Chromium runs
        self._process = subprocess.Popen(
            [self._program(), *SWITCHES, f"--user-data-dir={self._profile}", "about:blank"],
            stdout=self._log,
            stderr=self._log,
        )
        self.requests = []
        self._by_id = {}
        self._pending = set()
        try:
            self._socket = websocket.create_connection(self._page_address(), suppress_origin=True, timeout=120)
            self.call("Network.enable", maxPostDataSize=1_000_000)
            self.call("Page.enable")
            self.call("Page.addScriptToEvaluateOnNewDocument", source=RECORDER.read_text())
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.close()

    def close(self):
        """End Chromium, and remove its profile."""
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()
        shutil.rmtree(self._profile, ignore_errors=True)

    # ------------------------------------------------------------
    # What a measurement does
    # ------------------------------------------------------------

    def set_cookie(self, name, value, address):
        self.call("Network.setCookie", name=name, value=value, url=address)

    def open(self, address):
        """Start to open an address, and forget what the page before had requested."""
        self.call("Page.navigate", url="about:blank")
        self.pump(0.3)
        self.forget()
        self.call("Page.navigate", url=address)

    def forget(self):
        """Start a new record of requests."""
        self.requests = []
        self._by_id = {}
        self._pending = set()

    def evaluate(self, expression):
        """The value of a JavaScript expression, awaited if it is a promise.

        :raise BrowserError: the script fails
        """
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if details := answer.get("exceptionDetails"):
            raise BrowserError(details.get("exception", {}).get("description") or details["text"])
        return answer["result"].get("value")

    def wait_until(self, expression, seconds=120, what=None, pause=0.2):
        """Wait until a JavaScript expression holds.

        :raise BrowserError: it does not within ``seconds``
        """
        end = time.monotonic() + seconds
        while not self.evaluate(expression):
            if time.monotonic() > end:
                raise BrowserError(f"The page does not show {what or expression} within {seconds} seconds.")
            self.pump(pause)

    def wait_until_quiet(self, quiet=1.5, seconds=180):
        """Wait until nothing is being requested, and nothing has changed on the page for ``quiet`` seconds."""
        end = time.monotonic() + seconds
        while self._pending or self.evaluate("bench.sinceChange()") < quiet * 1000:
            if time.monotonic() > end:
                raise BrowserError(f"The page goes on changing after {seconds} seconds: {sorted(self._pending)[:3]}")
            self.pump(0.25)

    def mouse(self, kind, x, y, pressed=True):
        """Send one event of the mouse: mousePressed, mouseMoved or mouseReleased."""
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", buttons=int(pressed), clickCount=1)

    # ------------------------------------------------------------
    # The protocol
    # ------------------------------------------------------------

    def call(self, method, **params):
        """Ask Chromium for something, and return its answer.

        :raise BrowserError: it refuses
        """
        number = next(self._ids)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = json.loads(self._socket.recv())
            if message.get("id") == number:
                if "error" in message:
                    raise BrowserError(f"{method}: {message['error']['message']}")
                return message["result"]
            self._on_event(message)

    def pump(self, seconds):
        """Take notice of what the page does for some time."""
        end = time.monotonic() + seconds
        try:
            while (left := end - time.monotonic()) > 0:
                self._socket.settimeout(left)
                with contextlib.suppress(websocket.WebSocketTimeoutException):
                    self._on_event(json.loads(self._socket.recv()))
        finally:
            self._socket.settimeout(120)

    def _on_event(self, message):
        handler = getattr(self, "_on_" + message.get("method", "").replace(".", "_"), None)
        if handler:
            handler(**message["params"])

    def _on_Network_requestWillBeSent(self, requestId, request, timestamp, **params):
        if request["url"].startswith(("data:", "blob:")):
            return
        entry = {
            "url": request["url"],
            "method": request["method"],
            "type": params.get("type"),
            "body": request.get("postData"),
            "started": timestamp,
            "cached": False,
            "status": None,
        }
        self.requests.append(entry)
        self._by_id[requestId] = entry
        if not _is_of_the_bus(request["url"]):
            self._pending.add(requestId)

    def _on_Network_requestServedFromCache(self, requestId, **_params):
        if requestId in self._by_id:
            self._by_id[requestId]["cached"] = True

    def _on_Network_responseReceived(self, requestId, response, **_params):
        if requestId in self._by_id:
            entry = self._by_id[requestId]
            entry["status"] = response["status"]
            entry["cached"] |= bool(response.get("fromDiskCache") or response.get("fromServiceWorker"))

    def _on_Network_loadingFinished(self, requestId, timestamp, **_params):
        self._pending.discard(requestId)
        if requestId in self._by_id:
            self._by_id[requestId]["ended"] = timestamp

    def _on_Network_loadingFailed(self, requestId, **_params):
        self._pending.discard(requestId)

    def _program(self):
        for name in PROGRAMS:
            if path := shutil.which(name):
                return path
        raise BrowserError("There is no Chromium on this machine: install chromium or google-chrome.")

    def _page_address(self):
        port_file = pathlib.Path(self._profile, "DevToolsActivePort")
        end = time.monotonic() + 60
        while time.monotonic() < end and self._process.poll() is None:
            with contextlib.suppress(OSError, ValueError, IndexError):
                port = int(port_file.read_text().split()[0])
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list", timeout=5) as answer:
                    pages = [target for target in json.load(answer) if target["type"] == "page"]
                return pages[0]["webSocketDebuggerUrl"]
            time.sleep(0.1)
        raise BrowserError(f"Chromium does not start: {pathlib.Path(self._log.name).read_text()[-2000:]}")
