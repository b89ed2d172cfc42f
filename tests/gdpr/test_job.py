"""The jobs that preview and anonymise, on servers that are killed, and on two at once."""

import contextlib
import time

import pytest

from odoo.service.model import retrying

from tests.gdpr import harness
from tests.gdpr.installation import Company
from tests.intake.installation import DEPRECATION
from tests.postgres import on_postgres

DATABASE = "test-gdpr-job"
PEOPLE = 1200
WITH_JOBS = ["--max-cron-threads", "1", "--log-level", "warn", *DEPRECATION]


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """A company with Odoo's modules and Privacy, and its servers."""
    log = tmp_path_factory.mktemp("job") / "server.log"
    log.touch()
    company = Company(DATABASE, log)
    company.copy_template()
    company.install("crm_gdpr")
    yield company
    company.drop()


def make_request(env):
    people = env["res.partner"].create(
        [{"name": f"Person Number{n}", "email": f"person{n}@job.example"} for n in range(PEOPLE)]
    )
    return env["crm.gdpr.request"].with_user(env.ref("base.user_admin"))._make(people)


@pytest.fixture
def request_id(office):
    """A request for many persons that an officer has started."""
    with office.env() as env:
        request = make_request(env)
        harness.preview(request)
        request.action_carry_out()
        return request.id


@pytest.fixture
def preview_id(office):
    """A request for many persons that waits for its preview."""
    with office.env() as env:
        request = make_request(env)
        request.action_preview()
        assert request.state == "previewing"
        return request.id


@contextlib.contextmanager
def looking(office):
    """A look at the database that sees what is committed at each moment."""
    with contextlib.closing(office.connect()) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor


def count_done(cursor, request_id, state="done"):
    cursor.execute(
        "SELECT count(*) FROM crm_gdpr_request_line WHERE request_id = %s AND state = %s", [request_id, state]
    )
    return cursor.fetchone()[0]


def wait_until(condition, seconds=180):
    """Wait for the servers' jobs, which look for work once a minute unless they are told."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it takes too long"
        on_postgres(f"NOTIFY cron_trigger, '{DATABASE}'")
        time.sleep(0.2)


def is_done(cursor, request_id, state="done"):
    cursor.execute("SELECT state FROM crm_gdpr_request WHERE id = %s", [request_id])
    return cursor.fetchone() == (state,)


def read_plans(cursor, request_id):
    cursor.execute(
        "SELECT id, plan_hash, write_date FROM crm_gdpr_request_line WHERE request_id = %s AND state = 'planned'",
        [request_id],
    )
    return set(cursor.fetchall())


def assert_each_once(office, request_id):
    with office.env() as env:
        request = env["crm.gdpr.request"].browse(request_id)
        assert set(request.line_ids.mapped("state")) == {"done"}
        assert not any(request.line_ids.partner_id.mapped("email"))
        log = env["crm.gdpr.log"].search([("event", "=", "carried_out")])
        log = log.filtered(lambda entry: entry.details.get("request") == request_id)
        assert sum(entry.details["persons"] for entry in log) == PEOPLE
        assert len({subject for entry in log for subject in entry.subjects}) == PEOPLE
        assert not env["crm.gdpr.log"]._verify()


def test_a_server_that_is_killed_in_the_middle_loses_and_doubles_nobody(office, request_id):
    with looking(office) as cursor:
        office.serve(*WITH_JOBS)
        wait_until(lambda: 0 < count_done(cursor, request_id))
        assert count_done(cursor, request_id) < PEOPLE, "killed too late to show anything"
        office.servers[0].kill()
        office.servers.pop().wait(60)
        assert 0 < count_done(cursor, request_id) < PEOPLE
        office.serve(*WITH_JOBS)
        wait_until(lambda: is_done(cursor, request_id))
    office.stop()
    assert_each_once(office, request_id)
    with office.env() as env:
        request = env["crm.gdpr.request"].browse(request_id)
        # of those done before, nobody knows any more what they were called
        assert request.scan_state == "broken"
        assert request.line_ids.filtered("is_scanned")


def test_two_servers_do_each_person_once_and_then_search(office, request_id):
    with looking(office) as cursor:
        office.serve(*WITH_JOBS)
        office.serve(*WITH_JOBS)
        wait_until(lambda: is_done(cursor, request_id))
    office.stop()
    assert_each_once(office, request_id)
    with office.env() as env:
        assert env["crm.gdpr.request"].browse(request_id).scan_state in ("clean", "kept")


def test_a_preview_goes_on_where_it_was_when_the_server_is_killed(office, preview_id):
    with looking(office) as cursor:
        office.serve(*WITH_JOBS)
        wait_until(lambda: 0 < count_done(cursor, preview_id, "planned"))
        office.servers[0].kill()
        office.servers.pop().wait(60)
        made = read_plans(cursor, preview_id)
        assert 0 < len(made) < PEOPLE, "killed too late to show anything"
        office.serve(*WITH_JOBS)
        wait_until(lambda: is_done(cursor, preview_id, "planned"))
        # those that were made are not made again
        assert made < read_plans(cursor, preview_id)
        assert count_done(cursor, preview_id, "planned") == PEOPLE
    office.stop()
    with office.env() as env:
        log = env["crm.gdpr.log"].search([("event", "=", "planned")])
        assert len(log.filtered(lambda entry: entry.details.get("request") == preview_id)) == 1
        assert not env["crm.gdpr.log"]._verify()


def test_a_preview_is_stopped_while_a_server_works_at_it_and_what_was_previewed_stays(office, preview_id):
    with looking(office) as cursor:
        office.serve(*WITH_JOBS)
        wait_until(lambda: 0 < count_done(cursor, preview_id, "planned"))
        with office.env() as env:
            request = env["crm.gdpr.request"].browse(preview_id)
            retrying(request.action_stop, env)
        assert is_done(cursor, preview_id, "draft")
        time.sleep(5)
        seen = count_done(cursor, preview_id, "planned")
        assert 0 < seen < PEOPLE
        time.sleep(2)
        assert count_done(cursor, preview_id, "planned") == seen
    office.stop()
