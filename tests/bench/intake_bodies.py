"""The requests that a benchmark sends: the same leads in the words of every door."""

import json
import xmlrpc.client
from email.message import EmailMessage
from typing import NamedTuple
from urllib.parse import urlencode
from xml.sax.saxutils import escape

JSON, XML, FORM = "application/json", "text/xml; charset=utf-8", "application/x-www-form-urlencoded"
# Where mails go to, and who to: stock Odoo's team, or our source (intake_mail.py, intake_prepare.py).
MAIL_DOMAIN, TEAM, SOURCE = "bench.example.com", "sales", "leads"
FORM_FIELDS = (
    "subject",
    "contact_name",
    "company",
    "email",
    "phone",
    "street",
    "zip",
    "city",
    "country",
    "description",
)


class Door(NamedTuple):
    """Where requests go, and how they are made.

    ``has_header`` tells whether the key goes into a header; else it is in the body or the address, or there is none.
    ``is_single`` tells that it takes one lead at a time, and ``from_anywhere`` that each comes from another address,
    as what visitors send does.
    """

    path: str
    content_type: str
    build: callable
    has_header: bool = False
    is_single: bool = False
    from_anywhere: bool = False


def lead(number):
    """A lead that nobody else is: other e-mail address, other phone number."""
    return {
        "external_id": f"bench-{number}",
        "subject": f"Offer for {number} licences",
        "contact_name": f"Person {number}",
        "company": f"Company {number % 20_000}",
        "email": f"person{number}@firm{number % 5_000}.example.net",
        "phone": f"06{10_000_000 + number}",
        "street": "Main Street 1",
        "zip": "1234 AB",
        "city": "Utrecht",
        "country": "NL",
        "value": 1234.5,
        "description": "Please send us an offer. We would start in spring.",
    }


NATIVE_NAMES = {
    "subject": "name",
    "contact_name": "contact_name",
    "company": "partner_name",
    "email": "email_from",
    "phone": "phone",
    "street": "street",
    "zip": "zip",
    "city": "city",
    "value": "expected_revenue",
    "description": "description",
}


def native_lead(number, country_id):
    """The same as values of ``crm.lead``."""
    sent = lead(number)
    return {native: sent[name] for name, native in NATIVE_NAMES.items()} | {"country_id": country_id}


# ------------------------------------------------------------
# Each takes the numbers of leads and what is known of the database, and returns a body
# ------------------------------------------------------------


def stock(numbers, known):
    """A call of ``create``, as programs make it today."""
    return _create([native_lead(number, known["country_id"]) for number in numbers], known)


def stock_told(numbers, known):
    """The same for a salesperson, whom Odoo tells by e-mail."""
    assigned = {"user_id": known["seller_id"]}
    return _create([native_lead(number, known["country_id"]) | assigned for number in numbers], known)


def stock_mail(numbers, known):
    """A mail to a team, handed in as Odoo's script for mail servers does."""
    return _hand_in(numbers, TEAM, known)


def mail(numbers, known):
    return _hand_in(numbers, SOURCE, known)


def _create(values, known):
    return _execute("crm.lead", "create", [values], known)


def _hand_in(numbers, to, known):
    [sent] = map(lead, numbers)
    message = EmailMessage()
    message["From"] = f"{sent['contact_name']} <{sent['email']}>"
    message["To"] = f"{to}@{MAIL_DOMAIN}"
    message["Subject"] = sent["subject"]
    message["Message-ID"] = f"<{sent['external_id']}@example.net>"
    message.set_content(sent["description"])
    return _execute("mail.thread", "message_process", [False, message.as_string()], known)


def _execute(model, method, arguments, known):
    params = known["database"], known["user_id"], known["password"], model, method, arguments
    return xmlrpc.client.dumps(params, "execute_kw").encode()


def form(numbers, known):
    """What a browser sends of a form."""
    [sent] = map(lead, numbers)
    return urlencode({name: sent[name] for name in FORM_FIELDS}).encode()


def xml_rpc(numbers, known):
    return xmlrpc.client.dumps((known["key"], [lead(number) for number in numbers]), "leads.submit").encode()


def json_api(numbers, known):
    leads = [lead(number) for number in numbers]
    return json.dumps(leads[0] if len(leads) == 1 else {"leads": leads}).encode()


def json_2(numbers, known):
    return json.dumps({"leads": [lead(number) for number in numbers]}).encode()


def soap(numbers, known):
    leads = "".join(
        "<lead>" + "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in lead(number).items()) + "</lead>"
        for number in numbers
    )
    return (
        '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
        f'<SubmitLeads xmlns="urn:leadintake:1"><key>{known["key"]}</key>{leads}</SubmitLeads>'
        "</soap:Body></soap:Envelope>"
    ).encode()


DOORS = {
    "floor": Door("/bench/floor", JSON, json_api),
    "stock": Door("/xmlrpc/2/object", XML, stock),
    "stock_told": Door("/xmlrpc/2/object", XML, stock_told),
    "stock_mail": Door("/xmlrpc/2/object", XML, stock_mail, is_single=True),
    "xmlrpc": Door("/leadintake/xmlrpc", XML, xml_rpc),
    "json": Door("/leadintake/v1/leads", JSON, json_api, has_header=True),
    "soap": Door("/leadintake/soap", XML, soap),
    "json2": Door("/json/2/crm.lead.inbox/submit", JSON, json_2, has_header=True),
    "form": Door("/leadintake/form/{key}", FORM, form, is_single=True, from_anywhere=True),
    "mail": Door("/xmlrpc/2/object", XML, mail, is_single=True),
}
