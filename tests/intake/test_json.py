"""The door for JSON."""

import gzip
import json

import pytest
import requests

from tests.intake.cases import CASES, check_kept, lead, shape
from tests.intake.doors import Json, is_problem


@pytest.fixture
def source(installation):
    return installation.make_source()


@pytest.fixture
def door(address, source):
    return Json(address, source)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_case_is_answered_and_kept(installation, source, door, case):
    assert shape(door.submit(case.records)) == (case.statuses, case.problems)
    check_kept(installation, source, case)


def test_a_lead_is_created_then_answered_the_same_then_updated_under_its_external_id(installation, source, door):
    first = door.post(lead())
    assert first.status_code == 201 and first.json()["reference"]
    assert door.post(lead()).json() == first.json() and door.post(lead()).status_code == 201
    assert door.post(lead(contact_name="Jane Roe")).status_code == 200
    [made] = installation.leads(source, "contact_name")
    assert made["contact_name"] == "Jane Roe"


@pytest.mark.parametrize("action", ["link", "update", "note", "reject"])
def test_a_duplicate_is_200_with_what_was_done(installation, address, source, action):
    with installation.env() as env:
        env["crm.intake.source"].browse(source.id).duplicate_action = action
    door = Json(address, source)
    assert door.post(lead()).status_code == 201
    answer = door.post(lead(external_id="A2"))
    done = {"link": "linked", "update": "updated", "note": "noted", "reject": "rejected"}[action]
    assert (answer.status_code, answer.json()["status"]) == (200, done)
    assert [problem["rule"] for problem in answer.json()["problems"]] == (["duplicate"] if action == "reject" else [])


def test_a_lead_that_is_made_later_is_202(installation, address):
    source = installation.make_source(processing="later")
    answer = Json(address, source).post(lead())
    assert (answer.status_code, answer.json()["status"]) == (202, "accepted")
    assert not installation.leads(source) and installation.rows(source)[0]["state"] == "new"


def test_other_content_under_the_same_id_is_409_where_the_source_wants_that(installation, address):
    source = installation.make_source(same_id="conflict")
    door = Json(address, source)
    door.post(lead())
    answer = door.post(lead(contact_name="Bob"))
    assert is_problem(answer, 409)
    assert [(error["field"], error["rule"]) for error in answer.json()["errors"]] == [("external_id", "conflict")]
    assert installation.leads(source, "contact_name")[0]["contact_name"] == "Jane Doe"


def test_a_lead_that_breaks_rules_is_422_with_each_of_them_and_waits_to_be_corrected(installation, source, door):
    answer = door.post(lead(email="nobody", value="much"))
    assert is_problem(answer, 422)
    document = answer.json()
    assert [(error["record"], error["external_id"], error["field"], error["rule"]) for error in document["errors"]] == [
        (0, "A1", "email", "format"),
        (0, "A1", "value", "type"),
    ]
    assert all(error["message"] for error in document["errors"])
    [row] = installation.rows(source, "reference")
    assert row["state"] == "failed" and row["reference"] == document["reference"]


def test_several_are_answered_in_their_order_also_when_some_are_wrong(door):
    answer = door.post({"leads": [lead(), 5, None, [], lead(external_id="A2", email="no"), lead()]})
    assert answer.status_code == 200
    results = answer.json()["results"]
    assert [result["status"] for result in results] == ["created", "error", "error", "error", "error", "created"]
    assert [problem["rule"] for result in results[1:4] for problem in result["problems"]] == ["record"] * 3
    assert door.post({"leads": []}).json() == {"results": []}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "JSON"),
        (b"{", "JSON"),
        (b"{'external_id': 'A1'}", "JSON"),
        (b'{"a": 1,}', "JSON"),
        (b"[]", "object"),
        (b'"lead"', "object"),
        (b"null", "object"),
        (b'{"leads": {}}', "array"),
        (b'{"leads": [], "lead": {}}', "array"),
        (b'{"email": "a@example.com", "email": "b@example.com"}', "email"),
        (b'{"leads": [{"a": {"b": 1, "b": 1}}]}', "twice"),
        (b'{"email": "\xff"}', "UTF-8"),
        ('{"email": "jane@example.com"}'.encode("utf-16"), "UTF-8"),
        ('{"email": "jane@example.com"}'.encode("utf-16-le"), "JSON"),
        (b'{"a":' * 200_000, "nested"),
        (b"[" * 2_000_000, "nested"),
        (b'{"email": "a\nb"}', "JSON"),
    ],
    ids=lambda value: repr(value[:50]) if isinstance(value, bytes) else None,
)
def test_what_is_no_json_is_400_and_says_where(installation, source, door, body, says):
    answer = door.send(body)
    assert is_problem(answer, 400)
    assert says in answer.json()["detail"]
    assert not installation.rows(source)


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("NaN", "range"),
        ("Infinity", "range"),
        ("1e400", "range"),
        ("-1e400", "range"),
        ("9" * 400, "range"),
        ("9" * 5000, "range"),
        (r'"\ud800"', "encoding"),
        (r'"\u0000"', "encoding"),
        (r'"a\u202eb"', "type"),
        ("true", "type"),
        ("[]", "type"),
        ("[1]", "type"),
        ('{"a": 1}', "type"),
        ("[" * 300 + "]" * 300, "type"),
    ],
    ids=lambda value: value[:20],
)
def test_a_value_that_is_none_is_named_by_its_field_and_keeps_no_other_lead_back(door, value, rule):
    body = f'{{"leads": [{{"email": "jane@example.com", "value": {value}}}, {{"email": "bob@example.com"}}]}}'
    first, second = door.send(body.encode()).json()["results"]
    assert [(problem["field"], problem["rule"]) for problem in first["problems"]] == [("value", rule)]
    assert second["status"] == "created"


