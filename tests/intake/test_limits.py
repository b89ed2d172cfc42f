"""How much and how often: requests a minute over all server processes, bytes and leads of one request."""

import time
import xmlrpc.client

import pytest
import requests

from tests.intake.cases import lead
from tests.intake.doors import Json, XmlRpc, is_problem

MB = 1024 * 1024


@pytest.fixture
def source(installation):
    return installation.make_source()


@pytest.fixture
def body_limit(installation):
    """Set the megabytes that a request may have."""

    def set_limit(value):
        with installation.env() as env:
            env["ir.config_parameter"].set_param("crm_leadintake.max_body_mb", value)

    yield set_limit
    set_limit(False)


def begin_a_minute():
    """Requests are counted by the minute of the clock: leave some seconds of one."""
    while time.time() % 60 > 40:
        time.sleep(0.5)


def test_the_requests_of_a_source_are_limited_over_all_server_processes(installation, address, other_address):
    source, other = installation.make_source(request_limit=6), installation.make_source(request_limit=6)
    doors = [Json(address, source), Json(other_address, source)]
    begin_a_minute()
    answers = [doors[turn % 2].post(lead(external_id=f"A{turn}", email=f"a{turn}@x.example")) for turn in range(10)]
    assert [answer.status_code for answer in answers] == [201] * 6 + [429] * 4
    for answer in answers[6:]:
        assert is_problem(answer, 429) and 1 <= int(answer.headers["Retry-After"]) <= 60
    with pytest.raises(xmlrpc.client.Fault, match=r"Retry after \d+ seconds") as fault:
        XmlRpc(other_address, source).status(["A1"])
    assert fault.value.faultCode == 429
    assert len(installation.rows(source)) == 6
    assert Json(address, other).post(lead()).status_code == 201


def test_what_was_refused_for_the_limit_is_taken_in_the_next_minute(installation, address):
    source = installation.make_source(request_limit=1)
    door = Json(address, source)
    begin_a_minute()
    door.post(lead())
    assert door.post(lead(external_id="A2"), **{"Idempotency-Key": "k"}).status_code == 429
    with installation.env() as env:
        env.cr.execute("UPDATE crm_intake_usage SET minute = minute - interval '1 minute'")
    assert door.post(lead(external_id="A2"), **{"Idempotency-Key": "k"}).status_code in (200, 201)
    assert [row["external_id"] for row in installation.rows(source)] == ["A1", "A2"]


def send_to_both(address, source, size):
    """Send a lead in a request of a size through both doors, and return the status and the fault's code, if any."""
    description = "x" * (size - 200)
    status = Json(address, source).post({"description": description}).status_code
    try:
        XmlRpc(address, source).submit([{"description": description}])
    except xmlrpc.client.Fault as fault:
        return status, fault.faultCode
    return status, None


def test_a_request_of_more_than_5_mb_is_refused(installation, address, source):
    assert send_to_both(address, source, 5 * MB - 2000) == (422, None)
    assert send_to_both(address, source, 5 * MB + 2000) == (413, 413)


def test_an_administrator_sets_the_size_of_requests(address, source, body_limit):
    body_limit("0.5")
    assert send_to_both(address, source, MB) == (413, 413)
    body_limit("8")
    assert send_to_both(address, source, 6 * MB) == (422, None)
    body_limit("much")
    assert send_to_both(address, source, 6 * MB) == (413, 413)


def test_the_size_counts_also_where_it_is_not_told_before(address, source):
    def pieces():
        yield b'{"description": "'
        for _piece in range(6 * 16):
            yield b"x" * (MB // 16)
        yield b'"}'

    headers = {"Authorization": f"Bearer {source.key}", "Content-Type": "application/json"}
    answer = requests.post(f"{address}/leadintake/v1/leads", data=pieces(), headers=headers, timeout=60)
    assert is_problem(answer, 413)


def test_a_request_without_end_is_cut_off_and_the_server_goes_on(address, source):
    try:
        answer = Json(address, source).send(b"x" * 60 * MB)
    except requests.ConnectionError:
        pass
    else:
        assert is_problem(answer, 413)
    assert Json(address, source).post(lead()).status_code == 201


def test_more_than_a_thousand_leads_or_questions_are_refused(installation, address, source):
    records = [lead(external_id=f"A{n}") for n in range(1001)]
    assert is_problem(Json(address, source).post({"leads": records}), 413)
    for call in (XmlRpc(address, source).submit, XmlRpc(address, source).status):
        with pytest.raises(xmlrpc.client.Fault, match="1,000") as fault:
            call(records)
        assert fault.value.faultCode == 413
    assert not installation.rows(source)


def test_nobody_is_read_who_shows_no_key(address):
    start = time.monotonic()
    answer = requests.post(
        f"{address}/leadintake/v1/leads", data=b"[" * 4 * MB, headers={"Content-Type": "application/json"}, timeout=60
    )
    assert is_problem(answer, 401) and time.monotonic() - start < 5
