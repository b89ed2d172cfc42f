"""The doors of Odoo's own API: /json/2 and /xmlrpc/2, with the API key of a user who may do this and nothing else."""

import xmlrpc.client
from datetime import datetime, timedelta

import pytest
import requests

from tests.intake.cases import CASES, check_kept, shape


@pytest.fixture(scope="module")
def program(installation):
    """A user who is in the group Lead Intake Program alone, with an API key."""
    with installation.env() as env:
        group = env.ref("crm_leadintake.group_intake_program")
        user = env["res.users"].create({"name": "Program", "login": "program", "group_ids": [(6, 0, group.ids)]})
        expiry = datetime.now() + timedelta(days=1)
        key = env["res.users.apikeys"].with_user(user)._generate("rpc", "Program", expiry)
        return user.id, key


@pytest.fixture
def source(installation, program):
    with installation.env() as env:
        env["crm.intake.source"].search([]).api_user_ids = False
    return installation.make_source(api_user_ids=[(6, 0, [program[0]])])


class Json2:
    cannot = ()

    def __init__(self, installation, program):
        self.url = f"{installation.address}/json/2/crm.lead.inbox/submit"
        self.headers = {"Authorization": f"Bearer {program[1]}"}

    def submit(self, records):
        answer = requests.post(self.url, json={"leads": records}, headers=self.headers, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()


class XmlRpc2:
    cannot = ("control",)

    def __init__(self, installation, program):
        self.models = xmlrpc.client.ServerProxy(f"{installation.address}/xmlrpc/2/object", allow_none=True)
        self.login = (installation.database, *program)

    def submit(self, records):
        return self.models.execute_kw(*self.login, "crm.lead.inbox", "submit", [records])


@pytest.mark.parametrize("door", [Json2, XmlRpc2])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_case_is_answered_and_kept(installation, program, source, door, case):
    if case.needs in door.cannot:
        return
    answers = door(installation, program).submit(case.records)
    assert shape(answers) == (case.statuses, case.problems)
    check_kept(installation, source, case)
