"""Who may send: keys, and the addresses that they are used from."""

import contextlib
import xmlrpc.client
from datetime import datetime, timedelta

import pytest
import requests

from odoo.addons.crm_leadintake.tools import desk, keys
from odoo.addons.crm_leadintake.tools.refusal import IntakeRefusal

from tests.intake.cases import lead
from tests.intake.doors import Json, XmlRpc, is_problem
from tests.intake.installation import QUIET, Source


@pytest.fixture
def source(installation):
    return installation.make_source()


@pytest.fixture(scope="module")
def behind_proxy(installation):
    """The address of a server that believes what a proxy says."""
    return installation.serve("--proxy-mode", *QUIET)


def change(installation, source, **values):
    with installation.env() as env:
        env["crm.intake.source"].browse(source.id).write(values)


def change_key(installation, source, **values):
    with installation.env() as env:
        env["crm.intake.source"].browse(source.id).key_ids.write(values)


def with_key(source, key):
    return Source(source.id, key, source.public_id)


def withdraw(installation, source):
    with installation.env() as env:
        env["crm.intake.source"].browse(source.id).key_ids.action_withdraw()
    return source.key


def let_expire(installation, source):
    change_key(installation, source, date_expiry=datetime.now() - timedelta(seconds=5))
    return source.key


def archive(installation, source):
    change(installation, source, active=False)
    return source.key


# What is done to a source or its key, and the key that is shown then.
WRONG_KEYS = {
    "none": lambda installation, source: "",
    "no key": lambda installation, source: "secret",
    "wrong prefix": lambda installation, source: f"li_{'0' * 16}_{source.key[-43:]}",
    "wrong secret": lambda installation, source: source.key[:-43] + "x" * 43,
    "secret of another": lambda installation, source: source.key[:-43] + installation.make_source().key[-43:],
    "prefix alone": lambda installation, source: source.key[:-44],
    "upper case": lambda installation, source: source.key.upper(),
    "blank in it": lambda installation, source: source.key.replace("_", " "),
    "withdrawn": withdraw,
    "expired": let_expire,
    "archived source": archive,
    "made up": lambda installation, source: keys.generate()[0],
}


@pytest.mark.parametrize("case", WRONG_KEYS)
def test_what_is_wrong_with_a_key_is_not_told_and_nothing_is_written(installation, address, case):
    source = installation.make_source(request_limit=5)
    key = WRONG_KEYS[case](installation, source)
    door = Json(address, with_key(source, key))
    plain = requests.post(f"{address}/leadintake/v1/leads", json=lead(), timeout=60)
    for answer in (door.post(lead()), door.get("leads/A1"), door.get("fields")):
        assert is_problem(answer, 401) and answer.json() == plain.json()
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="leadintake"'
    for call in (lambda leads: leads.submit(key, [lead()]), lambda leads: leads.fields(key)):
        with pytest.raises(xmlrpc.client.Fault) as fault:
            call(XmlRpc(address, source).leads)
        assert fault.value.faultCode == 401 and fault.value.faultString == plain.json()["detail"]
    assert not installation.rows(source)
    with installation.env() as env:
        assert not env["crm.intake.usage"].search([("source_id", "=", source.id)])
        assert not env["crm.intake.key"].search([("source_id", "=", source.id), ("date_last_use", "!=", False)])


@pytest.mark.parametrize(
    "header", ["{key}", "Basic {key}", "Bearer", "Bearer {key} {key}", "Token {key}", "Bearer\u00a0{key}"]
)
def test_a_key_is_shown_as_a_bearer_and_not_otherwise(address, source, header):
    headers = {"Authorization": header.format(key=source.key).encode("latin-1")}
    answer = requests.post(f"{address}/leadintake/v1/leads", json=lead(), headers=headers, timeout=60)
    assert is_problem(answer, 401)
    headers = {"Authorization": f"bearer {source.key}"}
    assert requests.get(f"{address}/leadintake/v1/fields", headers=headers, timeout=60).status_code == 200


