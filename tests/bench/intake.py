"""Hands in leads to stock Odoo and to the lead intake, in turn, and prints how they compare.

``setup/bench intake`` makes the databases and runs this; the bars are those of the specification. Nothing here fails
because something is slow: it ends with an error only if a lead was not taken.
"""

import configparser
import contextlib
import itertools
import json
import pathlib
import re
import subprocess
import sys
import time
from typing import NamedTuple

from tests.bench import intake_report, report
from tests.bench.board import free_ports
from tests.bench.intake_clients import Load
from tests.bench.options import read_options
from tests.bench.servers import Server, ServerError

BENCH = pathlib.Path(__file__).parent
ADMIN = {"user_id": 2, "password": "admin"}
MADE, KEPT, FLOOR_MARK = b"created", b"accepted", b'"kept"'
THREADED, WORKERS = "threaded", "2 workers"
SECONDS = 1.5
# The job that announces leads may wait a second for more of them, which shall not stand for what it costs.
JUDGED_SECONDS, MADE_SECONDS = 10, 4
MEMORY_LEADS = 10_000
# Odoo tells its log at every call that its XML-RPC goes away; that shall not count against it.
QUIET = ["--log-handler", "odoo.addons.rpc.controllers:ERROR"]


class Figure(NamedTuple):
    """Something to be measured: through which door how many leads at a time, by how many clients.

    ``mark`` is what answers have for each lead; ``key`` names the source by what becomes of its leads.
    """

    door: str
    mark: bytes
    key: str = "now"
    clients: int = 1
    batch: int = 1

    @property
    def side(self):
        return "native" if self.door in ("floor", "stock", "stock_told", "stock_mail") else "ours"

    @property
    def seconds(self):
        """How long it is driven; a large batch takes stock Odoo so long that one will do."""
        if self.mark in (FLOOR_MARK, KEPT) or (self.side == "native" and self.batch > 1):
            return SECONDS
        return JUDGED_SECONDS if self.door in ("stock", "xmlrpc") and self.key != "told" else MADE_SECONDS

    @property
    def name(self):
        return f"{self.door} {self.key} {self.batch} by {self.clients}"


FLOOR = Figure("floor", FLOOR_MARK, "")
STOCK = Figure("stock", b"<int>", "")
STOCK_BATCH = STOCK._replace(batch=1_000)
KEEP = Figure("json", KEPT, "later")
MAKE = Figure("xmlrpc", MADE)
MAKE_BATCH = MAKE._replace(batch=1_000)
KEEP_BATCH = Figure("xmlrpc", KEPT, "later", batch=1_000)
MANY_TOLD = 100  # stock Odoo writes an e-mail for each, and 1,000 would take minutes
TOLD = [Figure("stock_told", b"<int>", ""), Figure("xmlrpc", MADE, "told")]
# A form answers by leading on to its thanks, and the gateway of mails with the id of what it made.
FORM, MAIL, STOCK_MAIL = Figure("form", b"/sent"), Figure("mail", b"<int>"), Figure("stock_mail", b"<int>", "")


def by_4(figure):
    return figure._replace(clients=4)


def with_4(figures):
    return [*figures, *map(by_4, figures)]


OTHERS = [Figure(door, MADE, batch=batch) for door in ("json", "soap", "json2") for batch in (1, 1_000)]
DOORS = [
    *with_4([FLOOR, KEEP, STOCK, MAKE]),
    STOCK_BATCH,
    *with_4([MAKE_BATCH, KEEP_BATCH, *OTHERS, FORM, STOCK_MAIL, MAIL]),
]
# The smallest database is measured from all sides, a larger one for what it does to the rates.
FULL = {THREADED: [*DOORS, *TOLD, *(told._replace(batch=MANY_TOLD) for told in TOLD)], WORKERS: DOORS}
LARGE = {THREADED: DOORS}
OPTIONS = {THREADED: [], WORKERS: ["--workers", "2"]}


