"""The door for SOAP: from its WSDL by zeep, in both versions of SOAP, and by hand what no client library would send."""

import time

import pytest
import requests
import zeep
from lxml import etree

from odoo.addons.crm_leadintake.tools.soap_codec import NAMESPACE, SOAP11, SOAP12
from odoo.addons.crm_leadintake.tools.vocabulary import STANDARD

from tests.intake.cases import CASES, check_kept, shape
from tests.intake.installation import QUIET

PORTS = {"1.1": "LeadIntakeSoap11", "1.2": "LeadIntakeSoap12"}
NAMES = {"li": NAMESPACE, "s11": SOAP11.namespace, "s12": SOAP12.namespace}
VERSIONS = pytest.mark.parametrize("version", [SOAP11, SOAP12], ids=lambda version: version.number)
LISTS = ("tags",)


@pytest.fixture
def source(installation):
    return installation.make_source()


@pytest.fixture(scope="module")
def wsdl(installation):
    return zeep.Client(f"{installation.address}/leadintake/soap?wsdl")


class Zeep:
    """A client that knows the WSDL and nothing else."""

    cannot = ("types", "lists", "control")

    def __init__(self, wsdl, source, version):
        self.service, self.key = wsdl.bind("LeadIntake", PORTS[version]), source.key

    def submit(self, records):
        results = self.service.SubmitLeads(self.key, [self._lead(record) for record in records])
        return [
            {
                "external_id": result.external_id or "",
                "status": result.status,
                "problems": [{"field": problem.field or "", "rule": problem.rule} for problem in result.problem],
            }
            for result in results
        ]

    def _lead(self, record):
        named = {"external_id", *(spec.name for spec in STANDARD)}
        lead = {name: value for name, value in record.items() if name in named}
        own = [{"name": name, "_value_1": value} for name, value in record.items() if name not in named]
        return {**lead, "field": own}


class ByHand:
    """Messages as somebody writes them who has read no WSDL."""

    cannot = ("types", "control")

    def __init__(self, installation, source, version):
        self.address, self.key, self.version = installation.address, source.key, version

    def submit(self, records):
        leads = "".join(self._element("lead", record) for record in records)
        answer = post(self.address, envelope(self.version, submit_leads(self.key, leads)), self.version.media_type)
        assert answer.status_code == 200, answer.text
        return [
            {
                "external_id": result.findtext("li:external_id", "", NAMES),
                "status": result.findtext("li:status", None, NAMES),
                "problems": [
                    {"field": problem.findtext("li:field", "", NAMES), "rule": problem.findtext("li:rule", None, NAMES)}
                    for problem in result.findall("li:problem", NAMES)
                ],
            }
            for result in etree.fromstring(answer.content).iterfind(".//li:result", NAMES)
        ]

    def _element(self, name, value):
        if isinstance(value, list):
            return "".join(self._element("tag" if name == "tags" else name, item) for item in value)
        element = etree.Element(name)
        if isinstance(value, dict):
            return f"<{name}>{''.join(self._element(*item) for item in value.items())}</{name}>"
        element.text = value
        return etree.tostring(element, encoding="unicode")


def envelope(version, body, header=""):
    return (
        f'<s:Envelope xmlns:s="{version.namespace}"><s:Header>{header}</s:Header><s:Body>{body}</s:Body></s:Envelope>'
    )


def submit_leads(key, leads="<lead><email>jane@example.com</email></lead>"):
    return f'<SubmitLeads xmlns="{NAMESPACE}"><key>{key}</key>{leads}</SubmitLeads>'


def post(address, body, content_type="text/xml", **headers):
    body = body.encode() if isinstance(body, str) else body
    headers = {"Content-Type": content_type, **headers}
    return requests.post(f"{address}/leadintake/soap", data=body, headers=headers, timeout=60)