def test_an_old_and_a_new_key_overlap_until_the_old_one_expires(installation, address, source):
    with installation.env() as env:
        new, _record = env["crm.intake.key"]._generate(env["crm.intake.source"].browse(source.id))
        old = env["crm.intake.key"].search([("prefix", "=", keys.prefix_of(source.key))])
        old.date_expiry = datetime.now() + timedelta(days=1)
    old_door, new_door = Json(address, source), Json(address, with_key(source, new))
    assert old_door.post(lead()).json() == new_door.post(lead()).json()
    with installation.env() as env:
        old.with_env(env).date_expiry = datetime.now() - timedelta(seconds=5)
    assert is_problem(old_door.post(lead()), 401)
    assert new_door.post(lead()).status_code == 201
    assert len(installation.rows(source)) == 1


def test_of_a_key_only_a_hash_is_kept_and_its_use_is_dated(installation, address, source):
    Json(address, source).post(lead())
    with installation.env() as env:
        env.cr.execute("SELECT row_to_json(key)::text FROM crm_intake_key key WHERE source_id = %s", [source.id])
        [kept] = env.cr.fetchone()
    assert source.key[-43:] not in kept and '"date_last_use":"20' in kept


@pytest.mark.parametrize("where", ["in this process", "in another process"])
def test_what_comes_while_a_key_is_withdrawn_does_not_keep_it_valid(installation, address, source, where):
    def send(number):
        if where == "in another process":
            return Json(address, source).post(lead(external_id=f"R{number}")).ok
        with contextlib.suppress(IntakeRefusal):
            return desk.submit(registry, desk.ByKey(source.key, "127.0.0.1"), [lead(external_id=f"R{number}")], "json")

    with installation.env() as env:
        registry = env.registry
        env["crm.intake.source"].browse(source.id).key_ids.action_withdraw()
        env.flush_all()
        assert send(1)
    assert not send(2)


# ------------------------------------------------------------
# Addresses
# ------------------------------------------------------------


@pytest.mark.parametrize(
    ("allowed", "status"),
    [
        ("", 201),
        ("127.0.0.1", 201),
        ("127.0.0.0/8", 201),
        ("192.0.2.7\n127.0.0.1", 201),
        ("192.0.2.0/24, ::1", 403),
        ("2001:db8::/32", 403),
    ],
)
def test_a_source_is_used_from_its_addresses_alone(installation, address, source, allowed, status):
    change(installation, source, allowed_addresses=allowed)
    answer = Json(address, source).post(lead())
    assert answer.status_code == status
    if status == 403:
        assert is_problem(answer, 403)
        with pytest.raises(xmlrpc.client.Fault, match="address") as fault:
            XmlRpc(address, source).submit([lead()])
        assert fault.value.faultCode == 403
    assert len(installation.rows(source)) == (status == 201)


@pytest.mark.parametrize(
    ("client", "status"),
    [
        ("192.0.2.7", 201),
        ("::ffff:192.0.2.7", 201),
        ("2001:db8::7", 201),
        ("192.0.3.7", 403),
        ("2001:db9::7", 403),
        ("no address", 403),
    ],
)
def test_behind_a_proxy_it_is_the_clients_address_that_counts(installation, behind_proxy, source, client, status):
    change(installation, source, allowed_addresses="192.0.2.0/24\n2001:db8::/32")
    headers = {"X-Forwarded-For": client, "X-Forwarded-Host": "crm.example.com", "X-Forwarded-Proto": "https"}
    assert Json(behind_proxy, source, **headers).post(lead()).status_code == status


def test_without_a_proxy_nobody_is_believed_who_says_they_are_another(installation, address, source):
    change(installation, source, allowed_addresses="192.0.2.7")
    headers = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Host": "crm.example.com", "X-Real-IP": "192.0.2.7"}
    assert is_problem(Json(address, source, **headers).post(lead()), 403)
    change(installation, source, allowed_addresses="127.0.0.1")
    assert Json(address, source, **headers).post(lead()).status_code == 201
