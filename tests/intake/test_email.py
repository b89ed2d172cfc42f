"""The door for mails: handed in over SMTP to a mail server that pipes them to Odoo, as at any company's."""

import contextlib
import os
import re
import smtplib
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from email import policy
from email.message import EmailMessage

import pytest

from odoo.tools import mute_logger

from tests.intake.mail import MailServer

DOMAIN = "intake.example"
MET_ANOTHER = r"^.*bad query: (?:(?!^\d{4}-).*\n)+?ERROR: could not serialize access.*\n"


@pytest.fixture(scope="module")
def login(installation):
    """A user who may hand in mails, with an API key."""
    with installation.env() as env:
        domain = env["mail.alias.domain"].search([("name", "=", DOMAIN)]) or env["mail.alias.domain"].create(
            {"name": DOMAIN}
        )
        env["res.company"].search([]).alias_domain_id = domain
        user = env.ref("base.user_admin")
        key = env["res.users.apikeys"].with_user(user)._generate("rpc", "Mail", datetime.now() + timedelta(days=1))
        return user.id, key


@pytest.fixture(scope="module")
def server(installation, login):
    server = MailServer(installation.address, installation.database, login)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def gateway(installation, login):
    """Hands a mail in as Odoo does that has fetched it from a mailbox."""

    with installation.env() as env:
        server = env["fetchmail.server"].search([], limit=1) or env["fetchmail.server"].create({"name": "Mailbox"})

    def hand_in(mail):
        with installation.env() as env:
            env["mail.thread"].with_context(default_fetchmail_server_id=server.id).message_process(False, mail)

    return hand_in


@pytest.fixture(autouse=True)
def no_leads(installation):
    """Nobody is a duplicate of what another test has sent."""
    yield
    with installation.env() as env:
        env["crm.lead"].with_context(active_test=False).search([]).unlink()


class Mailbox:
    """A source with an address, and mails to it."""

    def __init__(self, installation, server, **values):
        self.installation, self.server = installation, server
        name = f"leads-{uuid.uuid4().hex[:8]}"
        self.address = f"{name}@{DOMAIN}"
        self.source = installation.make_source(name=name, alias_name=name, **values)

    def mail(self, text="Hello", **headers):
        mail = EmailMessage()
        given = {
            "From": "Jane Doe <jane@customer.example>",
            "To": self.address,
            "Subject": "Twelve vans",
            "Message-ID": f"<{uuid.uuid4()}@customer.example>",
        }
        for name, value in (given | {name.replace("_", "-"): value for name, value in headers.items()}).items():
            if value is not None:
                mail[name] = value
        mail.set_content(text)
        return mail

    def send(self, mail):
        """Over SMTP; bytes or a message."""
        with smtplib.SMTP("127.0.0.1", self.server.port, timeout=120) as smtp:
            content = mail if isinstance(mail, bytes) else mail.as_bytes(policy=policy.SMTP)
            return smtp.sendmail("sender@customer.example", [self.address], content)

    def leads(self, *fields):
        return self.installation.leads(self.source, "contact_name", "phone", "description", *fields)

    def rows(self, *fields):
        return self.installation.rows(self.source, "warnings", "problems", *fields)

    def messages(self, model, record_id, kind="email"):
        """The mails on the history of a record, oldest first, with their attachments."""
        with self.installation.env() as env:
            domain = [("model", "=", model), ("res_id", "=", record_id), ("message_type", "=", kind)]
            messages = env["mail.message"].search(domain, order="id")
            return [
                {
                    "subject": message.subject,
                    "body": message.body,
                    "subtype": message.subtype_id.get_external_id().get(message.subtype_id.id),
                    "attachments": {a.name: a.raw for a in message.attachment_ids},
                }
                for message in messages
            ]


@pytest.fixture
def mailbox(installation, server):
    return Mailbox(installation, server)


PORTAL = {
    "is_sender_customer": False,
    "pattern_ids": [
        (0, 0, {"field": "contact_name", "expression": "Name; Naam"}),
        (0, 0, {"field": "email", "expression": "E-mail; E-mailadres"}),
        (0, 0, {"field": "phone", "expression": "Phone; Telefoon"}),
        (0, 0, {"field": "zip", "kind": "regex", "expression": r"(\d{4} ?[A-Z]{2})\b"}),
        (0, 0, {"field": "value", "expression": "Budget"}),
    ],
}


