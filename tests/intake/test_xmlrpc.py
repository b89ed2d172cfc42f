"""The door for XML-RPC, with Python's own client, and by hand what no client would send."""

import time
import xmlrpc.client

import pytest
import requests

from tests.intake.cases import CASES, check_kept, lead, shape
from tests.intake.doors import XmlRpc

METHODS = {
    "leads.fields",
    "leads.status",
    "leads.submit",
    "system.listMethods",
    "system.methodHelp",
    "system.methodSignature",
}


@pytest.fixture
def source(installation):
    return installation.make_source()


@pytest.fixture
def door(address, source):
    return XmlRpc(address, source)


@pytest.fixture
def post(address):
    """Send bytes, and return the parameters that come back; a fault is raised."""

    def post(body, **headers):
        headers = {"Content-Type": "text/xml", **headers}
        answer = requests.post(f"{address}/leadintake/xmlrpc", data=body, headers=headers, timeout=60)
        assert answer.status_code == 200 and answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Traceback" not in answer.text
        return xmlrpc.client.loads(answer.content)[0]

    return post


def fault_of(call, *arguments, **headers):
    with pytest.raises(xmlrpc.client.Fault) as raised:
        call(*arguments, **headers)
    return raised.value.faultCode, raised.value.faultString


def submission(key, *values, head='<?xml version="1.0"?>'):
    """A call of leads.submit with a lead of the members that are given as XML."""
    members = "".join(f"<member><name>{name}</name><value>{value}</value></member>" for name, value in values)
    return (
        f"{head}<methodCall><methodName>leads.submit</methodName><params><param><value><string>{key}</string></value>"
        f"</param><param><value><array><data><value><struct>{members}</struct></value></data></array></value></param>"
        f"</params></methodCall>"
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_case_is_answered_and_kept(installation, source, door, case):
    if case.needs in door.cannot:
        return
    assert shape(door.submit(case.records)) == (case.statuses, case.problems)
    check_kept(installation, source, case)


def test_a_thousand_leads_come_in_one_call_and_one_more_is_refused(installation, source, door):
    records = [lead(external_id=f"A{n}", email=f"jane{n}@example.com") for n in range(1001)]
    assert fault_of(door.submit, records)[0] == 413
    answers = door.submit(records[:1000])
    assert [answer["external_id"] for answer in answers] == [record["external_id"] for record in records[:1000]]
    assert {answer["status"] for answer in answers} == {"created"}
    assert len(installation.leads(source)) == 1000


def test_a_client_finds_out_by_itself_what_can_be_called(address):
    system = xmlrpc.client.ServerProxy(f"{address}/leadintake/xmlrpc").system
    assert set(system.listMethods()) == METHODS
    for method in METHODS:
        assert system.methodHelp(method)
    assert system.methodSignature("leads.submit") == [["array", "string", "array"]]
    assert fault_of(system.methodHelp, "leads.steal")[0] == -32601


def test_the_fields_that_a_source_can_send_are_told(door):
    fields = {field["name"]: field for field in door.leads.fields(door.key)}
    assert fields["email"]["type"] == "email" and fields["priority"]["choices"] == ["0", "1", "2", "3"]


def test_it_needs_nothing_of_odoos_own_rpc(installation, door):
    with installation.env() as env:
        depends = env["ir.module.module"].search([("name", "=", "crm_leadintake")]).dependencies_id.mapped("name")
    assert depends == ["crm"]
    assert door.submit([lead()])[0]["status"] == "created"


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("<double>nan</double>", "range"),
        ("<double>1e400</double>", "range"),
        ("<double>one</double>", "type"),
        ("<double>1_0</double>", "type"),
        (f"<int>{'9' * 400}</int>", "range"),
        (f"<i8>{'9' * 5000}</i8>", "range"),
        ("<int>five</int>", "type"),
        ("<boolean>2</boolean>", "type"),
        ("<base64>SmFuZQ==</base64>", "type"),
        ("<base64>!</base64>", "type"),
        ("<dateTime.iso8601>00000101T00:00:00</dateTime.iso8601>", "type"),
        ("<struct></struct>", "type"),
        ("<array><data><value><array><data></data></array></value></data></array>", "type"),
        ("<array><data><value>" * 50 + "</value></data></array>" * 50, "type"),
    ],
)
def test_a_value_that_is_none_is_named_by_its_field_and_keeps_no_other_lead_back(post, source, value, rule):
    bad = submission(source.key, ("email", "jane@example.com"), ("value", value))
    good = "<value><struct><member><name>email</name><value>bob@example.com</value></member></struct></value></data>"
    ((first, second),) = post(good.join(bad.rsplit("</data>", 1)))
    assert first["status"] == "error"
    assert [(problem["field"], problem["rule"]) for problem in first["problems"]] == [("value", rule)]
    assert second["status"] == "created"


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("00000101T00:00:00", "format"),
        ("20270230T00:00:00", "format"),
        ("18000101T00:00:00", "range"),
        ("tomorrow", "type"),
    ],
)
def test_a_day_that_is_none_is_named_by_its_field(post, source, value, rule):
    closing = ("expected_closing", f"<dateTime.iso8601>{value}</dateTime.iso8601>")
    ((answer,),) = post(submission(source.key, ("email", "jane@example.com"), closing))
    assert [(problem["field"], problem["rule"]) for problem in answer["problems"]] == [("expected_closing", rule)]


