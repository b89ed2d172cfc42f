"""Leads from clients that retry, while servers are killed, PostgreSQL crashes and connections break.

LOAD_LEADS sets how many leads are sent, LOAD_SEED repeats a run as far as chance is concerned.
"""

import os
import random
import threading
import time
from collections import Counter

from odoo.tools import mute_logger

from tests.load.clients import Client, Doors
from tests.load.cluster import DURABLE
from tests.load.leads import deal, make_leads
from tests.load.outcome import check, read_rows
from tests.load.proxy import CuttingProxy

LEADS = int(os.environ.get("LOAD_LEADS", "10000"))
SEED = int(os.environ.get("LOAD_SEED") or random.SystemRandom().randrange(10**6))
CLIENTS = 8
CUT_RATE = 0.08
PATIENCE = 600


class Chaos(threading.Thread):
    """Breaks things until it is told to stop, every kind of them, each after some more answers were given.

    :param progress: returns how many answers were given so far; on a slow machine it takes longer until they are
    """

    KINDS = ("kill", "kill", "kill", "kill", "crash", "restart")

    def __init__(self, fleet, progress, seed):
        super().__init__(daemon=True)
        self.fleet, self.progress, self.random = fleet, progress, random.Random(seed)
        self.ending = threading.Event()
        self.done = Counter()
        self.error = None

    def run(self):
        try:
            while True:
                for kind in self.random.sample(self.KINDS, len(self.KINDS)):
                    if not self._await_progress():
                        return
                    getattr(self, kind)()
                    self.done[kind] += 1
        except Exception as error:  # noqa: BLE001  the test shows it
            self.error = error

    def _await_progress(self):
        """Wait for some answers, and a moment, so that it happens at any moment of the next one."""
        goal = self.progress() + self.random.randint(5, 50)
        while self.progress() < goal:
            if self.ending.wait(0.1):
                return False
        return not self.ending.wait(self.random.uniform(0, 0.5))

    def kill(self):
        self.fleet.kill(self.random.randrange(len(self.fleet.ports)))

    def crash(self):
        self._restart_postgres("immediate")

    def restart(self):
        self._restart_postgres("fast")

    def _restart_postgres(self, mode):
        self.fleet.cluster.stop(mode)
        time.sleep(self.random.uniform(0, 1))
        self.fleet.cluster.start(DURABLE)

    def stop(self):
        self.ending.set()
        self.join()


def test_nothing_is_lost_or_doubled_while_servers_are_killed_postgres_crashes_and_connections_break(fleet, capsys):
    leads = make_leads(LEADS, SEED)
    started = time.monotonic()
    with mute_logger("urllib3.connectionpool"):  # it warns of answers that end in the middle of their headers
        clients, chaos, proxy = send_in_chaos(fleet, leads)
    sent = time.monotonic() - started
    assert not [client.error for client in clients if client.error], fleet.log.read_text()[-3000:]
    assert not chaos.error
    fleet.start()
    fleet.await_job()
    with capsys.disabled():
        report(fleet, sent, clients, chaos, proxy)
    kept = check(fleet, leads)
    check_repeated(fleet, leads, kept)
    assert "cannot be processed" not in fleet.log.read_text()  # no outage was taken for a fault of a lead


def send_in_chaos(fleet, leads):
    """Send the leads from all clients while things break, and stop the servers."""
    fleet.start()
    proxy = CuttingProxy(fleet.ports, CUT_RATE, SEED)
    proxy.start()
    doors = Doors(f"http://127.0.0.1:{proxy.port}", fleet.database, fleet.sources)
    hands = deal(leads, CLIENTS, SEED)
    clients = [Client(doors, hand, SEED + index, PATIENCE) for index, hand in enumerate(hands)]
    chaos = Chaos(fleet, lambda: sum(client.answered for client in clients), SEED)
    for thread in (*clients, chaos):
        thread.start()
    for client in clients:
        client.join()
    chaos.stop()
    proxy.stop()
    fleet.end()
    return clients, chaos, proxy


def check_repeated(fleet, leads, kept):
    """Everything once more, to servers that are left in peace: nothing new, and the first answers again."""
    doors = Doors(f"http://127.0.0.1:{fleet.ports[1]}", fleet.database, fleet.sources)
    for source in fleet.sources:
        of_source = [lead for lead in leads if lead.source == source]
        for start in range(0, len(of_source), 500):
            batch = of_source[start : start + 500]
            answers = doors.json2(source, [lead.record for lead in batch])
            assert answers == [kept[lead.external_id].answer for lead in batch]
    assert {row.external_id: row for row in read_rows(fleet)} == kept
    assert check(fleet, leads) == kept


def report(fleet, seconds, clients, chaos, proxy):
    """What happened, for who reads a test's output."""
    retries = sum((client.retries for client in clients), Counter())
    print(f"\nLOAD_SEED={SEED}: {LEADS} leads in {seconds:.0f} s, {dict(chaos.done)}, server starts {fleet.starts}")
    print(f"connections cut: {dict(proxy.cuts)}; retries {sum(retries.values())}: {dict(retries)}")
