"""What happens between two steps: a server that is killed between them, two jobs at once, batches that overlap."""

import contextlib
import threading
import time

import requests

from tests.load.clients import Doors
from tests.load.outcome import read_rows

JOB = 'env["crm.lead.inbox"]._cron_process()\n'


def records(count, **values):
    return [{"external_id": f"A{n}", "email": f"person{n}@example.com", **values} for n in range(count)]


def door(fleet, index=1):
    return Doors(f"http://127.0.0.1:{fleet.ports[index]}", fleet.database, fleet.sources)


def states(fleet):
    return sorted(row.state for row in read_rows(fleet))


@contextlib.contextmanager
def held(fleet, email):
    """Whoever processes a lead of this address waits meanwhile."""
    ((company_id,),) = fleet.cluster.query(fleet.database, "SELECT min(id) FROM res_company")
    with contextlib.closing(fleet.cluster.connect(fleet.database)) as connection, connection.cursor() as cursor:
        cursor.execute("INSERT INTO crm_intake_lock (key) VALUES (%s)", (f"{company_id}:email:{email}",))
        yield
        connection.rollback()


def waiting_for(table):
    return f"wait_event_type = 'Lock' AND query LIKE '%%{table}%%'"


def await_waiting(fleet, table="crm_intake_lock", seconds=60):
    """Wait until somebody waits for what is held."""
    end = time.monotonic() + seconds
    waiting = f"SELECT count(*) FROM pg_stat_activity WHERE {waiting_for(table)}"
    while not fleet.cluster.query(fleet.database, waiting)[0][0]:
        assert time.monotonic() < end, "nobody waits"
        time.sleep(0.1)


def test_a_server_killed_between_accepting_and_making_the_lead_loses_nothing(fleet):
    fleet.start()
    told = []
    with held(fleet, "person1@example.com"):
        client = threading.Thread(target=lambda: told.append(attempt(door(fleet), records(3))))
        client.start()
        await_waiting(fleet)
        fleet.kill(1)
        client.join()
    assert told == [None]
    assert states(fleet) == ["new"] * 3
    fleet.await_job()
    assert states(fleet) == ["done"] * 3
    answers = door(fleet, 0).json2("now", records(3))
    assert [answer["status"] for answer in answers] == ["created"] * 3
    assert fleet.cluster.query(fleet.database, "SELECT count(*) FROM crm_lead") == [(3,)]


def test_a_database_that_fails_while_a_key_is_looked_up_is_not_told_as_a_wrong_key(fleet):
    fleet.start()
    told = []
    with contextlib.closing(fleet.cluster.connect(fleet.database)) as connection, connection.cursor() as cursor:
        cursor.execute("LOCK TABLE res_users_apikeys")
        client = threading.Thread(target=lambda: told.append(json2_answer(fleet)))
        client.start()
        await_waiting(fleet, "res_users_apikeys")
        waiting = waiting_for("res_users_apikeys")
        cursor.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {waiting}")
        connection.rollback()
    client.join()
    assert [(answer.status_code, answer.headers.get("Retry-After")) for answer in told] == [(503, "2")]
    assert json2_answer(fleet).json()[0]["status"] == "created"


def json2_answer(fleet):
    headers = {"Authorization": f"Bearer {fleet.sources['now']['api_key']}"}
    address = f"http://127.0.0.1:{fleet.ports[1]}/json/2/crm.lead.inbox/submit"
    return requests.post(address, json={"leads": records(1)}, headers=headers, timeout=60)


def attempt(doors, leads):
    try:
        return doors.json2("now", leads)
    except requests.RequestException:
        return None


def test_two_jobs_at_once_share_the_work(fleet):
    fleet.start()
    # the job of a server is not to run now
    fleet.cluster.query(fleet.database, "UPDATE ir_cron SET active = FALSE")
    try:
        door(fleet).json2("later", records(700))
        fleet.end()
        with held(fleet, "person0@example.com"):
            one = fleet.open_shell(JOB)
            await_waiting(fleet)
            _said, errors = fleet.open_shell(JOB).communicate(timeout=120)
            assert states(fleet) == ["done"] * 200 + ["new"] * 500, errors
        _said, errors = one.communicate(timeout=120)
        assert states(fleet) == ["done"] * 700, errors
    finally:
        fleet.cluster.query(
            fleet.database, "UPDATE ir_cron SET active = TRUE WHERE cron_name LIKE 'Lead Intake: make%%'"
        )
    attempts = "SELECT count(*), sum(attempts), count(DISTINCT lead_id) FROM crm_lead_inbox"
    assert fleet.cluster.query(fleet.database, attempts) == [(700, 700, 700)]
    assert fleet.cluster.query(fleet.database, "SELECT count(*) FROM crm_lead") == [(700,)]


def test_batches_that_overlap_in_opposite_order_do_not_keep_each_other(fleet):
    fleet.start()
    start, answers = fleet.log.stat().st_size, [None] * 8
    shared = [{"email": f"person{n}@example.com", "campaign": f"Campaign {n % 7}"} for n in range(40)]

    def send(index):
        order = shared if index % 2 else shared[::-1]
        own = [{**record, "external_id": f"C{index}-{record['email']}"} for record in order]
        same = [{**record, "external_id": f"S-{record['email']}", "phone": "+31612345678"} for record in order[:5]]
        answers[index] = door(fleet, index % 2).json_api("now", own + same)

    threads = [threading.Thread(target=send, args=(index,)) for index in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer["status"] for told in answers for answer in told} <= {"created", "linked"}
    rows = read_rows(fleet)
    assert len(rows) == len({row.external_id for row in rows}) == 8 * 40 + 10
    assert fleet.cluster.query(fleet.database, "SELECT count(*) FROM crm_lead") == [(40,)]
    assert fleet.cluster.query(
        fleet.database, "SELECT count(*), count(DISTINCT name) FROM utm_campaign WHERE name LIKE 'Campaign %%'"
    ) == [(7, 7)]
    with fleet.log.open() as log:
        log.seek(start)
        assert "deadlock" not in log.read()
