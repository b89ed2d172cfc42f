"""Lead Intake: what came in by every door, also what failed, and what the sources keep."""

import uuid
from email.message import EmailMessage

import requests

from odoo import Command

from tests.gdpr.cast import plant
from tests.intake.doors import Json, XmlRpc
from tests.intake.test_soap import SOAP11, envelope, post, submit_leads


def _lead(person, **values):
    return {
        "contact_name": person.name,
        "email": person.email,
        "phone": person.mobile,
        "street": person.street,
        **values,
    }


@plant
def programs(cast):
    """By JSON, XML-RPC and SOAP: new ones, one again with the old name, and some with mistakes that are quoted."""
    person = cast.person
    source = cast.source = cast.installation.make_source(name="Portal")
    json = Json(cast.address, source, **{"Idempotency-Key": f"{uuid.uuid4()}"})
    json.submit([_lead(person, external_id=person.email, subject=f"Dak van {person.name}")])
    json = Json(cast.address, source)
    json.submit(
        [
            _lead(person, external_id="wrong", email=f"{person.name} at {person.website}"),
            _lead(person, external_id="unknown", country=f"Straat {person.last}", shoe_size="38"),
            _lead(person, external_id="again", contact_name=person.former, description=f"IBAN {person.iban}"),
        ]
    )
    XmlRpc(cast.address, source).submit([_lead(person, external_id="rpc", email=person.other_email)])
    soap = f"<lead><contact_name>{person.reversed_name}</contact_name><email>{person.email}</email></lead>"
    assert post(cast.address, envelope(SOAP11, submit_leads(source.key, soap))).status_code == 200
    cast.env.invalidate_all()
    rows = cast.env["crm.lead.inbox"].search([("source_id", "=", source.id)])
    assert {row.door for row in rows} == {"json", "xmlrpc", "soap"} and "failed" in rows.mapped("state")
    cast.at(rows, "payload")
    cast.at(rows.filtered(lambda row: row.external_id == person.email), "external_id")
    cast.at(rows.filtered(lambda row: row.external_id in ("wrong", "unknown")), "problems")
    cast.at(rows.filtered(lambda row: row.external_id == "unknown"), "answer")
    failed = rows.filtered(lambda row: row.state == "failed")
    correction = cast.env["crm.lead.inbox.correct"].create({"row_ids": [Command.set(failed[:1].ids)]})
    cast.at(correction, "summary")
    cast.at(correction.line_ids.filtered(lambda line: person.last in (line.value or "")), "old_value", "value")
    noted = cast.env["mail.message"].search([("model", "=", "crm.lead"), ("body", "ilike", person.iban)])
    cast.at(noted, "body")


@plant
def form(cast):
    """By the form on the website."""
    person = cast.person
    fields = [Command.create({"field": name}) for name in ("contact_name", "email", "phone", "description")]
    source = cast.installation.make_source(name="Website", form_enabled=True, form_field_ids=fields)
    told = {
        "contact_name": person.name,
        "email": person.email,
        "phone": person.mobile,
        "description": f"Ik ben {person.former}",
    }
    answer = requests.post(
        f"{cast.address}/leadintake/form/{source.public_id}", data=told, timeout=60, allow_redirects=False
    )
    assert answer.status_code == 303
    cast.env.invalidate_all()
    cast.at(cast.env["crm.lead.inbox"].search([("source_id", "=", source.id)]), "payload")


@plant
def mail_to_a_source(cast):
    """By a mail to the address of a source; another source keeps a mail of hers as its example."""
    person = cast.person
    domain = cast.env["mail.alias.domain"].search([], limit=1)
    cast.env["res.company"].search([]).alias_domain_id = domain
    cast.commit()
    source = cast.installation.make_source(name="Mailbox", alias_name="vragen", processing="now")
    mail = EmailMessage()
    mail["From"] = f'"{person.reversed_name}" <{person.other_email}>'
    mail["To"] = f"vragen@{domain.name}"
    mail["Subject"] = f"Vraag van {person.former}"
    mail["Message-ID"] = f"<{uuid.uuid4()}@mailbox.example>"
    mail.set_content(f"Bel me op {person.landline}. {person.name}")
    mail.add_attachment(person.photo, maintype="image", subtype="jpeg", filename=f"{person.last}.jpg")
    cast.env.invalidate_all()
    cast.env["mail.thread"].message_process(False, mail.as_bytes())
    cast.commit()
    cast.env.invalidate_all()
    row = cast.env["crm.lead.inbox"].search([("source_id", "=", source.id)])
    cast.at(row, "payload")
    record = cast.env["crm.intake.source"].browse(source.id)
    record.write(
        {
            "pattern_sample": f"From: {mail['From']}\nSubject: {mail['Subject']}\n\nBel me op {person.landline}",
            "note": f"<p>Opgezet met {person.name}</p>",
            "form_thanks": f"<p>Groet, {person.name}</p>",
        }
    )
    cast.at(record, "pattern_sample", "note", "form_thanks")
    rule = cast.env["crm.intake.rule"].search([], limit=1) or cast.env["crm.intake.rule"].create({"name": "x"})
    rule.name = f"Buurt van {person.name}"
    cast.at(rule, "name")
