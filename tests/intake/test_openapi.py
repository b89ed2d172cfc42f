"""The OpenAPI document: valid, and what it says is so, which schemathesis checks by requests of its own invention."""

import json
import re
import sys

import pytest
import requests

from odoo.addons.crm_leadintake.tools import openapi_lead, records, values
from odoo.addons.crm_leadintake.tools.problems import Problem
from odoo.addons.crm_leadintake.tools.vocabulary import STANDARD

from tests.intake.doors import Json, is_problem
from tests.intake.programs import run
from tests.plugins.server_log import ROOT

# where setup/steps/clients.sh puts them
CLIENTS = ROOT / ".odoo" / "clients" / "bin"
HERE = ROOT / "tests" / "clients"
# Fields of a kind that others have as well: each field makes the check longer.
ALIKE = "job_position street street2 zip city referred_by source medium description".split()


@pytest.fixture(scope="module")
def source(installation):
    return installation.make_source()


@pytest.fixture
def document(address):
    answer = requests.get(f"{address}/leadintake/v1/openapi.json", timeout=60)
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "application/json"
    return answer.json()


def test_the_document_is_valid(document, tmp_path):
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(document))
    done = run(str(CLIENTS / "openapi-spec-validator"), "--errors", "all", str(path))
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_it_says_is_so(address, source, document, tmp_path):
    fields = document["components"]["schemas"]["Lead"]["properties"]
    fields["country"]["enum"] = ["NL", "BE", "", None]
    for name in ALIKE:
        del fields[name]
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(document))
    done = run(
        str(CLIENTS / "schemathesis"),
        *("--config-file", str(HERE / "schemathesis.toml"), "run", str(path)),
        *("--url", f"{address}/leadintake/v1", "--phases", "examples,coverage,fuzzing", "--no-color"),
        environment={"INTAKE_KEY": source.key, "SCHEMATHESIS_HOOKS": "schemathesis_hooks", "PYTHONPATH": str(HERE)},
        cwd=tmp_path,
        seconds=240,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]


def test_every_field_that_can_be_sent_is_in_it(document):
    assert set(document["components"]["schemas"]["Lead"]["properties"]) == {"external_id"} | {s.name for s in STANDARD}
    assert "NL" in document["components"]["schemas"]["Lead"]["properties"]["country"]["enum"]


def test_with_a_key_it_has_the_fields_of_the_source(installation, address):
    source = installation.make_source(
        unknown_fields="note", mapping_ids=[(0, 0, {"external_name": "utm_ad", "action": "note"})]
    )
    lead = Json(address, source).get("openapi.json").json()["components"]["schemas"]["Lead"]
    assert "utm_ad" in lead["properties"] and lead["additionalProperties"]
    wrong = requests.get(f"{address}/leadintake/v1/openapi.json", headers={"Authorization": "Bearer no"}, timeout=60)
    assert is_problem(wrong, 401)


def test_its_patterns_take_what_the_pipeline_takes():
    for pattern in (openapi_lead._TEXT, openapi_lead._FILLED):
        for code in [*range(0x3000), *range(0xE000, 0xE010), *range(0xFF00, 0x10010), 0x1FFFE, sys.maxunicode]:
            text = f"a{chr(code)}a"
            assert bool(re.search(pattern, text)) == _is_taken("subject", text), hex(code)


@pytest.mark.parametrize(
    ("name", "pattern", "texts"),
    [
        ("email", openapi_lead._EMAIL, ["a@b.nl", "a.b+c@d-e.example", "", "a@b", "a@", "@b.nl", "a b"]),
        ("phone", openapi_lead._PHONE, ["+31 6", "(0)20", "", "call me", "-"]),
        (
            "website",
            openapi_lead._WEBSITE,
            ["a.nl", "https://a.nl:80/b?c#d", "", "javascript:alert(1)", "ftp://a.nl", "a"],
        ),
        ("value", openapi_lead._NUMBER, ["1", "-1.5", "", "1e5", "1,5", ".5", "9" * 16]),
        ("expected_closing", openapi_lead._DAY, ["2028-02-28", "2027-12-31", "2027-02-30", "2027-04-31", "0000-01-01"]),
    ],
)
def test_a_pattern_and_the_pipeline_agree(name, pattern, texts):
    for text in texts:
        assert bool(re.search(pattern, text)) == _is_taken(name, text), text


def _is_taken(name, text):
    try:
        _external_id, kept = records.clean({name: text, "subject": "x"} | {name: text})
    except Problem:
        return False
    specs = {spec.name: spec for spec in STANDARD}
    _found, problems = values.read(kept, specs)
    return not [problem for problem in problems if problem.field == name]