def test_a_mail_becomes_a_lead_with_its_text_and_stays_on_its_history(mailbox):
    mailbox.send(mailbox.mail("We need twelve vans.\n\nJane <b>Doe</b>"))
    [lead] = mailbox.leads()
    assert (lead["name"], lead["contact_name"]) == ("Twelve vans", "Jane Doe")
    assert lead["email_from"] == "jane@customer.example"
    assert "We need twelve vans." in lead["description"] and "&lt;b&gt;Doe" in lead["description"]
    [message] = mailbox.messages("crm.lead", lead["id"])
    assert message["subject"] == "Twelve vans" and "twelve vans" in message["body"]
    assert message["subtype"] == "crm.mt_lead_create"
    [row] = mailbox.rows("door", "action")
    assert (row["door"], row["state"], row["action"], row["lead_id"][0]) == ("email", "done", "created", lead["id"])
    assert row["external_id"].endswith("@customer.example>")


def test_a_mail_in_html_alone_is_read(mailbox):
    mail = mailbox.mail()
    mail.set_content("<p>Twelve<br>vans</p><script>alert(1)</script>", subtype="html")
    mailbox.send(mail)
    [lead] = mailbox.leads()
    assert "Twelve<br>vans" in lead["description"] and "script" not in lead["description"]


def test_attachments_land_on_the_lead(mailbox):
    mail = mailbox.mail("See the plan")
    mail.add_attachment(b"%PDF-1.4 plan", maintype="application", subtype="pdf", filename="plan.pdf")
    mailbox.send(mail)
    [lead] = mailbox.leads()
    [message] = mailbox.messages("crm.lead", lead["id"])
    assert message["attachments"] == {"plan.pdf": b"%PDF-1.4 plan"}


def test_another_alphabet_is_read(mailbox):
    mail = mailbox.mail(Subject="Zoë vraagt een offerte", From="Zoë Peeters <zoe@customer.example>")
    mail.set_content("Vijftig stoelen à 10 €, café", charset="iso-8859-15", cte="quoted-printable")
    mailbox.send(mail)
    [lead] = mailbox.leads()
    assert (lead["name"], lead["contact_name"]) == ("Zoë vraagt een offerte", "Zoë Peeters")
    assert "à 10 €, café" in lead["description"]


def test_a_mail_without_a_subject_or_an_id_becomes_a_lead_once(mailbox):
    mail = mailbox.mail("No subject here", Subject=None, Message_ID=None)
    mailbox.send(mail)
    mailbox.send(mail)
    [lead] = mailbox.leads()
    assert lead["name"] == "No subject"
    assert len(mailbox.rows()) == 1


def test_the_same_mail_delivered_again_makes_nothing_new(mailbox):
    mail = mailbox.mail()
    mailbox.send(mail)
    mailbox.send(mail)
    [lead] = mailbox.leads()
    assert len(mailbox.messages("crm.lead", lead["id"])) == 1
    assert len(mailbox.rows()) == 1


@pytest.fixture
def meetings(installation):
    """Odoo logs each query that met another transaction before it tries again, which is expected here."""
    start = installation.log.stat().st_size
    yield
    said = installation.log.read_text()[start:]
    os.truncate(installation.log, start)
    with installation.log.open("a") as log:
        log.write(re.sub(MET_ANOTHER, "", said, flags=re.MULTILINE))


def test_the_same_mail_delivered_several_times_at_once_makes_one_lead_and_no_bounce(mailbox, meetings):
    sender = f"{uuid.uuid4().hex}@customer.example"
    mail = mailbox.mail(From=sender)
    with ThreadPoolExecutor(4) as deliveries:
        assert list(deliveries.map(mailbox.send, [mail] * 4)) == [{}] * 4
    [lead] = mailbox.leads()
    assert len(mailbox.messages("crm.lead", lead["id"])) == 1
    assert len(mailbox.rows()) == 1
    with mailbox.installation.env() as env:
        assert env["mail.alias"].search([("alias_name", "=", mailbox.address.split("@")[0])]).alias_status == "valid"
        assert not env["mail.mail"].search([("email_to", "ilike", sender)])


@mute_logger("odoo.sql_db")
def test_a_fetched_mail_that_meets_another_one_of_the_same_person_waits_for_the_job(mailbox, gateway):
    """Odoo throws away what it has fetched from a mailbox and could not take."""
    installation = mailbox.installation
    sender = f"{uuid.uuid4().hex}@customer.example"
    with installation.env() as env:
        key = f"{env.company.id}:email:{sender}"
    with contextlib.closing(installation.connect()) as another, another.cursor() as cursor:
        cursor.execute("INSERT INTO crm_intake_lock (key) VALUES (%s)", [key])
        fetching = threading.Thread(target=gateway, args=(mailbox.mail(From=sender).as_bytes(),))
        fetching.start()
        await_waiting(installation)
        another.commit()
        fetching.join()
        cursor.execute("DELETE FROM crm_intake_lock")
        another.commit()
    assert [row["state"] for row in mailbox.rows()] == ["new"]
    with installation.env() as env:
        env["crm.lead.inbox"]._cron_process()
    [lead] = mailbox.leads()
    assert lead["email_from"] == sender


