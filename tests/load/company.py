"""Two nodes of Odoo with workers, on one database with a replica that one of them reads from, and all our addons."""

import resource
from contextlib import contextmanager, suppress

import psutil

from tests.load.fleet import Fleet
from tests.load.proxy import ForwardingProxy
from tests.plugins.server_log import our_addons
from tests.test_two_servers import free_port

# A file that is larger does not fit while the file store is full; sessions do.
FITS = 64 * 1024
SET_UP = """
from tests.load.company_fill import fill
from tests.load.fill import tell
made = fill(env, {addons!r}, {wanted!r})
env.cr.commit()
tell(made)
"""
BEGIN = """
from tests.load.company_fill import begin
from tests.load.fill import tell
begin(env, {made!r})
env.cr.commit()
tell(None)
"""
COMPARE = """
from tests.load.company_fill import compare_totals
from tests.load.fill import tell
tell(compare_totals(env, {logins!r}))
"""


class Company(Fleet):
    """A company whose people, partners and jobs are all at work at once.

    :param Cluster cluster: where its database is
    :param dict wanted: see ``company_fill.fill``
    :param int workers: of each node
    """

    waiting = """
        SELECT (SELECT count(*) FROM crm_lead_inbox WHERE state = 'new' OR to_announce)
             + (SELECT count(*) FROM crm_gdpr_request WHERE state = 'running')
             + (SELECT count(*) FROM crm_campaign_step WHERE state = 'running')
    """

    def __init__(self, cluster, log, wanted, workers):
        super().__init__(cluster, "load", log)
        self.wanted, self.workers = wanted, workers
        self.replica = None
        self.made = {}

    def set_up(self):
        """Install everything, and make what the company has: see ``company_fill.fill``."""
        addons = [addon.name for addon in our_addons()]
        self.install(",".join(["rpc", *addons]))
        wanted = {**self.wanted, "address": ForwardingProxy.CLIENT}
        self.made = self.run_script(SET_UP.format(addons=addons, wanted=wanted))
        self.sources = self.made["sources"]

    def begin(self):
        """Start the campaign and the anonymisation."""
        made = {name: self.made[name] for name in ("manager", "step", "officer", "request")}
        self.run_script(BEGIN.format(made=made))

    def compare_totals(self, logins):
        """See ``company_fill.compare_totals``."""
        return self.run_script(COMPARE.format(logins=logins))

    def _get_options(self, index):
        options = ["--workers", str(self.workers), "--max-cron-threads", "2", "--proxy-mode"]
        options += ["--gevent-port", str(free_port())]
        if index and self.replica:
            options += ["--db_replica_host", str(self.replica.folder), "--db_replica_port", "5432"]
        return options

    # ------------------------------------------------------------
    # What breaks
    # ------------------------------------------------------------

    def _find_workers(self):
        for server in list(self._running.values()):
            with suppress(psutil.NoSuchProcess):
                yield from psutil.Process(server.pid).children(recursive=True)

    def kill_worker(self, random):
        """Kill one of the processes that answer requests or run jobs; its server starts another one."""
        workers = list(self._find_workers())
        if workers:
            with suppress(psutil.NoSuchProcess):
                random.choice(workers).kill()

    @contextmanager
    def full_disk(self):
        """No process of the servers can write a large file; nothing else of the machine notices it."""
        self._limit_files(FITS)
        try:
            yield
        finally:
            self._limit_files(None)

    def _limit_files(self, size):
        masters = [psutil.Process(server.pid) for server in list(self._running.values()) if server.poll() is None]
        # those that they start meanwhile get it from them
        for process in [*masters, *self._find_workers()]:
            with suppress(ProcessLookupError):
                hard = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)[1]
                resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (hard if size is None else size, hard))
