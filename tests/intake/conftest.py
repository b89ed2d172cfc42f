import os

import pytest

from tests.intake.installation import QUIET, Installation
from tests.plugins.server_log import problems_in
from tests.postgres import drop_database

BASE = "test-intake-base"


@pytest.fixture(scope="session")
def crm_base(tmp_path_factory):
    """The name of a database with Odoo's CRM and its RPC alone, to be copied."""
    log = tmp_path_factory.mktemp("base") / "server.log"
    log.touch()
    base = Installation(BASE, log)
    drop_database(BASE)
    base.install("crm,rpc")
    yield BASE
    base.drop()


@pytest.fixture(scope="session")
def installation(request, tmp_path_factory):
    """CRM and Lead Intake alone, on a database of their own; INTAKE_DATABASE names one that is there already."""
    log = tmp_path_factory.mktemp("intake") / "server.log"
    log.touch()
    given = os.environ.get("INTAKE_DATABASE")
    made = Installation(given or "test-intake", log)
    if not given:
        made.copy(request.getfixturevalue("crm_base"))
        made.install("crm_leadintake")
    made.address = made.serve()
    yield made
    if given:
        made.stop()
    else:
        made.drop()


@pytest.fixture
def address(installation):
    """Where the server answers."""
    return installation.address


@pytest.fixture(scope="session")
def other_address(installation):
    """Where a second server process on the same database answers."""
    return installation.serve(*QUIET)


@pytest.fixture(autouse=True)
def no_leads(installation):
    """Leads of one test are no duplicates in the next."""
    yield
    with installation.env() as env:
        env["crm.lead"].with_context(active_test=False).search([]).unlink()


@pytest.fixture(autouse=True)
def quiet_log(installation):
    """No request, whatever it holds, makes the server log a warning of ours or a traceback."""
    start = installation.log.stat().st_size
    yield
    with installation.log.open("rb") as log:
        log.seek(start)
        said = log.read().decode(errors="replace")
    problems = problems_in(said.splitlines()) + [line for line in said.splitlines() if line.startswith("Traceback")]
    assert not problems, said[-3000:]