def test_types_of_other_clients_are_understood(installation, post, source):
    ((answer,),) = post(
        submission(
            source.key,
            ("email", " <string>jane@example.com</string> "),
            ("contact_name", "Jane"),
            ("value", "<i8>1200</i8>"),
            ("phone", '<ex:nil xmlns:ex="http://ws.apache.org/xmlrpc/namespaces/extensions"/>'),
            ("company", "<nil/>"),
            ("city", ""),
            ("expected_closing", "<dateTime.iso8601>20270131T10:00:00</dateTime.iso8601>"),
        )
    )
    assert answer["status"] == "created", answer
    [made] = installation.leads(source, "expected_revenue", "date_deadline", "contact_name", "partner_name")
    assert made["expected_revenue"] == 1200 and str(made["date_deadline"]) == "2027-01-31"
    assert made["contact_name"] == "Jane" and not made["partner_name"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252", "us-ascii"])
def test_encodings_that_xml_declares_are_read(installation, post, source, encoding):
    name = "Zoe" if encoding == "us-ascii" else "Zoë"
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    ((answer,),) = post(submission(source.key, ("contact_name", name), head=head).encode(encoding))
    assert answer["status"] == "created"
    assert installation.leads(source, "contact_name")[0]["contact_name"] == name


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", -32700),
        (b"no XML", -32700),
        (b"<methodCall><methodName>leads.fields</methodName>", -32700),
        (b"<?xml version='1.0'?><methodCall>\xff</methodCall>", -32700),
        (b"<?xml version='1.0' encoding='klingon'?><methodCall/>", -32701),
        (b"<?xml version='1.0' encoding='shift_jis'?><methodCall/>", -32701),
        (b"<methodCall></methodCall>", -32600),
        (b"<html><body/></html>", -32600),
        (b"<methodCall><methodName>x</methodName><wrong><param/></wrong></methodCall>", -32600),
        (b"<methodCall><methodName>x</methodName><params><param/></params></methodCall>", -32600),
        (b"<methodCall><methodName>leads.steal</methodName></methodCall>", -32601),
        (b"<methodCall><methodName>system.multicall</methodName></methodCall>", -32601),
        (b"<methodCall><methodName>leads.submit</methodName></methodCall>", -32602),
        (b"<a>" * 300_000 + b"</a>" * 300_000, -32600),
        (b"<methodCall><methodName>x</methodName><params>" + b"<a>" * 200_000, -32700),
    ],
    ids=lambda value: repr(value[:60]) if isinstance(value, bytes) else None,
)
def test_what_is_no_call_gets_the_fault_that_says_why(post, body, code):
    start = time.monotonic()
    found, text = fault_of(post, body)
    assert found == code and text
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("value", ["<lead>5</lead>", "<string><b>5</b></string>", "<int>5</int><int>6</int>"])
def test_a_value_of_no_known_type_is_a_fault(post, source, value):
    assert fault_of(post, submission(source.key, ("value", value)))[0] == -32600


def test_a_name_that_stands_twice_is_a_fault_that_names_it(installation, post, source):
    code, text = fault_of(post, submission(source.key, ("email", "a@example.com"), ("email", "b@example.com")))
    assert code == -32600 and "email" in text
    assert not installation.rows(source)


@pytest.mark.parametrize("parameters", [("lead",), (5, []), ("key", {}), ("key", [], 1)])
def test_wrong_parameters_are_told_with_the_right_ones(door, parameters):
    code, text = fault_of(door.leads.submit, *parameters)
    assert code == -32602 and "(string, array)" in text


BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 20}">' for n in range(1, 12))


@pytest.mark.parametrize(
    "doctype",
    [
        f'<!DOCTYPE x [<!ENTITY e0 "lol">{BOMB}]>',
        '<!DOCTYPE x [<!ENTITY e11 SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:1/evil.dtd"> %p;]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/evil.dtd">',
        "<!DOCTYPE x>",
    ],
    ids=["bomb", "external", "parameter", "external subset", "bare"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_and_document_types_are_refused_unread(installation, post, source, doctype, encoding):
    head = f'<?xml version="1.0" encoding="{encoding}"?>{doctype}'
    body = submission(source.key, ("email", "jane@example.com"), ("contact_name", "&e11;"), head=head)
    start = time.monotonic()
    code, text = fault_of(post, body.encode(encoding))
    assert (code, text) == (-32700, "Send the request without a DOCTYPE.")
    assert time.monotonic() - start < 2
    assert not installation.rows(source)


def test_any_content_type_will_do_and_compression_will_not(post, source):
    body = submission(source.key, ("email", "jane@example.com"))
    ((answer,),) = post(body, **{"Content-Type": "application/x-www-form-urlencoded"})
    assert answer["status"] == "created"
    assert fault_of(post, body, **{"Content-Encoding": "gzip"})[0] == 415


def test_another_method_than_post_is_told_so(address):
    for method in ("GET", "PUT", "OPTIONS"):
        answer = requests.request(method, f"{address}/leadintake/xmlrpc", timeout=60)
        assert answer.status_code == 405 and answer.headers["Allow"] == "POST"
        assert answer.headers["Content-Type"].startswith("text/xml")
