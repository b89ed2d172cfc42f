"""Programs of partners: each sends its leads over any door, and sends a request again until it is answered."""

import hashlib
import json
import random
import threading
import time
import traceback
import xmlrpc.client
from collections import Counter
from xml.parsers.expat import ExpatError

import requests

TIMEOUT = 60


class NotAnswered(Exception):
    """There was no answer, or one that asks to try again."""


class Doors:
    """Ways to hand in leads at an address; each takes a source and records, and returns the answers."""

    def __init__(self, address, database, sources):
        self.address, self.database, self.sources = address, database, sources

    def json2(self, source, records):
        """Odoo's own JSON-2."""
        headers = {"Authorization": f"Bearer {self.sources[source]['api_key']}"}
        return self._post("/json/2/crm.lead.inbox/submit", json={"leads": records}, headers=headers).json()

    def xmlrpc2(self, source, records):
        """Odoo's own XML-RPC."""
        user = self.sources[source]
        login = (self.database, user["user_id"], user["api_key"])
        return self._call_xmlrpc("/xmlrpc/2/object", "execute_kw", *login, "crm.lead.inbox", "submit", [records])

    def xmlrpc(self, source, records):
        """The suite's XML-RPC."""
        return self._call_xmlrpc("/leadintake/xmlrpc", "leads.submit", self.sources[source]["key"], records)

    def json_api(self, source, records):
        """The suite's JSON, with an Idempotency-Key that tells its own retries."""
        headers = {
            "Authorization": f"Bearer {self.sources[source]['key']}",
            "Idempotency-Key": hashlib.sha256(json.dumps(records).encode()).hexdigest(),
        }
        return self._post("/leadintake/v1/leads", json={"leads": records}, headers=headers).json()["results"]

    ALL = (json2, xmlrpc2, xmlrpc, json_api)

    def _call_xmlrpc(self, path, method, *arguments):
        body = xmlrpc.client.dumps(arguments, method, allow_none=True).encode()
        answer = self._post(path, data=body, headers={"Content-Type": "text/xml"})
        try:
            return xmlrpc.client.loads(answer.content)[0][0]
        except xmlrpc.client.Fault as fault:
            raise NotAnswered(f"fault {fault.faultCode}: {str(fault.faultString).strip()[-200:]}") from fault

    def _post(self, path, **request):
        try:
            answer = requests.post(self.address + path, timeout=TIMEOUT, **request)
        except AttributeError as error:  # where the headers end after "charset", requests takes its value for a text
            raise NotAnswered("headers that end in the middle") from error
        # While PostgreSQL is down Odoo itself says, as a page, that there is no such address; and what ends in the
        # middle of its headers is no answer.
        is_of_door = any(kind in answer.headers.get("Content-Type", "") for kind in ("json", "xml"))
        if answer.status_code == 429 or answer.status_code >= 500 or not is_of_door:
            raise NotAnswered(f"{answer.status_code}: {answer.text[:200]}")
        assert answer.status_code < 300, f"{answer.status_code}: {answer.text[:500]}"
        return answer


class Client(threading.Thread):
    """A partner's program.

    :param Doors doors: where it hands in
    :param list requests_: lists of leads, each list to be sent at once
    :param float patience: seconds after which it gives up
    """

    def __init__(self, doors, requests_, seed, patience):
        super().__init__(daemon=True)
        self.doors, self.requests = doors, requests_
        self.random = random.Random(seed)
        self.deadline = time.monotonic() + patience
        self.answered = 0
        self.retries = Counter()
        self.error = None

    def run(self):
        try:
            for leads in self.requests:
                self.send(leads)
                # a program that is not sure whether it kept the answer sends once more
                if self.random.random() < 0.1:
                    self.send(leads)
        except Exception:  # noqa: BLE001  the test shows it
            self.error = traceback.format_exc()

    def send(self, leads):
        """Send until there is an answer; each time by any door."""
        pause = 0.1
        while True:
            door = self.random.choice(self.doors.ALL)
            try:
                answers = door(self.doors, leads[0].source, [lead.record for lead in leads])
                break
            except (requests.RequestException, NotAnswered, ValueError, ExpatError) as error:
                self.retries[describe(error)] += 1
                if time.monotonic() > self.deadline:
                    raise
            time.sleep(pause * self.random.uniform(0.5, 1.5))
            pause = min(2 * pause, 3)
        assert [answer["external_id"] for answer in answers] == [lead.external_id for lead in leads]
        self.answered += 1
        for lead, answer in zip(leads, answers, strict=True):
            lead.told.append(answer)


class PacedClient(Client):
    """A program that has new leads all the time, and sends them as they come.

    :param float rate: how many leads a second it has
    """

    def __init__(self, doors, requests_, seed, patience, rate):
        super().__init__(doors, requests_, seed, patience)
        self.rate = rate
        self.sent = 0
        self.asked = []  # when and how many, and the seconds until there was an answer

    def run(self):
        self.started = time.monotonic()
        super().run()

    def send(self, leads):
        due = self.started + self.sent / self.rate
        time.sleep(max(0, due - time.monotonic()))
        self.sent += len(leads)
        begun = time.monotonic()
        super().send(leads)
        self.asked.append((begun, len(leads), time.monotonic() - begun))


def describe(error):
    return " ".join(str(error).split())[:60] if isinstance(error, NotAnswered) else type(error).__name__
