"""The job that makes leads later is woken by every request that needs it, and by no more."""

import contextlib

import psycopg2
import pytest

from odoo.addons.crm_leadintake.tools import desk

TRIGGERS = """
    SELECT count(*) FROM ir_cron_trigger JOIN ir_model_data ON res_id = cron_id AND model = 'ir.cron'
     WHERE ir_model_data.name = 'ir_cron_crm_lead_inbox'
"""


@pytest.fixture
def connection(installation):
    """A connection as a server has that takes a trigger."""
    with contextlib.closing(installation.connect()) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def source(installation):
    with installation.env() as env:
        env["ir.cron.trigger"].search([]).unlink()
    return installation.make_source(processing="later")


def send(installation, source, *names):
    with installation.env() as env:
        registry = env.registry
    records = [{"external_id": name, "contact_name": name} for name in names]
    return [answer["status"] for answer in desk.submit(registry, desk.ByKey(source.key, "127.0.0.1"), records, "json")]


def count(installation):
    with installation.env() as env:
        env.cr.execute(TRIGGERS)
        return env.cr.fetchone()[0]


def test_requests_until_the_job_runs_wake_it_once(installation, source):
    for name in ("one", "two", "three"):
        assert send(installation, source, name) == ["accepted"]
    assert count(installation) == 1


def test_a_job_that_is_just_starting_is_woken_again(installation, source, connection):
    send(installation, source, "one")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM ir_cron_trigger")
        send(installation, source, "two")
        connection.commit()
    assert count(installation) == 1


def test_a_job_does_not_start_before_a_request_that_counts_on_it_is_kept(installation, source, connection):
    send(installation, source, "one")
    with installation.env() as env:
        desk.wake(env, desk.MAKE)
        with connection.cursor() as cursor, pytest.raises(psycopg2.errors.LockNotAvailable):
            cursor.execute("SET lock_timeout = '200ms'")
            cursor.execute("DELETE FROM ir_cron_trigger")
    connection.rollback()
    assert count(installation) == 1
