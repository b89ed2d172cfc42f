import logging

import pytest

from tests.gdpr.installation import Company
from tests.intake.mail import MailServer as Handover


@pytest.fixture(scope="session", autouse=True)
def quiet_libraries():
    """The mail server tells of every step."""
    logging.getLogger("mail.log").setLevel(logging.ERROR)


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    """A company with service tickets, whose Odoo runs in a process of its own."""
    log = tmp_path_factory.mktemp("serviceticket") / "server.log"
    log.touch()
    company = Company("test-serviceticket", log)
    try:
        company.copy_template()
        company.install("crm_serviceticket")
        company.address = company.serve()
        yield company
    finally:
        company.drop()


@pytest.fixture(scope="module")
def outside():
    """The mail server of the customers, which takes what the company sends."""
    # only now: our addons are found when Odoo has read its options
    from odoo.addons.crm_salesboard.tests.mail_server import MailServer

    receiver = MailServer()
    receiver.start()
    yield receiver
    receiver.stop()


@pytest.fixture(scope="module")
def handover(company):
    """The mail server of the company, which pipes each mail to Odoo's own hand-in script."""
    with company.env() as env:
        user = env.ref("base.user_admin")
        user.write({"password": "admin-1234"})
        login = user.id
    server = Handover(company.address, company.database, (login, "admin-1234"))
    server.start()
    yield server
    server.stop()
