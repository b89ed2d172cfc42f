"""The door for visitors: a form that is sent as browsers send it, and as programs do that mean no good."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from lxml import html

from tests.intake.cases import CASES, check_kept

FIELDS = (
    "subject contact_name company email phone website job_position street street2 zip city country description value"
    " expected_closing priority referred_by"
).split()
UTM = {"campaign": "utm_campaign", "source": "utm_source", "medium": "utm_medium"}
PERSON = {"contact_name": "Jane Doe", "email": "jane@example.com", "description": "Twelve vans"}


def asks(*names, mandatory=()):
    return [(0, 0, {"field": name, "is_required": name in mandatory}) for name in names]


class Form:
    """A source with a form, and a visitor without JavaScript."""

    def __init__(self, installation, **values):
        self.installation = installation
        values.setdefault("form_field_ids", asks(*PERSON, mandatory=PERSON))
        self.source = installation.make_source(form_enabled=True, **values)
        self.url = f"{installation.address}/leadintake/form/{self.source.public_id}"

    def open(self, **query):
        return requests.get(self.url, params=query, timeout=60)

    def send(self, data, headers=None, **options):
        return requests.post(self.url, data=data, headers=headers, timeout=60, allow_redirects=False, **options)

    def stamp(self, seconds_ago):
        from odoo.addons.crm_leadintake.tools import form_guard

        with self.installation.env() as env:
            secret = env["crm.intake.source"]._get_form_secret()
        return form_guard.stamp(secret, self.source.public_id, time.time() - seconds_ago)

    def leads(self, *fields):
        return self.installation.leads(self.source, "contact_name", "description", *fields)

    def rows(self):
        return self.installation.rows(self.source, "problems", "payload", "door")


def errors_of(answer):
    """``{field: sentence}`` as a page shows it, under an empty name what stands above the form."""
    page = html.fromstring(answer.content)
    errors = {}
    for control in page.xpath("//*[@aria-invalid='true']"):
        described = page.get_element_by_id(control.get("aria-describedby"))
        errors[control.get("name")] = described.text_content().strip()
    for notice in page.xpath("//*[@role='alert']"):
        errors[""] = notice.text_content().strip()
    return errors


def typed_of(answer):
    form = html.fromstring(answer.content).forms[0]
    return dict(form.form_values())


@pytest.fixture(autouse=True)
def fresh(installation):
    """Each test comes from an address that has sent nothing yet, and nobody is a duplicate of another test's."""
    yield
    with installation.env() as env:
        env["crm.intake.usage"].search([]).unlink()
        env["crm.lead"].with_context(active_test=False).search([]).unlink()


@pytest.fixture
def form(installation):
    return Form(installation)


CARRIED = [
    case
    for case in CASES
    if len(case.records) == 1
    and case.needs not in ("types", "lists")
    and set(case.records[0]) - {"external_id"} <= {*FIELDS, *UTM, "language"}
]


@pytest.mark.parametrize("encoding", ["urlencoded", "multipart"])
@pytest.mark.parametrize("case", CARRIED, ids=lambda case: case.name)
def test_every_case_that_a_form_can_carry_is_answered_and_kept(installation, case, encoding):
    form = Form(installation, form_field_ids=asks(*FIELDS))
    data = {UTM.get(name, name): value for name, value in case.records[0].items()}
    multipart = {"files": {"nothing": ("", b"")}} if encoding == "multipart" else {}
    answer = form.send(data, **multipart)
    if case.statuses == ["created"]:
        assert answer.status_code == 303, answer.text
    else:
        assert answer.status_code == 422
        [problems] = case.problems
        assert set(errors_of(answer)) - {""} == {field for field, _rule in problems if field}
        assert errors_of(answer)[""]
        assert form.rows() == []
    check_kept(installation, form.source, case)
    assert "Traceback" not in answer.text


