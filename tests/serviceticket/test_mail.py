"""The whole way of a complaint: mail servers on both sides, Odoo's hand-in script, a server process and its queue."""

import smtplib
import uuid
from email import policy
from email.message import EmailMessage

import pytest

DOMAIN = "service.example"
ADDRESS = f"complaints@{DOMAIN}"
CUSTOMER = "anna@bakker.example"
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module", autouse=True)
def team(company, outside):
    """A team with an address, a customer with a person, and where mails go."""
    with company.env() as env:
        domain = env["mail.alias.domain"].create({"name": DOMAIN})
        env.company.write({"alias_domain_id": domain.id, "email": f"office@{DOMAIN}"})
        env["crm.team"].create({"name": "Service", "uses_tickets": True, "ticket_alias_name": "complaints"})
        bakker = env["res.partner"].create({"name": "Bakker BV", "is_company": True})
        env["res.partner"].create({"name": "Anna", "email": CUSTOMER, "parent_id": bakker.id})
        server = {"name": "Out", "smtp_host": "127.0.0.1", "smtp_port": outside.port, "smtp_encryption": "none"}
        env["ir.mail_server"].create(server)


@pytest.fixture
def send(handover):
    """Send a mail to the company over SMTP."""

    def send(mail):
        with smtplib.SMTP("127.0.0.1", handover.port, timeout=300) as smtp:
            smtp.sendmail(CUSTOMER, [ADDRESS], mail.as_bytes(policy=policy.SMTP))

    return send


def complaint(text="It broke off.", **headers):
    mail = EmailMessage()
    given = {
        "From": f"Anna <{CUSTOMER}>",
        "To": ADDRESS,
        "Subject": "Wheel broke off",
        "Message-ID": f"<{uuid.uuid4()}@bakker.example>",
    }
    for name, value in (given | {name.replace("_", "-"): value for name, value in headers.items()}).items():
        mail[name] = value
    mail.set_content(text)
    return mail


def last_ticket(env):
    return env["crm.ticket"].search([], order="id desc", limit=1)


def send_what_waits(company):
    with company.env() as env:
        env["mail.mail"].process_email_queue()


def test_a_complaint_is_confirmed_answered_and_asked_about(company, outside, send):
    with company.env() as env:
        before = env["crm.ticket"].search_count([])
    send(complaint())
    send_what_waits(company)
    receipt = outside.last_to(CUSTOMER)
    with company.env() as env:
        ticket = last_ticket(env)
        assert (ticket.partner_id.name, ticket.contact_id.name) == ("Bakker BV", "Anna")
        assert ticket.number in receipt["Subject"]
        assert ADDRESS in receipt["Reply-To"]
        context = ticket.action_question()["context"]
        env["mail.compose.message"].with_context(**context).create({}).action_send_mail()
        assert ticket.status_id.is_waiting
        ticket_id, number = ticket.id, ticket.number
    send_what_waits(company)
    question = outside.last_to(CUSTOMER)
    assert question["Message-ID"] != receipt["Message-ID"]
    send(complaint("The left one.", Subject=f"Re: {question['Subject']}", In_Reply_To=question["Message-ID"]))
    with company.env() as env:
        ticket = env["crm.ticket"].browse(ticket_id)
        assert "The left one." in ticket.message_ids.filtered(lambda message: message.message_type == "email")[0].body
        assert not ticket.status_id.is_waiting
        ticket.write({"result": "Sent one", "status_id": env["crm.ticket.status"].search([("closes", "=", True)]).id})
    send(complaint("Broken again!", Subject=f"More on {number}"))
    with company.env() as env:
        ticket = env["crm.ticket"].browse(ticket_id)
        assert (ticket.is_closed, ticket.reopened_count) == (False, 1)
        assert env["crm.ticket"].search_count([]) == before + 1


@pytest.mark.parametrize("kind", ["files", "text"])
def test_a_mail_of_30_mb_loses_nothing(company, send, kind):
    size = 22 * MEGABYTE  # 30 MB as it is sent
    lines = 0 if kind == "files" else 30 * MEGABYTE // 15
    mail = complaint("It broke off.\n" + "Terribly bad! \n" * lines)
    if kind == "files":
        content = bytes(range(256)) * (size // 512)
        for number in range(2):
            mail.add_attachment(content, "image", "jpeg", filename=f"photo{number}.jpg")
    assert len(mail.as_bytes()) > 29 * MEGABYTE
    send(mail)
    with company.env() as env:
        ticket = last_ticket(env)
        assert "It broke off." in ticket.description
        assert len(ticket.description) < MEGABYTE
        files = ticket.message_ids.attachment_ids
        if kind == "files":
            assert [file.raw for file in files] == [content] * 2
        else:
            assert files.raw.decode().count("Terribly bad!") == lines
