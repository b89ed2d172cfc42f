"""Clients of SOAP and XML-RPC that nobody here wrote: npm's soap and xmlrpc, PHP's SoapClient; zeep: test_soap.py.

Versions are pinned in tests/clients/; the set-up (setup/steps/clients.sh) installs them.
"""

import json

import pytest

from tests.intake.programs import run
from tests.plugins.server_log import ROOT

CLIENTS = ROOT / "tests" / "clients"
GOOD = {"external_id": "F1", "contact_name": "Zoë 🙂 <b>", "company": "Konex & Co", "email": "zoe@example.com"}
BAD = {"external_id": "F2", "email": "nobody"}


@pytest.fixture
def source(installation):
    return installation.make_source()


def answers_of(program, script, **told):
    """Run a client, and return what it prints."""
    done = run(program, CLIENTS / script, told=json.dumps(told))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def check_answers(installation, source, answers):
    """A good lead is made, a bad one explained, and both can be asked for."""
    good, bad = answers["results"]
    assert (good["external_id"], good["status"]) == ("F1", "created")
    assert (bad["external_id"], bad["status"]) == ("F2", "error")
    problem = bad["problem"] if "problem" in bad else bad["problems"]
    (problem,) = problem if isinstance(problem, list) else [problem]
    assert (problem["field"], problem["rule"]) == ("email", "format") and "jane@example.com" in problem["message"]
    assert [status["external_id"] for status in answers["leads"]] == ["F1", "F2"]
    assert [status["state"] for status in answers["leads"]][1] == "waiting"
    (made,) = installation.leads(source, "contact_name", "partner_name", "email_from")
    assert (made["partner_name"], made["email_from"]) == ("Konex & Co", "zoe@example.com")
    assert made["contact_name"].startswith("Zoë 🙂")


@pytest.mark.parametrize("port", ["LeadIntakeSoap11", "LeadIntakeSoap12"])
def test_npm_soap_hands_in_leads_from_the_wsdl(installation, source, port):
    own = [{"attributes": {"name": "shoe_size"}, "$value": "42"}]
    url = f"{installation.address}/leadintake/soap?wsdl"
    asked = {"url": url, "port": port, "key": source.key, "ids": ["F1", "F2"]}
    check_answers(installation, source, answers_of("node", "soap.js", leads=[GOOD, BAD], **asked))
    (result,) = answers_of("node", "soap.js", leads=[{"email": "x@example.com", "field": own}], **asked)["results"]
    assert result["problem"][0]["field"] == "shoe_size" and result["problem"][0]["rule"] == "unknown"


@pytest.mark.parametrize("port", ["LeadIntakeSoap11", "LeadIntakeSoap12"])
def test_npm_soap_is_told_by_a_fault_why_nothing_was_taken(installation, port):
    url = f"{installation.address}/leadintake/soap?wsdl"
    fault = answers_of("node", "soap.js", url=url, port=port, key="wrong", leads=[GOOD], ids=[])["fault"]
    assert fault["detail" if port.endswith("11") else "Detail"]["IntakeFault"]["code"] == "key"


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_php_hands_in_leads_from_the_wsdl(installation, source, version):
    asked = {"url": f"{installation.address}/leadintake/soap?wsdl", "version": version, "key": source.key}
    check_answers(installation, source, answers_of("php", "soap.php", leads=[GOOD, BAD], ids=["F1", "F2"], **asked))
    fault = answers_of("php", "soap.php", leads=[GOOD], ids=[], **{**asked, "key": "wrong"})["fault"]
    assert fault["detail"]["IntakeFault"]["code"] == "key" and "wrong, expired or withdrawn" in fault["message"]


def test_npm_xmlrpc_hands_in_leads(installation, source):
    asked = {"url": f"{installation.address}/leadintake/xmlrpc", "leads": [GOOD, BAD], "ids": ["F1", "F2"]}
    answers = answers_of("node", "xmlrpc.js", key=source.key, **asked)
    check_answers(installation, source, answers)
    assert {"leads.submit", "leads.status", "leads.fields"} <= set(answers["methods"])
    fault = answers_of("node", "xmlrpc.js", key="wrong", **asked)["fault"]
    assert fault["code"] == 401 and "wrong, expired or withdrawn" in fault["message"]


def test_the_lock_of_npm_names_no_place_to_fetch_from():
    lock = json.loads((CLIENTS / "package-lock.json").read_text())
    fetched = [package for name, package in lock["packages"].items() if name]
    assert fetched and all("integrity" in package and "resolved" not in package for package in fetched)