def test_what_a_visitor_sends_is_a_lead_with_its_campaign(form):
    page = form.open(utm_campaign="Spring", utm_source="Newsletter", utm_medium="Email", email="from@the.address")
    assert page.status_code == 200
    typed = typed_of(page)
    assert not typed.get("email")
    answer = form.send(typed | PERSON | {"form_stamp": form.stamp(60)})
    assert answer.status_code == 303
    thanks = requests.get(requests.compat.urljoin(form.url, answer.headers["Location"]), timeout=60)
    assert thanks.status_code == 200 and "We have received your message" in thanks.text
    [lead] = form.leads("campaign_id", "source_id", "medium_id")
    assert (lead["contact_name"], lead["email_from"], str(lead["description"])) == (
        "Jane Doe",
        "jane@example.com",
        "<p>Twelve vans</p>",
    )
    assert [lead[name][1] for name in ("campaign_id", "source_id", "medium_id")] == ["Spring", "Newsletter", "Email"]
    assert form.rows()[0]["door"] == "form"


def test_the_snippet_works_as_pasted(installation, form):
    with installation.env() as env:
        env["ir.config_parameter"].set_param("web.base.url", installation.address)
        snippet = env["crm.intake.source"].browse(form.source.id).form_snippet
    pasted = html.fromstring(f"<html><body>{snippet}</body></html>").forms[0]
    assert pasted.action == form.url and pasted.method == "POST"
    pasted.fields["contact_name"] = "Jane"
    pasted.fields["email"] = "jane@example.com"
    pasted.fields["description"] = "Hello"
    assert form.send(dict(pasted.form_values())).status_code == 303
    assert len(form.leads()) == 1


def test_the_snippet_runs_nothing_and_is_labelled(installation):
    form = Form(
        installation,
        form_consent="I agree <script>alert(1)</script>",
        form_field_ids=[
            (0, 0, {"field": "email", "label": '"><img src=x onerror=alert(1)>', "is_required": True}),
            (0, 0, {"field": "description"}),
        ],
    )
    with installation.env() as env:
        snippet = env["crm.intake.source"].browse(form.source.id).form_snippet
    for text in (snippet, form.open().text):
        page = html.fromstring(text)
        assert not page.xpath("//script | //img | //@onerror")
        controls = page.xpath("//form//*[self::input or self::textarea][not(@type='hidden')]")
        assert {control.get("name") for control in controls} == {"email", "description", "consent", "homepage"}
        for control in controls:
            labelled = page.xpath("//label[@for=$id]", id=control.get("id") or "") or control.xpath("ancestor::label")
            assert labelled, control.get("name")
        [trap] = page.xpath("//*[@name='homepage']")
        assert (trap.get("tabindex"), trap.get("autocomplete")) == ("-1", "off")
        assert trap.xpath("ancestor::*[@aria-hidden='true']")


def test_clicking_twice_or_reloading_makes_one_lead(form):
    with ThreadPoolExecutor(4) as clicks:
        assert [answer.status_code for answer in clicks.map(form.send, [PERSON] * 4)] == [303] * 4
    assert form.send(PERSON).status_code == 303
    assert len(form.leads()) == len(form.rows()) == 1


def test_errors_stand_beside_their_fields_with_what_was_typed_and_the_first_has_the_focus(form):
    answer = form.send({"contact_name": "Jane <b>", "email": "jane at example", "description": ""})
    assert answer.status_code == 422
    errors = errors_of(answer)
    assert set(errors) == {"", "email", "description"}
    assert "e-mail address" in errors["email"] and "fill this in" in errors["description"]
    assert typed_of(answer)["contact_name"] == "Jane <b>"
    page = html.fromstring(answer.content)
    assert [control.get("name") for control in page.xpath("//*[@autofocus]")] == ["email"]
    assert form.rows() == []
    # who corrects it at once is no program
    assert form.send(typed_of(answer) | PERSON).status_code == 303
    assert len(form.leads()) == 1


def test_a_form_speaks_its_own_language(installation):
    with installation.env() as env:
        env["res.lang"]._activate_lang("nl_NL")
        lang = env["res.lang"]._lang_get("nl_NL").id
        env.ref("base.de").with_context(lang="nl_NL").name = "Duitsland"
    form = Form(installation, form_lang_id=lang, form_field_ids=asks("email", "country"))
    page = html.fromstring(form.open().content)
    assert page.get("lang") == "nl-NL"
    assert page.xpath("//option[@value='DE']")[0].text == "Duitsland"