def await_waiting(installation):
    """Wait until somebody waits for a lock of the intake."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%crm_intake_lock%'"
    end = time.monotonic() + 30
    with contextlib.closing(installation.connect()) as connection, connection.cursor() as cursor:
        cursor.execute(waiting)
        while not cursor.fetchone()[0]:
            assert time.monotonic() < end, "nobody waits"
            time.sleep(0.1)
            connection.rollback()
            cursor.execute(waiting)


def test_broken_mails_become_leads_all_the_same(mailbox):
    head = f"From: Jane <jane@customer.example>\r\nTo: {mailbox.address}\r\nMessage-ID: <broken@x.example>\r\n".encode()
    mailbox.send(
        head
        + b"Subject: Broken\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=no\r\n\r\n"
        + b"--no\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!\r\nno end"
    )
    [lead] = mailbox.leads()
    assert lead["name"] == "Broken"


def test_a_mail_of_bytes_that_are_no_text_is_refused_by_the_script_and_read_by_the_gateway(mailbox, gateway):
    mail = (
        f"From: Jane <jane@customer.example>\r\nTo: {mailbox.address}\r\nMessage-ID: <garbage@x.example>\r\n"
        "Subject: Caf\xe9\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nCaf\xe9 \xff\xfe\x00\x81 garbage"
    ).encode("latin-1")
    # Odoo's script reads text alone: the sender gets the mail back, so that it is not lost in silence
    with pytest.raises(smtplib.SMTPDataError) as refused:
        mailbox.send(mail)
    assert refused.value.smtp_code == 554
    assert mailbox.leads() == []
    gateway(mail)
    [lead] = mailbox.leads()
    assert "garbage" in lead["description"] and "\x00" not in lead["description"]


def test_a_mail_of_20_mb_becomes_a_lead(mailbox):
    mail = mailbox.mail("Drawings attached")
    drawing = b"drawing " * (20 * 1024 * 1024 // 8)
    mail.add_attachment(drawing, maintype="application", subtype="octet-stream", filename="drawing.bin")
    mailbox.send(mail)
    [lead] = mailbox.leads()
    [message] = mailbox.messages("crm.lead", lead["id"])
    assert message["attachments"]["drawing.bin"] == drawing


def test_a_text_that_is_too_long_for_a_lead_is_cut_and_whole_on_its_history(mailbox):
    mailbox.send(mailbox.mail("\n".join(f"line {n} of a very long mail" for n in range(10_000)), Subject="x" * 300))
    [lead] = mailbox.leads()
    assert "line 3 of" in lead["description"] and "line 9999" not in lead["description"]
    [message] = mailbox.messages("crm.lead", lead["id"])
    assert "line 9999" in message["body"]


# ------------------------------------------------------------
# Portals
# ------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "New request\n\nName: Bob Smith\nE-mail: bob@buyer.example\nPhone: +31 20 123 4567\nAddress: 1012 AB Amsterdam",
        "Aanvraag\n\nNaam : Bob Smith\nE-mailadres: bob@buyer.example\nTelefoon: +31 20 123 4567\n1012 AB Amsterdam",
    ],
    ids=["English", "Dutch"],
)
@pytest.mark.parametrize("subtype", ["plain", "html"])
def test_a_portal_is_read_by_its_patterns_in_any_of_its_languages(installation, server, text, subtype):
    portal = Mailbox(installation, server, **PORTAL)
    mail = portal.mail(From="Portal <noreply@portal.example>", Subject="New request")
    if subtype == "html":
        rows = "".join(
            "<tr>" + "".join(f"<td>{cell}</td>" for cell in line.split(":")) + "</tr>" for line in text.splitlines()
        )
        mail.set_content(f"<table>{rows}</table>", subtype="html")
    else:
        mail.set_content(text)
    portal.send(mail)
    [lead] = portal.leads("zip")
    read = {name: lead[name] for name in ("contact_name", "email_from", "phone", "zip")}
    assert read == {
        "contact_name": "Bob Smith",
        "email_from": "bob@buyer.example",
        "phone": "+31 20 123 4567",
        "zip": "1012 AB",
    }
    assert "1012 AB" in lead["description"]
    assert not portal.rows()[0]["warnings"]


def test_a_value_that_breaks_a_rule_is_left_out_with_a_warning_and_stays_in_the_text(installation, server):
    portal = Mailbox(installation, server, **PORTAL)
    portal.send(portal.mail("Name: Bob\nE-mail: bob at buyer\nBudget: a lot\nPhone: 020 123"))
    [lead] = portal.leads("expected_revenue")
    assert (lead["contact_name"], lead["email_from"], lead["expected_revenue"]) == ("Bob", False, 0)
    assert "a lot" in lead["description"] and "bob at buyer" in lead["description"]
    [row] = portal.rows()
    assert row["state"] == "done"
    left_out = {warning["field"]: warning["value"] for warning in row["warnings"]}
    assert left_out == {"email": "bob at buyer", "value": "a lot"}


def test_a_sender_that_nobody_reads_is_no_customer(installation, server):
    mailbox = Mailbox(installation, server)
    mailbox.send(mailbox.mail("About Bob", From="Portal <no-reply@portal.example>", Subject="Request 1"))
    mailbox.send(mailbox.mail("About Carol", From="Portal <no-reply@portal.example>", Subject="Request 2"))
    leads = mailbox.leads()
    assert [(lead["name"], lead["email_from"]) for lead in leads] == [("Request 1", False), ("Request 2", False)]


# ------------------------------------------------------------
# The same person again
# ------------------------------------------------------------


def test_another_mail_of_the_same_person_lands_on_their_lead(mailbox):
    mailbox.send(mailbox.mail("First"))
    mailbox.send(mailbox.mail("Second, with more", Subject="And six trucks"))
    [lead] = mailbox.leads()
    first, second = mailbox.messages("crm.lead", lead["id"])
    assert "Second, with more" in second["body"]
    assert (first["subtype"], second["subtype"]) == ("crm.mt_lead_create", "mail.mt_comment")
    assert [row["state"] for row in mailbox.rows()] == ["done", "duplicate"]
    notes = mailbox.messages("crm.lead", lead["id"], kind="notification")
    assert not any("Second" in note["body"] for note in notes), "the mail itself says it"


def test_an_answer_to_a_mail_of_the_lead_lands_on_the_lead(mailbox):
    first = mailbox.mail("First")
    mailbox.send(first)
    mailbox.send(mailbox.mail("Second", In_Reply_To=first["Message-ID"], From="Her boss <boss@customer.example>"))
    [lead] = mailbox.leads()
    assert len(mailbox.messages("crm.lead", lead["id"])) == 2
    assert len(mailbox.rows()) == 1


def test_a_mail_that_the_source_refuses_is_kept_whole_in_the_inbox(installation, server):
    mailbox = Mailbox(installation, server, duplicate_action="reject")
    mailbox.send(mailbox.mail("First"))
    mail = mailbox.mail("Second")
    mail.add_attachment(b"plan", maintype="application", subtype="octet-stream", filename="plan.bin")
    mailbox.send(mail)
    assert len(mailbox.leads()) == 1
    refused = mailbox.rows()[-1]
    assert refused["state"] == "rejected"
    [kept] = mailbox.messages("crm.lead.inbox", refused["id"])
    assert "Second" in kept["body"] and kept["attachments"] == {"plan.bin": b"plan"}
    assert len(mailbox.messages("crm.lead", mailbox.leads()[0]["id"])) == 1


def test_a_source_that_is_archived_still_gets_its_mails_as_leads_of_odoo(installation, server):
    mailbox = Mailbox(installation, server)
    with installation.env() as env:
        env["crm.intake.source"].browse(mailbox.source.id).active = False
    mailbox.send(mailbox.mail("Late", Subject="Late mail"))
    assert mailbox.rows() == []
    with installation.env() as env:
        assert env["crm.lead"].search([("name", "=", "Late mail")]).email_normalized == "jane@customer.example"


# ------------------------------------------------------------
# What no person wrote
# ------------------------------------------------------------


def test_bounces_make_no_leads(mailbox):
    bounce = mailbox.mail("Undelivered", From="MAILER-DAEMON@x.example", Subject="Undelivered Mail Returned to Sender")
    bounce.replace_header("Content-Type", 'multipart/report; report-type=delivery-status; boundary="b"')
    bounce.set_payload("--b\r\nContent-Type: text/plain\r\n\r\nUndelivered\r\n--b--\r\n")
    mailbox.send(bounce)
    assert mailbox.leads() == []


def test_automatic_answers_to_a_bounce_of_ours_make_no_leads(mailbox, gateway):
    reference = "<1-loop-detection-bounce-email@intake.example>"
    gateway(mailbox.mail("I am away", References=reference, Auto_Submitted="auto-replied").as_bytes())
    assert mailbox.leads() == []


def test_a_loop_is_broken_off(installation, server, gateway):
    mailbox = Mailbox(installation, server, duplicate_by_email=False)
    with installation.env() as env:
        env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", "3")
    sender = f"robot-{uuid.uuid4().hex}@loop.example"
    for number in range(6):
        gateway(mailbox.mail(f"Automatic answer {number}", From=sender, Auto_Submitted="auto-replied").as_bytes())
    with installation.env() as env:
        env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", False)
    assert len(mailbox.leads()) == 3
