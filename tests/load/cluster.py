"""A PostgreSQL cluster of a test's own, which may crash: durable as in production, unlike the one that tests share."""

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import closing, suppress
from pathlib import Path

import psycopg2

FAST = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
DURABLE = ["-c", "fsync=on", "-c", "synchronous_commit=on", "-c", "full_page_writes=on"]
COMMON = ["-c", "listen_addresses=", "-c", "unix_socket_directories=..", "-c", "port=5432", "-c", "max_connections=100"]


def postgres_programs():
    """The folder of PostgreSQL's programs, or None where only a client is installed."""
    if found := shutil.which("pg_ctl"):
        return Path(found).resolve().parent
    places = Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")
    return max((place.parent for place in places), key=lambda folder: int(folder.parent.name), default=None)


class Cluster:
    """A cluster in a temporary folder, which its socket lies in too.

    PostgreSQL does not run as root, and another user may not be able to walk down to the folder; so it is handed to
    PostgreSQL as an open descriptor.

    :param list options: of postgres, at every start
    """

    def __init__(self, options=()):
        self.options = options
        self.folder = Path(tempfile.mkdtemp(prefix="li-"))
        self.programs = postgres_programs()
        data = self.folder / "data"
        data.mkdir(mode=0o700)
        self.folder.chmod(0o700)
        self._owner = self._hand_over(self.folder, data) if os.geteuid() == 0 else {}
        self._descriptor = os.open(data, os.O_RDONLY)
        self._fill()

    def _fill(self):
        self._run("initdb", "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")

    @staticmethod
    def _hand_over(*folders):
        names = [user.pw_name for user in pwd.getpwall()]
        user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
        for folder in folders:
            os.chown(folder, user.pw_uid, user.pw_gid)
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}

    def start(self, options):
        """Start it, with the options of postgres."""
        options = " ".join([*COMMON, *self.options, *options])
        self._run("pg_ctl", "start", "-w", "-t", "60", "-s", "-l", f"{self._data}/server.log", "-o", options)

    def stop(self, mode):
        """Stop it: ``fast`` cuts all connections, ``immediate`` is a crash."""
        self._run("pg_ctl", "stop", "-w", "-s", "-m", mode)

    def remove(self):
        with suppress(subprocess.CalledProcessError):
            self.stop("immediate")
        os.close(self._descriptor)
        shutil.rmtree(self.folder, ignore_errors=True)

    def query(self, database, statement, *parameters, user="odoo"):
        """Run a statement in a transaction of its own, and return the rows."""
        with closing(self.connect(database, user)) as connection, connection, connection.cursor() as cursor:
            cursor.execute(statement, parameters or None)
            return cursor.fetchall() if cursor.description else []

    def connect(self, database, user="odoo"):
        return psycopg2.connect(host=str(self.folder), port=5432, user=user, dbname=database)

    @property
    def _data(self):
        return f"/proc/self/fd/{self._descriptor}"

    def _run(self, program, *arguments):
        subprocess.run(
            [self.programs / program, "-D", self._data, *arguments],
            pass_fds=[self._descriptor],
            cwd="/",
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            **self._owner,
        )


class Replica(Cluster):
    """A cluster that follows another one, which has to run, and is read from."""

    def __init__(self, main):
        self._main = main
        super().__init__(main.options)

    def _fill(self):
        copy = ["-h", self._main.folder, "-U", "postgres", "--checkpoint=fast", "--wal-method=stream", "--no-sync"]
        self._run("pg_basebackup", *copy, "--write-recovery-conf")

    def count_transactions(self, database):
        """How many transactions it has served so far, whatever they read."""
        query = "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = %s"
        [(count,)] = self.query("postgres", query, database)
        return count