def test_a_company_thanks_in_its_own_words(installation):
    form = Form(installation, form_title="Ask us", form_thanks="Thanks!\nWe call on <Monday>.")
    sent = html.fromstring(requests.get(f"{form.url}/sent", timeout=60).content)
    assert [part.strip() for part in sent.xpath("//p[@role='status']//text()") if part.strip()] == [
        "Thanks!",
        "We call on <Monday>.",
    ]
    assert html.fromstring(form.open().content).xpath("//h1")[0].text_content().strip() == "Ask us"


def test_consent_is_asked_for_and_kept(installation):
    form = Form(installation, form_consent="I agree to be called.")
    refused = form.send(PERSON)
    assert refused.status_code == 422 and set(errors_of(refused)) == {"", "consent"}
    assert form.send({**PERSON, "consent": "1"}).status_code == 303
    [lead] = form.leads()
    assert "I agree to be called." in lead["description"]


def test_only_the_fields_of_the_form_are_taken(form):
    sent = {"external_id": "X1", "user_id": "2", "company": "Konex", "self": "1", "public_id": "other", "priority": "3"}
    assert form.send({**PERSON, **sent}).status_code == 303
    [row] = form.rows()
    assert row["external_id"] is False
    assert "Konex" not in row["payload"]
    assert [lead["priority"] for lead in form.leads("priority")] == ["0"]


# ------------------------------------------------------------
# Programs that fill in every form
# ------------------------------------------------------------


@pytest.mark.parametrize("why", ["the trap is filled in", "sent at once"])
def test_what_looks_like_spam_is_kept_apart_and_thanked_for(installation, form, why):
    extra = {"homepage": "https://spam.example"} if why == "the trap is filled in" else {"form_stamp": form.stamp(1)}
    for _time in range(2):
        assert form.send({**PERSON, **extra}).status_code == 303
    assert form.leads() == []
    [row] = form.rows()
    assert (row["state"], [problem["rule"] for problem in row["problems"]]) == ("rejected", ["spam"])
    assert "Twelve vans" in row["payload"]

    # a real one with the same words is a lead
    assert form.send(PERSON).status_code == 303
    assert len(form.leads()) == 1


def test_what_was_no_spam_becomes_a_lead_when_a_person_says_so(installation, form):
    form.send({**PERSON, "homepage": "x"})
    with installation.env() as env:
        row = env["crm.lead.inbox"].search([("source_id", "=", form.source.id)])
        row.state = "new"
        row.flush_recordset()
        row._process_waiting()
    assert [lead["contact_name"] for lead in form.leads()] == ["Jane Doe"]


def test_a_page_that_was_open_for_a_day_is_to_be_sent_again_with_what_was_typed(form):
    for stamp in (form.stamp(25 * 3600), "forged", "1.2"):
        answer = form.send({**PERSON, "form_stamp": stamp})
        assert answer.status_code == 422
        assert "send it again" in errors_of(answer)[""]
        assert typed_of(answer)["description"] == "Twelve vans"
    assert form.rows() == []
    assert form.send(typed_of(answer)).status_code == 303
    assert len(form.leads()) == 1


def test_one_address_sends_so_much_and_no_more(form):
    statuses = [form.send({**PERSON, "description": f"Message {number}"}).status_code for number in range(25)]
    assert statuses.count(303) >= 10 and 429 in statuses
    refused = form.send(PERSON)
    if refused.status_code == 429:  # unless a minute has begun
        assert 0 < int(refused.headers["Retry-After"]) <= 60
        assert typed_of(refused)["description"] == "Twelve vans"


def test_the_limit_of_the_source_holds_for_its_form(installation):
    form = Form(installation, request_limit=2)
    statuses = [form.send({**PERSON, "description": str(number)}).status_code for number in range(6)]
    assert statuses.count(429) >= 2


# ------------------------------------------------------------
# Where it stands
# ------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://www.example.com"}, 303),
        ({"Referer": "https://www.example.com/contact"}, 303),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "https://evil.example", "Referer": "https://www.example.com/"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 403),
    ],
)
def test_a_form_is_taken_from_its_websites_alone(installation, headers, status):
    form = Form(installation, form_origins="https://www.example.com")
    assert form.send(PERSON, headers).status_code == status
    assert len(form.leads()) == (status == 303)