class Sides:
    """The two servers on the databases of one size, and what bodies are made with."""

    def __init__(self, size, mode, options, stack):
        self.options, self.size, self.mode = options, size, mode
        ports = free_ports(options.port, 4)
        self.servers = {
            side: stack.enter_context(self._server(side, port, spare))
            for side, port, spare in zip(("native", "ours"), ports[:2], ports[2:], strict=True)
        }
        with self.servers["ours"].cursor() as cursor:
            cursor.execute("SELECT value FROM ir_config_parameter WHERE key = 'bench.intake'")
            self.keys = json.loads(cursor.fetchone()[0])
        with self.servers["native"].cursor() as cursor:
            cursor.execute("SELECT id FROM res_country WHERE code = 'NL'")
            self.country_id = cursor.fetchone()[0]
            cursor.execute("SELECT id FROM res_users WHERE login = 'seller1'")
            self.seller_id = cursor.fetchone()[0]
            cursor.execute("CREATE TABLE IF NOT EXISTS bench_floor (id serial PRIMARY KEY, body text)")

    def load(self, figure):
        names = {"json2": "program", "form": "form"}
        key = self.keys[names.get(figure.door, figure.key)] if figure.side == "ours" else None
        known = {**ADMIN, "database": self.servers["native"].database, "key": key}
        known |= {"country_id": self.country_id, "seller_id": self.seller_id}
        return Load(figure.door, figure.mark, known, figure.clients, figure.batch)

    def settle_of(self, figure):
        """What waits until the job has announced the leads that were made, which stock Odoo does before it answers."""
        return self._await_announced if figure.side == "ours" and figure.key != "later" else None

    def _await_announced(self):
        with self.servers["ours"].cursor() as cursor:
            while True:
                cursor.execute("SELECT EXISTS (SELECT FROM crm_lead_inbox WHERE to_announce IS TRUE)")
                if not cursor.fetchone()[0]:
                    return
                cursor.connection.commit()
                time.sleep(0.005)

    def _server(self, side, port, spare):
        # of the jobs only the one that announces leads is active (intake_prepare.py)
        given = [*OPTIONS[self.mode], "--gevent-port", str(spare), "--max-cron-threads", "1", "--proxy-mode", *QUIET]
        if side == "native":
            given += ["--addons-path", f"{addons_path(self.options.config)},{BENCH / 'addons'}"]
            given += ["--load", "base,rpc,web,bench_floor"]
        log = self.options.logs / f"bench-intake-{side}-{self.size}-{self.mode.split()[-1]}.log"
        return Server(f"bench-intake-{side}-{self.size}-run", port, self.options.config, log, given)


def addons_path(config):
    parser = configparser.RawConfigParser()
    parser.read(config)
    return parser["options"]["addons_path"]


def measure(sides, figures, blocks, runs, say):
    """Leads per second of each figure, all in turn.

    :return: ``{name: [rates]}``
    """
    rates = {figure.name: [] for figure in figures}
    for run in range(-1, runs):
        say(f"run {run + 1} of {runs}" if run >= 0 else "warming up")
        for figure in figures:
            load = sides.load(figure)
            if run < 0 and figure is STOCK_BATCH:
                load.batch = 50
            seconds = figure.seconds if run >= 0 else 0.2
            rate = load.drive(sides.servers[figure.side].port, blocks, seconds, sides.settle_of(figure))
            if run >= 0:
                rates[figure.name].append(rate)
    return rates


def measure_memory(sides, blocks, say):
    """By how many MB a server that has just started grows over 10,000 leads, 1,000 at a time, after the first 1,000."""
    say(f"memory over {MEMORY_LEADS:,} leads")
    server, load = sides.servers["ours"], sides.load(MAKE_BATCH)
    load.drive(server.port, blocks, 0)
    before = resident(server.pid)
    for _call in range(MEMORY_LEADS // load.batch):
        load.drive(server.port, blocks, 0)
    return resident(server.pid) - before


def resident(pid):
    """The memory that a process holds, in MB."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) / 1024


def explain(size, options, say):
    """What a batch of 1,000 leads asks of the database, counted in a process of its own.

    :return: ``{"queries": per lead, "plans": [those of the look-ups for duplicates]}``
    """
    say("counting queries")
    command = [sys.executable, "-m", "odoo", "shell", "-c", str(options.config), "-d", f"bench-intake-ours-{size}-run"]
    with (BENCH / "intake_queries.py").open() as script:
        done = subprocess.run(
            [*command, "--no-http", "--log-level", "error"], stdin=script, capture_output=True, text=True, check=False
        )
    found = re.search(r"^asked (.+)$", done.stdout, re.MULTILINE)
    if not found:
        raise ServerError(f"The queries cannot be counted: {done.stderr[-1000:]}")
    return json.loads(found[1])


def measure_size(size, options, is_full):
    """All figures on the databases of one size.

    :return: ``{"rates": {mode: {figure: [leads per second]}}, "queries", "plans", "memory"}``
    """
    blocks = itertools.count()
    measured = {"rates": {}}
    for mode, figures in (FULL if is_full else LARGE).items():

        def say(text, mode=mode):
            print(f"    {size:,} leads, {mode}: {text}", file=sys.stderr, flush=True)

        with contextlib.ExitStack() as stack:
            sides = Sides(size, mode, options, stack)
            if mode == THREADED:
                measured["memory"] = measure_memory(sides, blocks, say)
            measured["rates"][mode] = measure(sides, figures, blocks, options.runs, say)
    return measured | explain(size, options, say)


def main():
    options = read_options("intake", __doc__)
    result = {**report.circumstances("crm_leadintake"), "runs": options.runs, "sizes": {}}
    for size in sorted(options.sizes):
        result["sizes"][str(size)] = measure_size(size, options, size == min(options.sizes))
        # After each size, as a long run may be broken off.
        options.output.parent.mkdir(parents=True, exist_ok=True)
        options.output.write_text(json.dumps(result, indent=1))
    print(intake_report.markdown(result))


if __name__ == "__main__":
    try:
        main()
    except ServerError as error:
        sys.exit(f"setup: {error}")
