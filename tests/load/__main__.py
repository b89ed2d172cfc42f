"""A company at work while things break: ``setup/load`` runs this, and the README shows what it prints.

People at their boards, partners who send leads, an anonymisation and a campaign, all at once on two nodes with workers;
first in peace, then while workers and nodes are killed, PostgreSQL crashes and is restarted, connections break and the
file store is full. It ends with an error if anything that was acknowledged is lost, doubled or wrong.
"""

import argparse
import importlib.util
import json
import pathlib
import random
import sys
import tempfile
import time

from tests.load import load_report
from tests.load.chaos import CompanyChaos
from tests.load.clients import Doors, PacedClient
from tests.load.cluster import DURABLE, FAST, Cluster, Replica, postgres_programs
from tests.load.company import Company
from tests.load.company_outcome import check_all
from tests.load.leads import deal, make_leads
from tests.load.people import Person
from tests.load.proxy import ForwardingProxy
from tests.plugins.server_log import ROOT

OPTIONS = ["-c", "max_connections=200", "-c", "wal_keep_size=1GB", "-c", "hot_standby_feedback=on"]
CLIENTS = 8
CUT_RATE = 0.02
PATIENCE = 900
# Of the time that is in peace.
CALM = 0.25


def read_options():
    parser = argparse.ArgumentParser(prog="setup/load", description=__doc__)
    for name, default, what in (
        ("users", 50, "people at their boards"),
        ("rate", 20, "leads a second"),
        ("seconds", 300, "how long"),
        ("customers", 500, "customers of the campaign"),
        ("persons", 500, "persons to be anonymised"),
        ("workers", 3, "workers of each of the two nodes"),
    ):
        parser.add_argument(f"--{name}", type=int, default=default, help=f"{what} ({default})")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--output", type=pathlib.Path, required=True)
    return parser.parse_args()


def main():
    options = read_options()
    if not postgres_programs():
        sys.exit("install PostgreSQL's server programs: setup/load crashes a server of its own")
    mail_server = load_mail_server()
    mail_server.start()
    cluster, replica = Cluster(OPTIONS), None
    with tempfile.NamedTemporaryFile(prefix="load-", suffix=".log", delete=False) as log:
        pass
    wanted = {"users": options.users, "customers": options.customers, "persons": options.persons}
    company = Company(cluster, pathlib.Path(log.name), {**wanted, "mail_port": mail_server.port}, options.workers)
    try:
        say(f"Installing everything on a PostgreSQL of its own; servers say what they have to in {log.name}")
        cluster.start(FAST)
        cluster.query("postgres", "CREATE ROLE odoo LOGIN CREATEDB", user="postgres")
        company.set_up()
        cluster.stop("fast")
        cluster.start(DURABLE)
        replica = company.replica = Replica(cluster)
        replica.start(DURABLE)
        run(company, options, mail_server)
    finally:
        company.end()
        for each in filter(None, (replica, cluster)):
            each.remove()
        mail_server.stop()


def load_mail_server():
    """The one that the addons' tests have, without those tests."""
    path = ROOT / "crm_salesboard" / "tests" / "mail_server.py"
    spec = importlib.util.spec_from_file_location("load_mail_server", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.MailServer()


def run(company, options, mail_server):
    company.start()
    proxy = ForwardingProxy(company.ports, 0, options.seed)
    proxy.start()
    address = f"http://127.0.0.1:{proxy.port}"
    people = start_people(company, address, options)
    leads = make_leads(options.rate * options.seconds, options.seed)
    clients = make_clients(company, address, leads, options)
    say(f"{options.users} people and {CLIENTS} partners at work for {options.seconds} s (--seed {options.seed})")
    served = company.replica.count_transactions(company.database)
    chaos, moments = work(company, proxy, people, clients, options)
    served = company.replica.count_transactions(company.database) - served
    say("In peace again; waiting for what the jobs have to do")
    company.await_job(600)
    company.end()
    proxy.stop()
    for thread in (*people, *clients, chaos):
        assert not thread.error, f"{thread.error}\n{company.log.read_text(errors='replace')[-3000:]}"
    tell(load_report.Report(people, clients, *moments), chaos, proxy, served, options)
    say("Checking")
    for sentence in check_all(company, people, leads, mail_server.counts):
        print(f"- {sentence}", flush=True)


def work(company, proxy, people, clients, options):
    """Everybody works, first in peace and then while things break.

    :return: what broke them, and when they began, it broke first, and they ended
    """
    begun = time.monotonic()
    for client in clients:
        client.start()
    company.begin()
    time.sleep(max(0, options.seconds * CALM - (time.monotonic() - begun)))
    say("Now things break")
    broke = time.monotonic()
    proxy.rate = CUT_RATE
    chaos = CompanyChaos(company, lambda: sum(len(person.asked) for person in people), options.seed, pause=4)
    chaos.start()
    time.sleep(max(0, options.seconds - (time.monotonic() - begun)))
    for client in clients:
        client.join()
    chaos.stop()
    proxy.rate = 0
    ended = time.monotonic()
    for person in people:
        person.ending.set()
    for person in people:
        person.join()
    return chaos, (begun, broke, ended)


def tell(report, chaos, proxy, served, options):
    print(report.as_markdown())
    print(f"\nBroken: {load_report.count_words(chaos.done)}; connections cut: {sum(proxy.cuts.values())};")
    print(f"transactions that the replica served: {served:,}.\n")
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps({**report.as_dict(), "broken": chaos.done, "replica": served}, indent=1))


def start_people(company, address, options):
    people = [
        Person(address, company.database, user, company.made, options.seed + number)
        for number, user in enumerate(company.made["people"])
    ]
    for person in people:
        person.start()
    for person in people:
        person.is_in.wait(PATIENCE)
    return people


def make_clients(company, address, leads, options):
    doors = Doors(address, company.database, company.sources)
    hands = deal(leads, CLIENTS, options.seed)
    rate = options.rate / CLIENTS
    return [PacedClient(doors, hand, options.seed + n, PATIENCE, rate) for n, hand in enumerate(hands)]


def say(text):
    print(f"==> {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