def fault_of(answer):
    """The ``(code of SOAP, code of ours, message)`` of a fault, which has to be in the right form."""
    assert "Traceback" not in answer.text and "File " not in answer.text
    root = etree.fromstring(answer.content)
    if root.tag == f"{{{SOAP12.namespace}}}Envelope":
        assert answer.headers["Content-Type"] == "application/soap+xml; charset=utf-8"
        fault = root.find("s12:Body/s12:Fault", NAMES)
        code = fault.findtext("s12:Code/s12:Value", None, NAMES)
        reason = fault.findtext("s12:Reason/s12:Text", None, NAMES)
        subcode = fault.findtext("s12:Code/s12:Subcode/s12:Value", None, NAMES)
        assert subcode in (None, f"li:{fault.findtext('.//li:code', None, NAMES)}")
    else:
        assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
        fault = root.find("s11:Body/s11:Fault", NAMES)
        code, reason = fault.findtext("faultcode"), fault.findtext("faultstring")
    assert reason == fault.findtext(".//li:message", reason, NAMES)
    return code.removeprefix("soap:"), fault.findtext(".//li:code", None, NAMES), reason


# ------------------------------------------------------------
# What every door does
# ------------------------------------------------------------


@pytest.mark.parametrize("version", PORTS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_case_is_answered_and_kept_through_zeep(installation, wsdl, source, version, case):
    if case.needs in Zeep.cannot:
        return
    answers = Zeep(wsdl, source, version).submit(case.records)
    assert shape(answers) == (case.statuses, case.problems)
    check_kept(installation, source, case)


@VERSIONS
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_case_is_answered_and_kept_by_hand(installation, source, version, case):
    if case.needs in ByHand.cannot:
        return
    answers = ByHand(installation, source, version).submit(case.records)
    assert shape(answers) == (case.statuses, case.problems)
    check_kept(installation, source, case)


@pytest.mark.parametrize("version", PORTS)
def test_a_program_asks_what_became_of_its_leads_and_which_fields_there_are(installation, wsdl, source, version):
    service = wsdl.bind("LeadIntake", PORTS[version])
    tags = [f"Fleet {source.id}", f"Van {source.id}"]
    with installation.env() as env:
        env["crm.tag"].create([{"name": name} for name in tags])
    first = service.SubmitLeads(source.key, [{"external_id": "Z/1", "email": "jane@example.com", "tag": tags}])
    again = service.SubmitLeads(source.key, [{"external_id": "Z/1", "email": "jane@example.com", "tag": tags}])
    assert first == again and len(installation.leads(source)) == 1
    assert len(installation.leads(source, "tag_ids")[0]["tag_ids"]) == 2

    with installation.env() as env:
        env["crm.lead"].search([("intake_source_id", "=", source.id)]).type = "lead"
    statuses = service.GetStatus(source.key, ["Z/1", "unknown"])
    assert [(status.external_id, status.state) for status in statuses] == [("Z/1", "open")]
    assert abs(time.time() - statuses[0].changed.timestamp()) < 60
    fields = service.GetFields(source.key)
    assert {"email", "tags", "priority"} <= {field.name for field in fields}
    assert next(field for field in fields if field.name == "priority").choice == ["0", "1", "2", "3"]


@pytest.mark.parametrize("version", PORTS)
def test_a_refusal_is_a_fault_with_its_code_and_the_time_to_wait(installation, wsdl, version):
    service = wsdl.bind("LeadIntake", PORTS[version])
    limited = installation.make_source(request_limit=1)
    service.GetFields(limited.key)
    with pytest.raises(zeep.exceptions.Fault, match="The request limit of this source is reached") as caught:
        service.GetFields(limited.key)
    detail = wsdl.get_element(f"{{{NAMESPACE}}}IntakeFault").parse(caught.value.detail[0], wsdl.wsdl.types)
    assert detail.code == "limit" and 1 <= detail.retry_after <= 60
    with pytest.raises(zeep.exceptions.Fault, match="The key is missing, wrong, expired or withdrawn"):
        service.SubmitLeads("li_0123456789abcdef_" + "x" * 43, [{"email": "jane@example.com"}])


@VERSIONS
def test_too_many_leads_and_too_large_a_message_are_refused(installation, source, version):
    leads = "<lead><email>jane@example.com</email></lead>" * 1001
    answer = post(installation.address, envelope(version, submit_leads(source.key, leads)), version.media_type)
    assert fault_of(answer) == (version.codes[0], "size", "Send at most 1,000 leads at a time.")
    large = f"<lead><description>{'x' * 6_000_000}</description></lead>"
    answer = post(installation.address, envelope(version, submit_leads(source.key, large)), version.media_type)
    assert fault_of(answer)[:2] == (version.codes[0], "size")
    assert answer.status_code == (500 if version is SOAP11 else 400)
    assert not installation.rows(source)


# ------------------------------------------------------------
# The WSDL
# ------------------------------------------------------------


def schema_of(address):
    wsdl = etree.fromstring(requests.get(f"{address}/leadintake/soap?WSDL", timeout=60).content)
    (schema,) = wsdl.iterfind(".//{http://www.w3.org/2001/XMLSchema}schema")
    return etree.XMLSchema(schema)


def test_messages_are_as_the_schema_of_the_wsdl_says(installation, source):
    schema = schema_of(installation.address)
    leads = "<lead><external_id>S1</external_id><subject>Vans</subject><tag>a</tag><tag>b</tag></lead>"
    leads += "<lead><priority>9</priority></lead>"
    messages = [
        submit_leads(source.key, leads),
        f'<GetStatus xmlns="{NAMESPACE}"><key>{source.key}</key><external_id>S1</external_id></GetStatus>',
        f'<GetFields xmlns="{NAMESPACE}"><key>{source.key}</key></GetFields>',
        f'<GetFields xmlns="{NAMESPACE}"><key>wrong</key></GetFields>',
    ]
    for message in messages:
        assert schema.validate(etree.fromstring(message)), schema.error_log
        answer = etree.fromstring(post(installation.address, envelope(SOAP11, message)).content)
        (content,) = answer.iterfind(".//li:IntakeFault", NAMES) if "wrong" in message else answer[0]
        assert schema.validate(content), schema.error_log


def test_the_wsdl_names_the_address_that_it_was_asked_at(installation):
    address = installation.serve(*QUIET, "--proxy-mode")
    forwarded = {"X-Forwarded-Host": "crm.example", "X-Forwarded-Proto": "https"}
    wsdl = requests.get(f"{address}/leadintake/soap?wsdl", headers=forwarded, timeout=60)
    assert wsdl.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert wsdl.text.count('location="https://crm.example/leadintake/soap"') == 2
    plain = requests.get(f"{installation.address}/leadintake/soap?WSDL", headers=forwarded, timeout=60)
    assert plain.text.count(f'location="{installation.address}/leadintake/soap"') == 2


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS"])
def test_other_methods_are_told_what_to_use(address, method):
    answer = requests.request(method, f"{address}/leadintake/soap", timeout=60)
    assert answer.status_code == 405 and answer.headers["Allow"] == "GET, HEAD, POST"
    assert "?wsdl" in fault_of(answer)[2]


# ------------------------------------------------------------
# By hand: what XML allows, and what it does not
# ------------------------------------------------------------


@VERSIONS
def test_a_lead_may_be_written_in_all_ways_that_xml_has(installation, source, version):
    lead = (
        "<lead><!-- ours --><description><![CDATA[a < b & c]]> d<?pi x?> e</description>"
        '<email>jane@<!-- at home -->example.com</email><phone xmlns:i="http://www.w3.org/2001/XMLSchema-instance"'
        ' i:nil="true"/><n:company xmlns:n="urn:leadintake:1">Kon&#233;x &amp; Co</n:company>'
        '<external_id xmlns="">W&lt;1&amp;</external_id><city/></lead>'
    )
    body = envelope(version, submit_leads(source.key, lead), header='<x xmlns="urn:other">not needed</x>')
    answer = post(installation.address, body, version.media_type, SOAPAction='"whatever"')
    (result,) = etree.fromstring(answer.content).iterfind(".//li:result", NAMES)
    assert [result.findtext(f"li:{name}", None, NAMES) for name in ("external_id", "status")] == ["W<1&", "created"]
    (made,) = installation.leads(source, "description", "partner_name", "city")
    assert made["partner_name"] == "Konéx & Co" and "a &lt; b &amp; c d e" in made["description"] and not made["city"]
    assert installation.rows(source)[0]["external_id"] == "W<1&"


@pytest.mark.parametrize(
    ("encoding", "declared", "content_type"),
    [
        ("utf-8", "utf-8", "text/xml"),
        ("utf-8-sig", None, "text/xml"),
        ("utf-16", "utf-16", "text/xml"),
        ("utf-16", None, "text/xml; charset=utf-16"),
        ("iso-8859-1", "iso-8859-1", "text/xml"),
        ("windows-1252", "windows-1252", "application/xml"),
        # the header goes before the declaration
        ("utf-8", "iso-8859-1", "text/xml; charset=utf-8"),
        ("iso-8859-1", "utf-8", 'application/soap+xml; charset="ISO-8859-1"; action="x"'),
    ],
)
def test_any_usual_encoding_is_read(installation, source, encoding, declared, content_type):
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    body = declaration + envelope(SOAP11, submit_leads(source.key, "<lead><contact_name>Zoë</contact_name></lead>"))
    assert post(installation.address, body.encode(encoding), content_type).status_code == 200
    assert installation.leads(source, "contact_name")[0]["contact_name"] == "Zoë"


@pytest.mark.parametrize(
    ("lead", "problem"),
    [
        ("<lead>Jane Doe</lead>", ("", "record")),
        ("<lead>Jane<email>jane@example.com</email></lead>", ("", "record")),
        ('<lead external_id="A1"><email>jane@example.com</email></lead>', ("@external_id", "unknown")),
        ('<lead><email xmlns="urn:other">jane@example.com</email></lead>', ("{urn:other}email", "unknown")),
        ("<lead><field>42</field><email>jane@example.com</email></lead>", ("field", "unknown")),
        ("<lead><Email>jane@example.com</Email></lead>", ("Email", "unknown")),
        ("<lead><email><local>jane</local></email></lead>", ("email", "type")),
        ("<lead><email>jane@example.com</email><email>bob@example.com</email></lead>", ("email", "type")),
    ],
)
def test_what_is_no_lead_is_answered_and_the_others_go_through(installation, source, lead, problem):
    good = "<lead><external_id>GOOD</external_id><email>good@example.com</email></lead>"
    answer = post(installation.address, envelope(SOAP11, submit_leads(source.key, lead + good)))
    bad, fine = etree.fromstring(answer.content).iterfind(".//li:result", NAMES)
    (told,) = bad.iterfind("li:problem", NAMES)
    assert (told.findtext("li:field", "", NAMES), told.findtext("li:rule", None, NAMES)) == problem
    assert fine.findtext("li:status", None, NAMES) == "created" and len(installation.leads(source)) == 1


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
OURS = f'xmlns="{NAMESPACE}"'
# name: what is sent, with @submit@ for a good operation and @envelope@ for a good envelope; what is told
REFUSED = {
    "nothing": ("", "no well-formed XML"),
    "JSON": ('{"leads": []}', "no well-formed XML"),
    "half a message": ("@envelope@"[:1] + "s:Envelope", "no well-formed XML"),
    "two documents": ("@envelope@@envelope@", "no well-formed XML"),
    "a NUL": ("@envelope@\0", "no well-formed XML"),
    "a NUL by its number": ("@open@<x>&#0;</x>@close@", "no well-formed XML"),
    "a control character by its number": ("@open@<x>&#7;</x>@close@", "no well-formed XML"),
    "an unknown entity": ("@open@<x>&nbsp;</x>@close@", "no well-formed XML"),
    "an unknown prefix": ("@open@<x:y/>@close@", "no well-formed XML"),
    "an unknown encoding": ('<?xml version="1.0" encoding="klingon"?>@envelope@', "no well-formed XML"),
    "UTF-16 that is none": ('<?xml version="1.0" encoding="utf-16"?>@envelope@', "no well-formed XML"),
    "bytes that are no UTF-8": (b"<x>\xff\xfe\xff</x>", "no well-formed XML"),
    "a document type": ("<!DOCTYPE x>@envelope@", "DOCTYPE"),
    "a file": ('<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>@open@<x>&f;</x>@close@', "DOCTYPE"),
    "an address": ('<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">@envelope@', "DOCTYPE"),
    "a parameter entity": ('<!DOCTYPE x [<!ENTITY % f SYSTEM "file:///etc/passwd">%f;]>@envelope@', "DOCTYPE"),
    "a billion laughs": (f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>@open@<x>&l11;</x>@close@', "DOCTYPE"),
    "a billion laughs in an attribute": (f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]><x y="&l11;"/>', "DOCTYPE"),
    "ten thousand deep": ("<a>" * 10_000 + "</a>" * 10_000, "deep"),
    "a million elements": ("<a>" + "<b/>" * 1_000_000 + "</a>", "at most 250,000 elements"),
    "another document": ("<html/>", "Send a SOAP envelope"),
    "another version": ('<Envelope xmlns="http://www.w3.org/2001/12/soap-envelope"/>', "SOAP 1.1 or 1.2 envelope"),
    "no body": ("@open@@close@".replace("Body", "Bodies"), "one Body"),
    "an empty body": ("@open@@close@", "one Body"),
    "two operations": ("@open@@submit@@submit@@close@", "one Body"),
    "an unknown operation": (f"@open@<Submit {OURS}/>@close@", "is no operation. There are SubmitLeads, GetStatus"),
    "no namespace": ("@open@<SubmitLeads/>@close@", 'SubmitLeads of the namespace "" is no operation'),
    "another namespace": ('@open@<SubmitLeads xmlns="urn:other"/>@close@', 'namespace "urn:leadintake:1"'),
    "markup in a name": ('@open@<SubmitLeads xmlns="urn:&lt;b>&amp;"/>@close@', '"urn:<b>&" is no operation'),
    "a misspelt lead": (f"@open@<SubmitLeads {OURS}><key>k</key><Lead/></SubmitLeads>@close@", "Give key and lead."),
    "no key": (f"@open@<SubmitLeads {OURS}><lead/></SubmitLeads>@close@", "The key is missing"),
    "an empty key": (f"@open@<SubmitLeads {OURS}><key/><lead/></SubmitLeads>@close@", "The key is missing"),
    "two keys": (f"@open@<GetFields {OURS}><key>a</key><key>b</key></GetFields>@close@", "Give one key."),
}


def filled(text, version, source):
    """A message of the table above."""
    before, after = envelope(version, "@").split("@")
    good = {"@envelope@": envelope(version, submit_leads(source.key)), "@submit@": submit_leads(source.key)}
    for name, value in {**good, "@open@": before, "@close@": after}.items():
        text = text if isinstance(text, bytes) else text.replace(name, value)
    return text


@VERSIONS
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_message_is_refused_at_once_and_nothing_is_kept(installation, source, version, name):
    text, told = REFUSED[name]
    start = time.monotonic()
    answer = post(installation.address, filled(text, version, source), version.media_type)
    assert time.monotonic() - start < 5
    code, _ours, reason = fault_of(answer)
    assert told in reason and "root:" not in answer.text
    assert code == ("VersionMismatch" if name == "another version" else version.codes[0])
    assert not installation.rows(source)


@pytest.mark.parametrize("attribute", ['a{}=""', 'xmlns:a{}="u{}"'])
def test_an_element_with_a_hundred_thousand_attributes_keeps_nobody_waiting(installation, source, attribute):
    attributes = " ".join(attribute.format(n, n) for n in range(100_000))
    lead = f"<lead {attributes}><email>jane@example.com</email></lead>"
    start = time.monotonic()
    answer = post(installation.address, envelope(SOAP11, submit_leads(source.key, lead)))
    assert time.monotonic() - start < 5
    assert answer.status_code == 200


@VERSIONS
def test_headers_that_must_be_understood_are_refused_unless_they_are_for_others(installation, source, version):
    role = "actor" if version is SOAP11 else "role"
    block = '<w:Security xmlns:w="urn:wss" s:mustUnderstand="1" {}/>'
    body = envelope(version, submit_leads(source.key), block.format(""))
    answer = post(installation.address, body, version.media_type)
    assert answer.status_code == 500 and not installation.rows(source)
    code, _ours, reason = fault_of(answer)
    assert code == "MustUnderstand" and 'Security of the namespace "urn:wss"' in reason
    assert ("NotUnderstood" in answer.text) == (version is SOAP12)
    body = envelope(version, submit_leads(source.key), block.format(f's:{role}="urn:somebody-else"'))
    assert post(installation.address, body, version.media_type).status_code == 200


@pytest.mark.parametrize(
    ("content_type", "headers", "told"),
    [
        ('multipart/related; type="application/xop+xml"; boundary=b', {}, "MTOM"),
        ("application/x-www-form-urlencoded", {}, "Send text/xml for SOAP 1.1"),
        ("application/json", {}, "application/soap+xml for SOAP 1.2"),
        ("", {}, "Send text/xml"),
        ("text/xml", {"Content-Encoding": "gzip"}, "without compressing"),
    ],
)
def test_other_kinds_of_messages_are_refused_with_what_to_send(installation, source, content_type, headers, told):
    answer = post(installation.address, envelope(SOAP11, submit_leads(source.key)), content_type, **headers)
    assert answer.status_code == 415 and told in fault_of(answer)[2]
    assert not installation.rows(source)