def test_the_forms_own_page_is_always_one_of_them(installation):
    form = Form(installation, form_origins="https://www.example.com")
    assert form.send(PERSON, {"Origin": installation.address}).status_code == 303
    assert "frame-ancestors 'self' https://www.example.com" in form.open().headers["Content-Security-Policy"]


def test_after_sending_a_visitor_goes_where_the_source_says_and_nowhere_else(installation):
    form = Form(installation, form_redirect_url="https://www.example.com/thanks?x=1")
    answer = form.send({**PERSON, "redirect": "https://evil.example", "form_redirect_url": "https://evil.example"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "https://www.example.com/thanks?x=1")
    assert "form-action 'self' https://www.example.com" in form.open().headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "values",
    [
        {"form_redirect_url": "javascript:alert(1)"},
        {"form_redirect_url": "//evil.example"},
        {"form_redirect_url": "https://a.example/\r\nSet-Cookie: x=1"},
        {"form_origins": "https://*.example.com"},
        {"form_field_ids": asks("description")},
    ],
    ids=str,
)
def test_a_form_that_cannot_work_is_not_configured(installation, values):
    from odoo.exceptions import ValidationError

    with pytest.raises(ValidationError):
        Form(installation, **values)


def test_a_form_that_is_closed_or_none_is_not_there(installation, form):
    with installation.env() as env:
        env["crm.intake.source"].browse(form.source.id).form_enabled = False
    nowhere = f"{installation.address}/leadintake/form/{'0' * 32}"
    for url in (form.url, f"{form.url}/sent", nowhere):
        assert requests.get(url, timeout=60).status_code == 404
        assert "not in use" in requests.get(url, timeout=60).text
    assert form.send(PERSON).status_code == requests.post(nowhere, data=PERSON, timeout=60).status_code == 404
    assert form.rows() == []


def test_a_page_runs_nothing_and_tells_nothing(form):
    answer = form.open()
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe-inline" not in policy and "script-src" not in policy
    assert "frame-ancestors 'self'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"]
    page = html.fromstring(answer.content)
    assert not page.xpath("//script | //style | //@style")
    assert "Set-Cookie" not in answer.headers


# ------------------------------------------------------------
# Bodies that are none
# ------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "content_type", "statuses"),
    [
        (b"x" * (6 * 1024 * 1024), "application/x-www-form-urlencoded", {413}),
        (b"description=" + b"x" * (6 * 1024 * 1024), "application/x-www-form-urlencoded", {413}),
        (b"contact_name=Jane%00&email=a%40b.example&description=x", "application/x-www-form-urlencoded", {422}),
        (b"contact_name=\xff\xfe&email=a%40b.example&description=x", "application/x-www-form-urlencoded", {400}),
        (b"contact_name=%FF&email=a%40b.example&description=%E9", "application/x-www-form-urlencoded", {303}),
        (b"contact_name=Jane", "application/x-www-form-urlencoded; charset=klingon", {422}),
        (b"contact_name=Jane", "text/plain", {422}),
        (b'{"contact_name": "Jane"}', "application/json", {422}),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x", {400, 422}),
        (b"", "multipart/form-data", {400, 422}),
        (b"&&==&;%%%&" * 1000, "application/x-www-form-urlencoded", {422}),
        (b"&".join(b"f%d=1" % n for n in range(50_000)), "application/x-www-form-urlencoded", {422}),
        (b"", "", {422}),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_body_that_is_none_is_answered_with_the_form(form, body, content_type, statuses):
    answer = form.send(body, {"Content-Type": content_type})
    assert answer.status_code in statuses, (answer.status_code, answer.text[:500])
    if answer.status_code != 303:
        assert errors_of(answer)[""]
        assert form.rows() == []
    assert "Traceback" not in answer.text


def test_files_are_left_where_they_are(form):
    files = {"description": ("x.exe", b"MZ" * 1000), "plan": ("plan.pdf", b"%PDF")}
    answer = form.send({"contact_name": "Jane", "email": "jane@example.com"}, files=files)
    assert set(errors_of(answer)) == {"", "description"}
    assert form.send(PERSON, files={"plan": ("plan.pdf", b"%PDF")}).status_code == 303
    assert not re.search("PDF", form.rows()[0]["payload"])
