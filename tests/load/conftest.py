import pytest

from tests.load.cluster import DURABLE, FAST, Cluster, postgres_programs
from tests.load.fleet import Fleet


@pytest.fixture(scope="session")
def installed_fleet(tmp_path_factory):
    """Lead Intake installed on a cluster of its own, which is durable from then on."""
    if not postgres_programs():
        pytest.skip("PostgreSQL's server programs are not on this machine")
    cluster = Cluster()
    try:
        cluster.start(FAST)
        cluster.query("postgres", "CREATE ROLE odoo LOGIN CREATEDB", user="postgres")
        fleet = Fleet(cluster, "load", tmp_path_factory.mktemp("load") / "servers.log")
        fleet.log.touch()
        fleet.set_up()
        cluster.stop("fast")
        cluster.start(DURABLE)
        yield fleet
    finally:
        cluster.remove()


@pytest.fixture
def fleet(installed_fleet):
    """The servers, which do not run yet, and nothing in the inbox."""
    installed_fleet.empty()
    yield installed_fleet
    installed_fleet.end()
