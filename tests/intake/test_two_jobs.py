"""What one server's job is at another one leaves alone: each lead is announced, and emptied, once."""

import contextlib

import pytest

from odoo.addons.crm_leadintake.tools import desk

from tests.load.outcome import NOTES

ROWS = "SELECT id FROM crm_lead_inbox WHERE source_id = %s ORDER BY id"


@pytest.fixture
def other_server(installation):
    """A connection on which another server's job holds what it is at."""
    with contextlib.closing(installation.connect()) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def source(installation):
    """A source that sent four leads, which nobody was told of yet."""
    source = installation.make_source(retention_days=30)
    records = [{"external_id": f"A{n}", "email": f"two-jobs{n}@example.com"} for n in range(4)]
    with installation.env() as env:
        registry = env.registry
    answers = desk.submit(registry, desk.ByKey(source.key, "127.0.0.1"), records, "json")
    assert [answer["status"] for answer in answers] == ["created"] * 4
    return source


def hold(connection, source, count):
    """Lock the first rows of a source, as a job does with those that it took."""
    with connection.cursor() as cursor:
        cursor.execute(f"{ROWS} LIMIT %s FOR NO KEY UPDATE", (source.id, count))
        return [row_id for (row_id,) in cursor.fetchall()]


def run(installation, method):
    with installation.env() as env:
        getattr(env["crm.lead.inbox"], method)()


def query(installation, statement, *parameters):
    with installation.env() as env:
        env.cr.execute(statement, parameters or None)
        return env.cr.fetchall()


def test_what_another_server_is_announcing_is_announced_once(installation, source, other_server):
    hold(other_server, source, 2)
    run(installation, "_cron_announce")
    assert len(query(installation, NOTES)) == 2
    other_server.rollback()
    run(installation, "_cron_announce")
    run(installation, "_cron_announce")
    notes = query(installation, NOTES)
    assert (len(notes), len(set(notes))) == (4, 4)


def test_what_another_server_is_emptying_is_left_to_it(installation, source, other_server):
    old = "UPDATE crm_lead_inbox SET received_at = received_at - interval '40 days' WHERE source_id = %s"
    emptied = "SELECT id FROM crm_lead_inbox WHERE source_id = %s AND is_emptied ORDER BY id"
    with installation.env() as env:
        env.cr.execute(old, (source.id,))
    rows = query(installation, ROWS, source.id)
    hold(other_server, source, 2)
    run(installation, "_cron_empty_content")
    assert query(installation, emptied, source.id) == rows[2:]
    other_server.rollback()
    run(installation, "_cron_empty_content")
    assert query(installation, emptied, source.id) == rows
