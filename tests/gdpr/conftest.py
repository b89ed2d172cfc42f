import logging

import pytest

from tests.gdpr.dump import Search, search_all
from tests.gdpr.installation import Company, World
from tests.gdpr.person import PERSON
from tests.gdpr.plant import plant_all

PLANTED = "test-gdpr-planted"


@pytest.fixture(scope="session", autouse=True)
def quiet_libraries():
    """Libraries that tell of every step, or of every oddity of a file that Odoo comes with."""
    for name in ("mail.log", "pypdf"):
        logging.getLogger(name).setLevel(logging.ERROR)


@pytest.fixture(scope="session")
def world():
    with World() as world:
        yield world


@pytest.fixture(scope="session")
def planted(world, search, tmp_path_factory):
    """The database of a company in which the person stands everywhere, and what is found of her there."""
    log = tmp_path_factory.mktemp("gdpr") / "server.log"
    log.touch()
    company = Company(PLANTED, log)
    try:
        company.build()
        company.forget()
        planted = plant_all(company, world)
        company.stop()
        company.forget()
        # at once: anonymising her in a copy ends her sessions, which no database has for itself
        planted.found = search_all(search, company.database)
        yield planted
    finally:
        # also when a plant fails: no server of it is left
        company.drop()


@pytest.fixture(scope="session")
def search():
    return Search.of(PERSON)


@pytest.fixture(scope="session")
def found(planted):
    """What is found of her before anything is done."""
    return planted.found
