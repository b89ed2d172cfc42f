"""Microsoft Graph as far as contacts go: one call, or up to twenty in one (JSON batching).

https://learn.microsoft.com/graph/json-batching, https://learn.microsoft.com/graph/throttling
"""

import json
import logging
from typing import NamedTuple
from urllib.parse import quote

import requests

_logger = logging.getLogger(__name__)

BATCH = 20  # as many as Graph takes
TIMEOUT = 60  # of twenty, four of which Graph hands to Outlook at a time
VERSION = "/v1.0"
# What marks a contact or folder as ours, and which. The GUID is of this addon and never changes.
PROPERTY = "String {0ab07d3d-64ce-4f5a-9c7b-1f0e61c9d2b4} Name OdooKey"
EXPAND = f"singleValueExtendedProperties($filter=id eq '{PROPERTY}')"
WAIT = 60  # seconds, where Microsoft asks to wait and does not say how long
# An id that stays when the user moves the contact to another folder.
PREFER = 'IdType="ImmutableId"'


class Stop(Exception):
    """Nothing more is to be had of Microsoft for this user now.

    :param str code: why, see the field ``error`` of ``crm.outlook.connection``
    :param int wait: seconds that Microsoft asks to wait
    """

    def __init__(self, code, wait=0):
        super().__init__(code)
        self.code, self.wait = code, wait


class Answer(NamedTuple):
    """To one request.

    :param status: of HTTP; 0 where none came
    :param wait: seconds that Microsoft asks to wait
    """

    status: int
    body: dict
    wait: int = 0

    @property
    def is_ok(self):
        return 200 <= self.status < 300

    @property
    def is_throttled(self):
        return self.status in (429, 503)

    @property
    def code(self):
        """Graph's name of the error, without its words: these may quote the contact."""
        error = self.body.get("error") if isinstance(self.body, dict) else None
        return str(error.get("code") or "")[:100] if isinstance(error, dict) else ""


def marked(key):
    """Return the property that marks what is ours."""
    return [{"id": PROPERTY, "value": key}]


def get_key(item):
    """Return what a folder or contact is marked with, nothing where it is not ours."""
    marks = item.get("singleValueExtendedProperties") or ()
    return next((str(mark.get("value") or "") for mark in marks), "")


def path(*parts):
    """Return the path of something of the user's: ids have characters in them that an address must not have."""
    return "/".join(("/me", *(quote(part, safe="") for part in parts)))


class Graph:
    """A user's contacts at Microsoft.

    ``token`` is what it is asked with: whoever holds one of these asks no database for it.

    :param send: as ``microsoft.service``'s own ``_do_request``
    :param str address: of Graph
    :param renew_token: returns a new token
    """

    def __init__(self, send, address, renew_token):
        self._send, self._address, self._renew_token = send, address, renew_token
        self.token = None

    def call(self, method, path, body=None, params=None):
        """Ask for one thing.

        :return: Answer, where it is about this one thing
        :raise Stop: where it is about all of them
        """
        answer = self._ask(method, path, body, params)
        self.check(answer)
        return answer

    @staticmethod
    def check(answer):
        """Go on only if the answer is not about everything there is to ask.

        :raise Stop: it is
        """
        if answer.is_throttled:
            raise Stop("throttled", answer.wait or WAIT)
        if answer.status == 401:
            raise Stop("grant")
        if answer.status == 403:
            raise Stop("refused")
        if answer.status == 0 or answer.status >= 500:
            raise Stop("server", answer.wait)

    def batch(self, asked):
        """Ask for up to twenty things at once, in any order.

        :param list asked: of ``(method, path, body or None)``
        :return: an Answer to each
        :raise Stop: none of them can be answered
        """
        numbered = [self._prepare_part(number, *part) for number, part in enumerate(asked)]
        answers = self._ask_together(numbered)
        expired = [part for part in numbered if (answer := answers.get(part["id"])) and answer.status == 401]
        if expired:
            self.token = self._renew_token()
            answers |= self._ask_together(expired)
        return [answers.get(part["id"], Answer(0, {})) for part in numbered]

    def _ask_together(self, parts):
        """Ask in one request, or singly where Graph does not take it as a whole: one part that it does not like would
        keep all the others from being done.
        """
        answer = self._ask("POST", "/$batch", {"requests": parts})
        if answer.status == 400:
            _logger.warning("Microsoft Graph refused a batch as a whole: %s", answer.code)
            return self._ask_singly(parts)
        self.check(answer)
        return self._read_parts(answer)

    def _ask_singly(self, parts):
        answers = {}
        for part in parts:
            try:
                answer = self._ask(part["method"], part["url"], part.get("body"))
            except Stop:
                if not answers:
                    raise
                break  # what was answered is written down first
            answers[part["id"]] = answer
            if answer.is_throttled:
                break
        return answers

    @staticmethod
    def _prepare_part(number, method, path, body):
        """Of a part that writes Graph wants a body, also where there is nothing to say."""
        part = {"id": str(number), "method": method, "url": path, "headers": {"Prefer": PREFER}}
        if method != "GET":
            part["body"] = body or {}
            part["headers"]["Content-Type"] = "application/json"
        return part

    @staticmethod
    def _read_parts(answer):
        parts = answer.body.get("responses") if isinstance(answer.body, dict) else None
        if not answer.is_ok or not isinstance(parts, list):
            raise Stop("server")
        return {
            str(part.get("id")): Answer(
                int(part.get("status") or 0), part.get("body") or {}, get_wait(part.get("headers"))
            )
            for part in parts
        }

    def list_marked(self, path, select, *, absent="server"):
        """Go through a list of folders or contacts, each with our mark, where it has one.

        :param str select: what else of them
        :param str absent: why, where there is no such list
        :return: generator of dict
        :raise Stop: it is not to be had
        """
        params = {"$select": select, "$top": "100", "$expand": EXPAND}
        while path:
            answer = self.call("GET", path, params=params)
            if not answer.is_ok:
                raise Stop(absent if answer.status == 404 else "server")
            yield from answer.body.get("value", ())
            path, params = self._get_next(answer), None

    def _get_next(self, answer):
        """Return the path of the next page of a list, with what has to be asked for it; None at the end.

        Only of Graph itself: the token goes nowhere else.
        """
        link, start = str(answer.body.get("@odata.nextLink") or ""), self._address + VERSION
        return link.removeprefix(start) if link.startswith(f"{start}/") else None

    def _ask(self, method, path, body=None, params=None):
        """Ask, with a new token where the one at hand is not taken any more."""
        answer = self._request(method, path, body, params)
        if answer.status == 401:
            self.token = self._renew_token()
            answer = self._request(method, path, body, params)
        return answer

    def _request(self, method, path, body, params):
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", "Prefer": PREFER}
        content = params if method == "GET" else json.dumps(body or {})
        try:
            status, answer, _time = self._send(
                VERSION + path, content, headers, method=method, preuri=self._address, timeout=TIMEOUT
            )
        except requests.HTTPError as error:
            return Answer(error.response.status_code, read_json(error.response), get_wait(error.response.headers))
        except requests.RequestException as error:
            raise Stop("network") from error
        return Answer(status, answer)


def read_json(response):
    """Return what an answer says, nothing where that is no JSON."""
    try:
        return response.json()
    except ValueError:
        return {}


def get_wait(headers):
    """Return how long Microsoft asks to wait. Of a batch the names of headers may be written in any way."""
    values = {str(name).lower(): value for name, value in (headers or {}).items()}
    value = str(values.get("retry-after") or "").strip()
    return int(value) if value.isdigit() else 0
