"""The programs of the README, as they stand there: they send a lead, say what is wrong, repeat until it is taken."""

import contextlib
import http.client
import http.server
import json
import re
import sys
import threading
import time

import pytest

from tests.intake.doors import Json
from tests.intake.programs import run
from tests.plugins.server_log import ROOT

ADDON = ROOT / "crm_leadintake"
COMMANDS = {
    "send_lead.py": [sys.executable],
    "send_lead_xmlrpc.py": [sys.executable],
    "send_lead_soap.py": [sys.executable],
    "send_lead.php": ["php"],
    "send_lead.mjs": ["node"],
    "send_lead.sh": ["sh"],
}
PROGRAMS = pytest.mark.parametrize("program", COMMANDS)
# an example, its language and its text: ([examples/…](examples/…) and a block of code
IN_README = re.compile(r"\]\(examples/(?P<name>[\w.]+)\)[^\n]*\n+```\w+\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.fixture
def source(installation):
    return installation.make_source()


def run_example(program, address, key, folder):
    environment = {"LEADINTAKE_URL": address, "LEADINTAKE_KEY": key}
    return run(*COMMANDS[program], ADDON / "examples" / program, cwd=folder, environment=environment)


class Network(http.server.ThreadingHTTPServer):
    """What lies between a program and the server, and loses what it is told to lose.

    ``faults`` holds what becomes of each POST: ``answer lost`` (the server gets it, the program hears nothing), or a
    status of HTTP with which it is answered instead; when they are used up, all of them pass.
    """

    def __init__(self, address, faults):
        super().__init__(("127.0.0.1", 0), _Pass)
        self.server_host, self.faults, self.posts = address.removeprefix("http://"), list(faults), []

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}"


class _Pass(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self._pass()

    def do_POST(self):
        self.server.posts.append(time.monotonic())
        fault = self.server.faults.pop(0) if self.server.faults else ""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if fault == "answer lost":
            self._ask(body)
            self.close_connection = True
        elif fault:
            self._reply(fault, {"Retry-After": "2"}, b"not now")
        else:
            self._pass(body)

    def _pass(self, body=None):
        self._reply(*self._ask(body))

    def _ask(self, body):
        connection = http.client.HTTPConnection(self.server.server_host, timeout=60)
        with contextlib.closing(connection):
            # with the host that the program called, as a proxy hands it on
            connection.request(self.command, self.path, body, dict(self.headers))
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()

    def _reply(self, status, headers, body):
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            if name not in ("Server", "Date", "Connection"):
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def network(installation):
    """Start a network with faults."""
    with contextlib.ExitStack() as stack:

        def start(*faults):
            made = stack.enter_context(Network(installation.address, faults))
            threading.Thread(target=made.serve_forever).start()
            stack.callback(made.shutdown)
            return made

        yield start


@PROGRAMS
def test_the_program_sends_a_lead_and_asks_what_became_of_it(installation, source, tmp_path, program):
    done = run_example(program, installation.address, source.key, tmp_path)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert "created" in done.stdout and re.search("open|promoted", done.stdout)
    (made,) = installation.leads(source, "contact_name", "partner_name")
    assert (made["contact_name"], made["partner_name"], made["email_from"]) == ("Jane Doe", "Konex", "jane@example.com")
    assert installation.rows(source)[0]["external_id"] == "order-form-4711"


@PROGRAMS
def test_the_program_repeats_what_was_not_answered_and_there_is_one_lead(
    installation, source, network, tmp_path, program
):
    between = network("answer lost", 503)
    done = run_example(program, between.address, source.key, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "created" in done.stdout
    assert len(between.posts) >= 3
    assert len(installation.rows(source)) == len(installation.leads(source)) == 1


@pytest.mark.parametrize("program", ["send_lead.py", "send_lead.php", "send_lead.mjs", "send_lead.sh"])
def test_the_program_waits_as_long_as_it_is_told(source, network, tmp_path, program):
    between = network(429)
    assert run_example(program, between.address, source.key, tmp_path).returncode == 0
    first, second = between.posts
    assert second - first > 1.9


@PROGRAMS
def test_the_program_says_why_a_lead_was_not_taken_and_does_not_repeat_it(
    installation, source, network, tmp_path, program
):
    between = network()
    done = run_example(program, between.address, "wrong", tmp_path)
    assert done.returncode == 1 and len(between.posts) == 1
    assert "The key is missing, wrong, expired or withdrawn" in done.stderr


@PROGRAMS
def test_the_program_says_what_is_wrong_with_a_lead(installation, source, tmp_path, program):
    with installation.env() as env:
        value = env.ref("crm.field_crm_lead__expected_revenue").id
        mapping = {"source_id": source.id, "external_name": "company", "field_id": value}
        env["crm.intake.mapping"].create(mapping)
    done = run_example(program, installation.address, source.key, tmp_path)
    assert "Give a number, as in 1234.50." in done.stdout + done.stderr
    assert not installation.leads(source)


def test_the_readme_shows_the_programs_as_they_are():
    shown = {match["name"]: match["text"] for match in IN_README.finditer((ADDON / "README.md").read_text())}
    assert shown == {path.name: path.read_text() for path in (ADDON / "examples").iterdir()}
    assert shown.keys() == COMMANDS.keys()


def test_several_leads_are_answered_as_the_readme_shows(installation, source):
    section = (ADDON / "README.md").read_text().partition("\n## JSON\n")[2].partition("\n## SOAP\n")[0]
    sent, answered = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", section, re.DOTALL))
    answer = Json(installation.address, source).post(sent)
    results = [{**result, "reference": "…"} for result in answer.json()["results"] if result["reference"]]
    assert (answer.status_code, {"results": results}) == (200, answered)
