"""One table of cases for all doors: what is sent, and what has to be answered and kept, whatever the protocol.

A door takes part by a class with ``submit(records)``, which sends the records over the wire and returns the answers as
``{"external_id", "status", "problems": [{"field", "rule", "message"}]}``. What a protocol cannot carry at all (a NUL
in XML) is left out by the door's ``cannot``.
"""

from typing import NamedTuple


class Case(NamedTuple):
    """Records of one request, the status of each, and the ``(field, rule)`` of its problems."""

    name: str
    records: list
    statuses: list
    problems: list
    needs: str = ""  # what the protocol has to be able to carry: "types" (others than text), "lists"


def lead(**values):
    return {"external_id": "A1", "contact_name": "Jane Doe", "email": "jane@example.com", **values}


OK = ["created"]
CASES = [
    Case("one lead", [lead()], OK, [[]]),
    Case(
        "all fields",
        [
            lead(
                subject="Fleet",
                company="Konex",
                phone="+31612345678",
                website="https://konex.example",
                job_position="Buyer",
                street="Main street 1",
                street2="Back house",
                zip="1234 AB",
                city="Utrecht",
                country="NL",
                language="en",
                description="Twelve vans\nsoon",
                value="1234.50",
                expected_closing="2027-01-31",
                priority="2",
                referred_by="Bob",
                campaign="Spring",
                source="Newsletter",
                medium="Email",
            )
        ],
        OK,
        [[]],
    ),
    Case("a number", [lead(value=1234.5)], OK, [[]], needs="types"),
    Case(
        "names of fields as Odoo has them",
        [{"external_id": "A1", "email_from": "jane@example.com", "partner_name": "Konex"}],
        OK,
        [[]],
    ),
    Case("no external id", [{"email": "jane@example.com"}], OK, [[]]),
    Case("accents and emoji", [lead(contact_name="Zoë Łukasiewicz 🙂 日本語")], OK, [[]]),
    Case("marks of direction are taken out", [lead(contact_name="Jane\u202egnp.exe")], OK, [[]]),
    Case(
        "markup is neutralised",
        [lead(subject="<script>alert(1)</script>", description="<img src=x onerror=alert(1)>")],
        OK,
        [[]],
    ),
    Case("a formula is neutralised", [lead(company="=cmd|' /C calc'!A0")], OK, [[]]),
    Case("nothing in it", [{"external_id": "A1"}], ["error"], [[("", "required")]]),
    Case("an unknown field", [lead(shoe_size="42")], ["error"], [[("shoe_size", "unknown")]]),
    Case("a computed field", [lead(prorated_revenue="5")], ["error"], [[("prorated_revenue", "unknown")]]),
    Case("an id of a record", [lead(partner_id="1")], ["error"], [[("partner_id", "unknown")]]),
    Case("another company", [lead(company_id="2")], ["error"], [[("company_id", "unknown")]]),
    Case("a salesperson", [lead(user_id="2")], ["error"], [[("user_id", "unknown")]]),
    Case("no e-mail address", [lead(email="jane at example")], ["error"], [[("email", "format")]]),
    Case("a script for a web address", [lead(website="javascript:alert(1)")], ["error"], [[("website", "format")]]),
    Case("a word for a number", [lead(value="a lot")], ["error"], [[("value", "type")]]),
    Case("not a number", [lead(value="NaN")], ["error"], [[("value", "type")]]),
    Case("10 to the 400", [lead(value="1" + "0" * 400)], ["error"], [[("value", "type")]]),
    Case("a yes for a text", [lead(contact_name=True)], ["error"], [[("contact_name", "type")]], needs="types"),
    Case(
        "a list for a text",
        [lead(contact_name=["Jane", "Doe"])],
        ["error"],
        [[("contact_name", "type")]],
        needs="lists",
    ),
    Case(
        "a record in a record",
        [lead(contact_name={"first": "Jane"})],
        ["error"],
        [[("contact_name", "type")]],
        needs="lists",
    ),
    Case("the year 0", [lead(expected_closing="0000-01-01")], ["error"], [[("expected_closing", "format")]]),
    Case("the 30th of February", [lead(expected_closing="2027-02-30")], ["error"], [[("expected_closing", "format")]]),
    Case("a priority that is none", [lead(priority="9")], ["error"], [[("priority", "choice")]]),
    Case("a country that is none", [lead(country="Neverland")], ["error"], [[("country", "choice")]]),
    Case(
        "a name of a million characters",
        [lead(contact_name="x" * 1_000_000)],
        ["error"],
        [[("contact_name", "length")]],
    ),
    Case("a name a little too long", [lead(contact_name="x" * 200)], ["error"], [[("contact_name", "length")]]),
    Case("a tag that is not there", [lead(tags=["No such tag"])], OK, [[]], needs="lists"),
    Case(
        "two problems in one lead",
        [lead(email="nobody", value="much")],
        ["error"],
        [[("email", "format"), ("value", "type")]],
    ),
    Case(
        "a bad one among good ones",
        [lead(), lead(external_id="A2", email="nobody"), lead(external_id="A3", email="bob@example.com")],
        ["created", "error", "created"],
        [[], [("email", "format")], []],
    ),
    Case("the same one twice in a request", [lead(), lead()], ["created", "created"], [[], []]),
    Case(
        "an external id twice with other content",
        [lead(), lead(contact_name="Bob")],
        ["created", "error"],
        [[], [("external_id", "repeated")]],
    ),
    Case(
        "the same person twice",
        [lead(), lead(external_id="A2", description="Me again")],
        ["created", "noted"],
        [[], []],
    ),
    Case(
        "control characters",
        [lead(contact_name="Jane\x07")],
        ["error"],
        [[("contact_name", "encoding")]],
        needs="control",
    ),
    Case("a NUL", [lead(contact_name="Jane\x00")], ["error"], [[("contact_name", "encoding")]], needs="control"),
]


def shape(answers):
    """What the table says of answers."""
    return (
        [answer["status"] for answer in answers],
        [[(problem["field"], problem["rule"]) for problem in answer["problems"]] for answer in answers],
    )


def check_kept(installation, source, case):
    """After any case: good records are leads, bad ones wait with their reason, and no markup is stored that runs."""
    made = [index for index, status in enumerate(case.statuses) if status == "created"]
    leads = installation.leads(source, "description", "partner_name", "contact_name")
    ids = {case.records[index].get("external_id", index) for index in made}
    assert len(leads) == len(ids)
    for made_lead in leads:
        assert not any("<script" in str(value) or "<img" in str(value) for value in made_lead.values())
        assert not str(made_lead["partner_name"] or "").startswith("=")
        assert "\u202e" not in str(made_lead["contact_name"])
