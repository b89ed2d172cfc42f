"""Microsoft on this machine: the calls of Graph and of its sign-in that are documented and used here.

- contactFolders: list with ``$expand`` of an extended property and pages, create (409 if there is one of that name),
  permanentDelete
- contacts of a folder: create (201), list by an extended property, or with ``$expand`` of one and pages, change (200),
  permanentDelete (204), and 404 for what is gone
- ``$batch``: up to twenty, answered in another order; 400 for more, and where a part that writes has no body; each part
  with its own status and ``Retry-After``
- ``/common/oauth2/v2.0/token``: a code or a refresh token against a token, a new refresh token each time
"""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

FILTER = re.compile(
    r"^singleValueExtendedProperties/Any\(ep: ep/id eq '(?P<id>[^']+)' and ep/value eq '(?P<value>[^']+)'\)$"
)
BATCH = 20


class Fault(dict):
    """What goes wrong: ``status``, ``code``, ``wait`` (of Retry-After) and whether it is ``done`` all the same."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _serve(self):
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.microsoft.serve(self, content)

    do_GET = do_POST = do_PATCH = do_DELETE = _serve

    def reply(self, status, body=None, headers=None):
        content = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        """Odoo's log is kept for Odoo."""


class Microsoft:
    """What is in the mailbox is in ``folders``; ``faults`` come first, in their order.

    ``faults``: list of ``(where, Fault)``, where is "http" for the next request as a whole, "token" for the next token,
    "batch" for the next batch as a whole, or the method and the end of the path of the next such request or part of a
    batch, as in ``"POST contacts"``.
    """

    def __init__(self):
        self.folders = {}
        self.tokens, self.refresh_token = {"token-0"}, "refresh-0"
        self.calls = []  # (method, path) of all that was done
        self.requests = 0  # over the wire
        self.forms = []  # of the sign-in
        self.faults = []
        self.number = 0
        self.on_request = None  # called with the path of each request, before anything is done
        self.before_reply = None  # called once, when something was done and nobody knows it yet
        self.lock = threading.RLock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self.server.daemon_threads = True
        self.server.microsoft = self
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    @property
    def contacts(self):
        """All of them, of all folders that are ours."""
        return [card for folder in self.folders.values() if folder["mark"] for card in folder["contacts"].values()]

    @property
    def names(self):
        return sorted(card["displayName"] for card in self.contacts)

    def add_folder(self, name):
        """One that the user made."""
        ref = self._new_ref("folder")
        self.folders[ref] = {"name": name, "mark": None, "contacts": {}}
        return self.folders[ref]

    def done(self, method):
        return [path for called, path in self.calls if called == method]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    # ------------------------------------------------------------
    # Serving
    # ------------------------------------------------------------

    def serve(self, handler, content):
        split = urlsplit(handler.path)
        if self.on_request:
            self.on_request(split.path)
        with self.lock:
            if split.path.endswith("/oauth2/v2.0/token"):
                status, body, headers = self._token({k: v[0] for k, v in parse_qs(content.decode()).items()})
            else:
                self.requests += 1
                status, body, headers = self._graph(handler, split, content)
            if self.before_reply:
                call, self.before_reply = self.before_reply, None
                if call() == "hang up":
                    handler.close_connection = True
                    return
        handler.reply(status, body, headers)

    def _take_fault(self, where):
        for index, (place, fault) in enumerate(self.faults):
            if place == where:
                del self.faults[index]
                return fault
        return None

    @staticmethod
    def _error(fault):
        headers = {"Retry-After": str(fault["wait"])} if "wait" in fault else {}
        return fault["status"], {"error": {"code": fault.get("code", "ErrorUnknown"), "message": "About Ada"}}, headers

    def _token(self, form):
        self.forms.append(form)
        if fault := self._take_fault("token"):
            return fault["status"], {"error": fault["code"], "error_description": "AADSTS"}, {}
        known = {"refresh_token": self.refresh_token, "authorization_code": "good"}[form["grant_type"]]
        if form.get("refresh_token", form.get("code")) != known:
            return 400, {"error": "invalid_grant", "error_description": "AADSTS70000"}, {}
        self.number += 1
        token = f"token-{self.number}"
        self.tokens = {token}
        self.refresh_token = f"refresh-{self.number}"
        return 200, {"access_token": token, "expires_in": 3599, "refresh_token": self.refresh_token}, {}

    def _graph(self, handler, split, content):
        if fault := self._take_fault("http"):
            return self._error(fault)
        if (handler.headers.get("Authorization") or "").removeprefix("Bearer ") not in self.tokens:
            return self._error(Fault(status=401, code="InvalidAuthenticationToken"))
        assert split.path.startswith("/v1.0/"), split.path
        path, body = split.path.removeprefix("/v1.0"), json.loads(content or b"null")
        if path == "/$batch":
            return self._batch(body)
        return self._part(handler.command, path, parse_qs(split.query), body)

    def _batch(self, body):
        parts = body["requests"]
        if len(parts) > BATCH or len({part["id"] for part in parts}) != len(parts):
            return self._error(Fault(status=400, code="MaximumValueExceeded"))
        if fault := self._take_fault("batch"):
            return self._error(fault)
        if any(part["method"] != "GET" and not self._is_written(part) for part in parts):
            return self._error(Fault(status=400, code="BadRequest"))
        responses = []
        for part in parts:
            split = urlsplit(part["url"])
            status, answer, headers = self._part(part["method"], split.path, parse_qs(split.query), part.get("body"))
            responses.append({"id": part["id"], "status": status, "headers": headers, "body": answer})
        return 200, {"responses": list(reversed(responses))}, {}

    @staticmethod
    def _is_written(part):
        return "body" in part and part["headers"].get("Content-Type") == "application/json"

    def _part(self, method, path, query, body):
        fault = self._take_fault(f"{method} {path.rpartition('/')[2] if method != 'PATCH' else 'contact'}")
        if not fault or fault.get("done"):
            status, answer, headers = self._one(method, path, query, body)
        if fault:
            status, answer, headers = self._error(fault)
        return status, answer, headers

    # ------------------------------------------------------------
    # The calls
    # ------------------------------------------------------------

    def _new_ref(self, kind):
        self.number += 1
        return f"AAMk{kind}{self.number}=="  # with characters that an address has to escape

    def _one(self, method, path, query, body):
        self.calls.append((method, path))
        parts = [unquote(part) for part in path.split("/")[1:]]
        assert parts[:2] == ["me", "contactFolders"], path
        parts = parts[2:]
        if not parts:
            return self._list_folders(path, query) if method == "GET" else self._create_folder(body)
        folder = self.folders.get(parts[0])
        if folder is None:
            return self._error(Fault(status=404, code="ErrorItemNotFound"))
        if parts[1:] == ["permanentDelete"]:
            del self.folders[parts[0]]
            return 204, None, {}
        if parts[1:] == ["contacts"]:
            if method == "POST":
                return self._create(folder, body)
            return self._find(folder, query) if "$filter" in query else self._list_contacts(folder, path, query)
        return self._contact(folder, method, parts[2], parts[3:], body)

    def _list_folders(self, path, query):
        folders = self.folders.items()
        rows = [{"id": ref, "displayName": folder["name"], **self._told(folder)} for ref, folder in folders]
        return self._list(rows, path, query)

    def _list_contacts(self, folder, path, query):
        return self._list([{"id": ref, **self._told(card)} for ref, card in folder["contacts"].items()], path, query)

    @staticmethod
    def _told(item):
        return {"singleValueExtendedProperties": [item["mark"]]} if item.get("mark") else {}

    def _list(self, rows, path, query):
        assert "singleValueExtendedProperties" in query["$expand"][0]
        start, size = int(query.get("$skip", ["0"])[0]), 2  # small pages, whatever is asked for
        answer = {"value": rows[start : start + size]}
        if start + size < len(rows):
            rest = f"$expand={query['$expand'][0]}&$skip={start + size}"
            answer["@odata.nextLink"] = f"{self.url}/v1.0{path}?{rest}".replace(" ", "%20")
        return 200, answer, {}

    def _create_folder(self, body):
        if any(folder["name"] == body["displayName"] for folder in self.folders.values()):
            return self._error(Fault(status=409, code="ErrorFolderExists"))
        ref = self._new_ref("folder")
        [mark] = body["singleValueExtendedProperties"]
        self.folders[ref] = {"name": body["displayName"], "mark": mark, "contacts": {}}
        return 201, {"id": ref, "displayName": body["displayName"]}, {}

    def _find(self, folder, query):
        wanted = FILTER.match(query["$filter"][0])
        found = [
            {"id": ref}
            for ref, card in folder["contacts"].items()
            if card.get("mark") == {"id": wanted["id"], "value": wanted["value"]}
        ]
        return 200, {"value": found}, {}

    def _create(self, folder, body):
        ref = self._new_ref("contact")
        [mark] = body.pop("singleValueExtendedProperties")
        folder["contacts"][ref] = {**body, "mark": mark}
        return 201, {"id": ref, **body}, {}

    def _contact(self, folder, method, ref, rest, body):
        if ref not in folder["contacts"]:
            return self._error(Fault(status=404, code="ErrorItemNotFound"))
        if rest == ["permanentDelete"] and method == "POST":
            del folder["contacts"][ref]
            return 204, None, {}
        assert method == "PATCH", method
        folder["contacts"][ref].update(body)
        return 200, {"id": ref}, {}
