"""What a partner sees of the leads that they sent."""

from datetime import UTC, datetime
from urllib.parse import quote

import pytest
import requests

from tests.intake.cases import lead
from tests.intake.doors import Json, XmlRpc, is_problem


@pytest.fixture
def source(installation):
    return installation.make_source(duplicate_action="reject")


@pytest.fixture
def door(address, source):
    return Json(address, source)


def state_of(door, external_id="A1"):
    answer = door.get(f"leads/{quote(external_id, safe='')}")
    assert answer.status_code == 200, answer.text
    assert set(answer.json()) == {"external_id", "state", "changed"}
    return answer.json()["state"]


def do(installation, source, action):
    """Do something with the leads of a source."""
    with installation.env() as env:
        leads = env["crm.lead"].with_context(active_test=False)
        action(leads.search([("intake_source_id", "=", source.id)]))


# What salespeople do, and what the partner sees then.
DEEDS = [
    (lambda leads: leads.write({"type": "lead"}), "open"),
    (lambda leads: leads.convert_opportunity(leads.env["res.partner"]), "promoted"),
    (lambda leads: leads.action_set_won(), "won"),
    (lambda leads: leads.write({"stage_id": leads._stage_find().id, "probability": 10}), "promoted"),
    (lambda leads: leads.action_set_lost(), "lost"),
    (lambda leads: leads.action_unarchive(), "promoted"),
    (lambda leads: leads.action_archive(), "lost"),
    (lambda leads: leads.unlink(), "deleted"),
]


def test_a_partner_sees_what_becomes_of_a_lead(installation, source, door):
    door.post(lead())
    for deed, state in DEEDS:
        do(installation, source, deed)
        assert state_of(door) == state


def test_what_waits_or_was_rejected_is_told_apart(installation, address, door):
    door.post({"leads": [lead(), lead(external_id="A2"), lead(external_id="A3", email="nobody")]})
    assert [state_of(door, external_id) for external_id in ("A2", "A3")] == ["rejected", "waiting"]
    later = Json(address, installation.make_source(processing="later"))
    later.post(lead())
    assert state_of(later) == "waiting"


def test_a_duplicate_shows_what_became_of_the_lead_that_was_there(installation, address):
    source = installation.make_source(duplicate_action="link")
    door = Json(address, source)
    door.submit([lead(), lead(external_id="A2")])
    do(installation, source, lambda leads: leads.action_set_won())
    assert [state_of(door, external_id) for external_id in ("A1", "A2")] == ["won", "won"]


def test_a_lead_is_told_as_what_it_is_while_an_update_of_it_waits(installation, source, door):
    door.post(lead())
    do(installation, source, lambda leads: leads.action_set_won())
    assert door.submit([lead(email="nobody")])[0]["status"] == "error"
    assert state_of(door) == "won"


@pytest.mark.parametrize("action", ["link", "update", "note", "reject"])
def test_a_duplicate_of_another_source_s_lead_does_not_tell_since_when_it_is_there(installation, address, action):
    first, second = installation.make_source(), installation.make_source(duplicate_action=action)
    Json(address, first).post(lead())
    make_older = """
        UPDATE crm_lead SET create_date = '2020-02-02', date_last_stage_update = '2020-02-02',
                            date_conversion = '2020-02-02' WHERE id = ANY(%s)
    """
    do(installation, first, lambda leads: leads.env.cr.execute(make_older, [leads.ids]))
    door, sent_at = Json(address, second), datetime.now(UTC)
    door.submit([lead()])
    assert [row["lead_id"][0] for row in installation.rows(second)] == [it["id"] for it in installation.leads(first)]
    changed = door.get("leads/A1").json()["changed"]
    assert datetime.fromisoformat(changed) >= sent_at.replace(microsecond=0)


def test_a_lead_of_another_source_is_as_unknown_as_one_that_is_not_there(installation, address, door):
    door.post(lead())
    other_source = installation.make_source()
    other = Json(address, other_source)
    strange, missing = other.get("leads/A1"), other.get("leads/A2")
    assert is_problem(strange, 404) and strange.json() == missing.json()
    assert XmlRpc(address, other_source).status(["A1", "A2"]) == []


def test_nothing_personal_is_told(installation, address, source):
    XmlRpc(address, source).submit([lead(company="Konex", phone="+31612345678")])
    [told] = XmlRpc(address, source).status(["A1"])
    assert set(told) == {"external_id", "state", "changed"}
    assert told["external_id"] == "A1" and told["changed"].startswith("20") and told["changed"].endswith("Z")


def test_many_are_told_in_the_order_of_the_question(address, source):
    door = XmlRpc(address, source)
    door.submit([lead(external_id=f"A{n}", email=f"a{n}@x.example") for n in range(50)])
    asked = [f"A{n}" for n in reversed(range(60))] + ["A1", "A1", 5, {}, [], True, 1.5, "", "A\u202e2"]
    assert [told["external_id"] for told in door.status(asked)] == [f"A{n}" for n in reversed(range(50))]


@pytest.mark.parametrize(
    "external_id",
    ["a/b", "/a", "a/", "//", "a b", "ä", "%41", "a%2Fb", "?x=1", "#", "a\nb", "日本", "..", "A" * 255, ";v=1", "\\"],
)
def test_any_external_id_can_be_asked_for(door, external_id):
    made = door.post({"email": "jane@example.com", "external_id": external_id})
    assert made.status_code in (200, 201), made.text
    # a client of HTTP takes ".." for the folder above, unless it is said in full
    quoted = "%2E%2E" if external_id == ".." else quote(external_id, safe="")
    answer = send_exactly(door, quoted)
    assert answer.status_code == 200 and answer.json()["external_id"] == made.json()["external_id"]


@pytest.mark.parametrize("quoted", ["%00", "%FF", "%ED%A0%80", "A" * 4000, "%E2%80%AE"])
def test_an_external_id_that_cannot_be_is_unknown(door, quoted):
    assert is_problem(send_exactly(door, quoted), 404)


def send_exactly(door, quoted):
    """Ask without the client putting the address in order."""
    request = door.session.prepare_request(requests.Request("GET", f"{door.url}/leads/x"))
    request.url = f"{door.url}/leads/{quoted}"
    return door.session.send(request, timeout=60)
