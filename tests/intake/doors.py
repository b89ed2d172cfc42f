"""How tests talk to the doors for XML-RPC and JSON."""

import xmlrpc.client

import requests


class XmlRpc:
    """Python's own client; what XML cannot carry it cannot send."""

    cannot = ("control",)

    def __init__(self, address, source):
        self.leads = xmlrpc.client.ServerProxy(f"{address}/leadintake/xmlrpc", allow_none=True).leads
        self.key = source.key

    def submit(self, records):
        return self.leads.submit(self.key, records)

    def status(self, external_ids):
        return self.leads.status(self.key, external_ids)


class Json:
    """An HTTP client."""

    cannot = ()

    def __init__(self, address, source, **headers):
        self.url = f"{address}/leadintake/v1"
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers.update({"Authorization": f"Bearer {source.key}", **headers})

    def post(self, value, **headers):
        return self.session.post(f"{self.url}/leads", json=value, headers=headers, timeout=60)

    def send(self, body, **headers):
        """Send bytes as they are."""
        headers = {"Content-Type": "application/json", **headers}
        return self.session.post(f"{self.url}/leads", data=body, headers=headers, timeout=60)

    def get(self, path, **headers):
        return self.session.get(f"{self.url}/{path}", headers=headers, timeout=60)

    def submit(self, records):
        answer = self.post({"leads": records})
        assert answer.status_code == 200, answer.text
        return answer.json()["results"]


def is_problem(answer, status):
    """Tell whether a response is a problem document of RFC 9457 and shows nothing of the server's inside."""
    document = answer.json()
    assert answer.status_code == document["status"] == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert document["type"].startswith("urn:leadintake:") and document["title"] and document["detail"]
    assert "Traceback" not in answer.text and "<html" not in answer.text.lower()
    assert answer.headers["X-Content-Type-Options"] == "nosniff" and answer.headers["Cache-Control"] == "no-store"
    return True