@pytest.mark.parametrize("external_id", [r"\ud800", r"\u0000", "x" * 300])
def test_an_external_id_that_cannot_be_kept_is_an_error_that_can_be_repeated(installation, source, door, external_id):
    body = f'{{"email": "jane@example.com", "external_id": "{external_id}"}}'.encode()
    for key in ({}, {"Idempotency-Key": "one"}, {"Idempotency-Key": "one"}):
        assert is_problem(door.send(body, **key), 422)
    assert not installation.rows(source)


def test_a_byte_order_mark_and_a_charset_do_no_harm(door):
    assert door.send(b'\xef\xbb\xbf{"email": "jane@example.com"}').status_code == 201
    headers = {"Content-Type": "application/json; charset=UTF-8"}
    assert door.send('{"email": "zoë@example.com"}'.encode(), **headers).status_code in (201, 422)


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": ""},
        {"Content-Encoding": "gzip"},
    ],
    ids=str,
)
def test_another_format_or_compression_is_415(installation, source, door, headers):
    body = json.dumps(lead()).encode()
    body = gzip.compress(body) if "Content-Encoding" in headers else body
    assert is_problem(door.send(body, **headers), 415)
    assert not installation.rows(source)


def test_what_is_not_there_and_what_cannot_be_done_are_problem_documents(address, door):
    for path in ("", "/", "/nothing", "/leads/", "//leads", "/leads%0A", "/v2/leads", "/<script>"):
        assert is_problem(door.session.get(f"{address}/leadintake/v1{path}", timeout=60), 404)
    for method, path, allowed in [
        ("GET", "leads", {"POST"}),
        ("PUT", "leads", {"POST"}),
        ("OPTIONS", "leads", {"POST"}),
        ("DELETE", "leads/A1", {"GET", "HEAD"}),
        ("POST", "fields", {"GET", "HEAD"}),
        ("BREW", "openapi.json", {"GET", "HEAD"}),
    ]:
        answer = door.session.request(method, f"{door.url}/{path}", timeout=60)
        assert is_problem(answer, 405)
        assert set(answer.headers["Allow"].split(", ")) == allowed


def test_a_page_of_another_site_is_not_let_in(door):
    answer = door.post(lead(), Origin="https://evil.example")
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]
    assert "Set-Cookie" not in answer.headers


def test_the_fields_that_this_source_can_send_are_told(installation, address, source, door):
    with installation.env() as env:
        field = env["ir.model.fields"].search([("model", "=", "crm.lead"), ("name", "=", "city")])
        mapping = {"source_id": source.id, "external_name": "town", "field_id": field.id}
        env["crm.intake.mapping"].create(mapping)
    fields = {field["name"]: field for field in door.get("fields").json()["fields"]}
    assert fields["phone"]["type"] == "phone" and fields["subject"]["size"] == 256
    assert door.post(lead(town="Utrecht")).status_code == 201
    assert installation.leads(source, "city")[0]["city"] == "Utrecht"
    assert is_problem(requests.get(f"{door.url}/fields", timeout=60), 401)


# ------------------------------------------------------------
# Idempotency-Key
# ------------------------------------------------------------


def test_the_same_idempotency_key_with_the_same_request_is_answered_as_the_first_time(installation, source, door):
    records = [{"email": "jane@example.com"}, {"email": "nobody"}]
    first = door.post({"leads": records}, **{"Idempotency-Key": "k1"})
    with installation.env() as env:
        env["crm.intake.source"].browse(source.id).window_hours = 0
    again = door.post({"leads": records}, **{"Idempotency-Key": "k1"})
    assert again.json() == first.json() and first.json()["results"][0]["status"] == "created"
    assert len(installation.leads(source)) == 1
    other = installation.make_source()
    answer = Json(installation.address, other).post({"leads": records}, **{"Idempotency-Key": "k1"})
    assert answer.json()["results"][0]["reference"] != first.json()["results"][0]["reference"]


def test_the_same_idempotency_key_with_another_request_is_refused(installation, source, door):
    door.post(lead(), **{"Idempotency-Key": "k1"})
    answer = door.post(lead(external_id="A2"), **{"Idempotency-Key": "k1"})
    assert is_problem(answer, 422) and answer.json()["type"].endswith(":reused")
    assert len(installation.rows(source)) == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "\u00e9"])
def test_an_idempotency_key_that_is_none_is_400(installation, source, door, key):
    assert is_problem(door.post(lead(), **{"Idempotency-Key": key.encode("latin-1")}), 400)
    assert not installation.rows(source)
