"""The same thing again, at the same moment, or broken off in the middle: none is lost and none is doubled."""

import socket
import struct
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from tests.intake.cases import lead
from tests.intake.doors import Json, XmlRpc

THREADS, TIMES = 8, 20
WITHOUT_ID = {"contact_name": "Jane Doe", "email": "jane@example.com"}


@pytest.fixture
def source(installation):
    return installation.make_source()


def at_once(addresses, send):
    """Send the same many times at once over several servers, and return the answers."""
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(lambda turn: send(addresses[turn % len(addresses)]), range(TIMES)))


SENDERS = {
    "JSON with an id": lambda address, source: Json(address, source).post(lead()).json(),
    "JSON without an id": lambda address, source: Json(address, source).post(WITHOUT_ID).json(),
    "JSON with an idempotency key": lambda address, source: (
        Json(address, source).post({"leads": [WITHOUT_ID]}, **{"Idempotency-Key": "k"}).json()["results"][0]
    ),
    "XML-RPC with an id": lambda address, source: XmlRpc(address, source).submit([lead()])[0],
    "XML-RPC without an id": lambda address, source: XmlRpc(address, source).submit([WITHOUT_ID])[0],
}


@pytest.mark.parametrize("sender", SENDERS)
def test_the_same_lead_many_times_at_once_over_two_servers_is_one_lead(
    installation, address, other_address, source, sender
):
    answers = at_once([address, other_address], lambda where: SENDERS[sender](where, source))
    assert answers[0]["status"] == "created" and answers[0]["reference"]
    assert [answer for answer in answers if answer != answers[0]] == []
    assert len(installation.leads(source)) == len(installation.rows(source)) == 1


def test_the_same_person_many_times_at_once_under_different_ids_is_one_lead(
    installation, address, other_address, source
):
    ids = iter(range(TIMES))
    answers = at_once(
        [address, other_address], lambda where: Json(where, source).post(lead(external_id=f"A{next(ids)}")).json()
    )
    assert sorted(answer["status"] for answer in answers) == ["created"] + ["noted"] * (TIMES - 1)
    assert len(installation.leads(source)) == 1 and len(installation.rows(source)) == TIMES


def test_batches_that_overlap_at_once_make_each_lead_once(installation, address, other_address, source):
    records = [lead(external_id=f"A{n}", email=f"a{n}@x.example") for n in range(40)]
    turns = iter(range(TIMES))

    def send(where):
        start = next(turns)
        return XmlRpc(where, source).submit((records[start:] + records[:start])[:30])

    answers = [answer for batch in at_once([address, other_address], send) for answer in batch]
    by_id = {answer["external_id"]: answer for answer in answers}
    assert all(answer == by_id[answer["external_id"]] and answer["status"] == "created" for answer in answers)
    assert len(installation.leads(source)) == len(by_id) == len(installation.rows(source))


@pytest.mark.parametrize("door", [Json, XmlRpc])
def test_a_request_that_is_repeated_is_answered_as_the_first_time(installation, address, source, door):
    records = [lead(), lead(external_id="A2", email="bob@example.com"), lead(external_id="A3", email="nobody")]
    first = door(address, source).submit(records)
    assert door(address, source).submit(records) == first
    assert door(address, source).submit(records[::-1]) == first[::-1]
    assert len(installation.leads(source)) == 2


def test_the_first_answer_holds_through_every_door_whatever_became_of_the_lead(installation, address, source):
    first = Json(address, source).submit([lead()])
    with installation.env() as env:
        env["crm.lead"].search([("intake_source_id", "=", source.id)]).action_set_lost()
    assert XmlRpc(address, source).submit([lead()]) == first
    with installation.env() as env:
        env["crm.lead"].with_context(active_test=False).search([("intake_source_id", "=", source.id)]).unlink()
    assert XmlRpc(address, source).submit([lead()]) == first and not installation.leads(source)


def test_the_same_content_without_an_id_is_one_lead_within_the_window_and_two_after_it(installation, address):
    source = installation.make_source(window_hours=2, duplicate_by_email=False, duplicate_by_phone=False)
    door = Json(address, source)
    first = door.post(WITHOUT_ID)
    assert door.post(dict(reversed(WITHOUT_ID.items()))).json() == first.json()
    make_older(installation, source, hours=1)
    assert door.post(WITHOUT_ID).json() == first.json() and len(installation.leads(source)) == 1
    make_older(installation, source, hours=2)
    after = door.post(WITHOUT_ID)
    assert after.status_code == 201 and after.json()["reference"] != first.json()["reference"]
    assert len(installation.leads(source)) == 2


def make_older(installation, source, hours):
    with installation.env() as env:
        env.cr.execute(
            "UPDATE crm_lead_inbox SET received_at = received_at - make_interval(hours => %s) WHERE source_id = %s",
            [hours, source.id],
        )


# ------------------------------------------------------------
# Connections that break
# ------------------------------------------------------------


def raw_request(source, body, length=None):
    head = (
        "POST /leadintake/v1/leads HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {source.key}\r\nContent-Length: {length or len(body)}\r\n\r\n"
    )
    return head.encode() + body


def break_off(address, data):
    """Send bytes, and reset the connection without waiting for an answer."""
    where = urlsplit(address)
    with socket.create_connection((where.hostname, where.port), timeout=10) as connection:
        connection.sendall(data)
        time.sleep(0.2)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


BODY = b'{"external_id": "A1", "email": "jane@example.com"}'


@pytest.mark.parametrize("sent", [0, 1, 25, len(BODY) - 1])
def test_a_request_that_breaks_off_leaves_nothing_behind_and_can_be_repeated(installation, address, source, sent):
    break_off(address, raw_request(source, BODY[:sent], len(BODY)))
    time.sleep(0.5)
    assert not installation.rows(source)
    assert Json(address, source).send(BODY).status_code == 201
    assert len(installation.leads(source)) == 1


def test_an_answer_that_is_never_read_is_given_again(installation, address, source):
    break_off(address, raw_request(source, BODY))
    end = time.monotonic() + 10
    while not installation.leads(source) and time.monotonic() < end:
        time.sleep(0.1)
    [row] = installation.rows(source, "reference")
    again = Json(address, source).send(BODY)
    assert again.status_code == 201 and again.json()["reference"] == row["reference"]
    assert len(installation.leads(source)) == 1


@pytest.mark.parametrize("pieces", [b"zz\r\n", b"5\r\n{\r\n0\r\n\r\n", b"-1\r\n"])
def test_broken_chunks_are_an_error_and_no_lead(installation, address, source, pieces):
    head = raw_request(source, b"", 1).replace(b"Content-Length: 1", b"Transfer-Encoding: chunked")
    where = urlsplit(address)
    with socket.create_connection((where.hostname, where.port), timeout=10) as connection:
        connection.sendall(head + pieces)
        connection.shutdown(socket.SHUT_WR)
        answer = connection.recv(65536)
    assert b" 400 " in answer.splitlines()[0] and b"Traceback" not in answer
    assert not installation.rows(source)
