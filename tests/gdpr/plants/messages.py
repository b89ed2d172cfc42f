"""Mails and messages: from her, to her, about her, and what Odoo keeps on the way."""

import json
from email.message import EmailMessage

from markupsafe import Markup

from odoo import Command

from tests.gdpr import files
from tests.gdpr.cast import plant

BOUNCE = """From: MAILER-DAEMON@mailbox.example
To: bounce@company.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounced@mailbox.example>
References: {references}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="part"

--part
Content-Type: text/plain

<{email}>: host mailbox.example said: 550 unknown user {email}

--part
Content-Type: message/delivery-status

Reporting-MTA: dns; mailbox.example

Final-Recipient: rfc822; {email}
Action: failed
Status: 5.1.1

--part--
"""


def _receive(cast, mail, **options):
    """Hand a mail in as a mailbox does, and return its message."""
    before = cast.env["mail.message"].search([], order="id desc", limit=1).id
    cast.env["mail.thread"].message_process(None, mail.as_bytes(), **options)
    return cast.env["mail.message"].search(
        [("id", ">", before), ("message_type", "in", ("email", "comment"))], order="id"
    )


@plant
def chatter(cast):
    """What colleagues write about her on her own records, and on those of others with a link to her."""
    person, partner = cast.person, cast.partner.with_user(cast.colleague)
    own = partner.message_post(
        body=Markup("<p>Gebeld: mevr. <i>van der Wieczorkiewicz</i>, ŚWIĘTOSŁAWA, terugbellen op 020/794.61.83</p>"),
        subject=f"Gesprek met {person.first}",
        message_type="comment",
        subtype_xmlid="mail.mt_note",
    )
    cast.at(own, "body", "subject")
    link = Markup('<a href="#" data-oe-model="res.partner" data-oe-id="%s">@%s</a>') % (cast.partner.id, person.name)
    cast.other_note = (
        cast.other_lead.with_user(cast.salesperson)
        .message_post(
            body=Markup("<p>%s telt de stenen, en S. van der Wieczórkiewicz tekent. 40 pallets.</p>") % link,
            message_type="comment",
            partner_ids=cast.partner.ids,
        )
        .with_env(cast.env)
    )
    cast.at(cast.other_note, "body")
    notification = cast.other_note.notification_ids.filtered(lambda row: row.res_partner_id == cast.partner)
    notification.mail_email_address = person.email
    cast.at(notification, "mail_email_address")
    cast.other_note.with_user(cast.colleague).toggle_message_starred()
    cast.other_note.with_user(cast.portal_user).sudo()._message_reaction(
        "👍", "add", cast.partner, cast.env["mail.guest"]
    )
    plain = cast.other_lead.message_post(body=f"Vandaag belde {person.former} over stenen", message_type="comment")
    cast.at(plain, "body")


@plant
def mails(cast):
    """A mail of hers with others in copy, an answer that quotes it, and one that came back."""
    person = cast.person
    mail = EmailMessage()
    mail["From"] = f'"{person.reversed_name}" <{person.email}>'
    mail["To"] = f"colleague@company.example, {cast.lead.message_ids[0].reply_to or 'info@company.example'}"
    mail["Cc"] = f"{person.former} <{person.other_email}>, boss@konex.example"
    mail["Subject"] = f"Re: Verbouwing van {person.first} {person.last}"
    mail["In-Reply-To"] = cast.lead.message_ids[0].message_id
    mail["Message-ID"] = f"<777@{person.email.partition('@')[2]}>"
    mail.set_content(
        f"Beste Bram,\n\nMijn rekening is NL57 RABO 0318 2647 59.\n\nGroet,\n{person.name}\n{person.street}\n"
    )
    mail.add_attachment(
        files.pdf(f"Offerte voor {person.name}"), maintype="application", subtype="pdf", filename="plan.pdf"
    )
    received = _receive(cast, mail, save_original=True)
    assert len(received) == 1 and received.model == "crm.lead" and received.res_id == cast.lead.id
    cast.at(received, "body", "subject", "email_from", "incoming_email_cc")
    cast.at(received.attachment_ids, "raw")
    cast.received = received
    quote = Markup("<p>Doen we</p><blockquote>Op 3 mei schreef &quot;%s&quot; &lt;%s&gt;: %s</blockquote>")
    answer = cast.lead.with_user(cast.colleague).message_post(
        body=quote % (person.reversed_name, person.email, received.body),
        message_type="comment",
        subtype_xmlid="mail.mt_comment",
        partner_ids=cast.partner.ids,
        parent_id=received.id,
        mail_auto_delete=False,
    )
    cast.at(answer, "body")
    cast.at(cast.env["mail.mail"].search([("mail_message_id", "=", answer.id)]), "body_html")
    cast.answer = answer


@plant
def mail_that_came_back(cast):
    """The other server's report about a mail that it could not deliver."""
    person = cast.person
    cast.env["mail.alias.domain"].search([], limit=1) or cast.env["mail.alias.domain"].create(
        {"name": "company.example"}
    )
    report = BOUNCE.format(email=person.email, references=cast.answer.message_id)
    cast.env["mail.thread"].message_process(None, report.encode())
    cast.env.flush_all()
    bounced = cast.answer.notification_ids.filtered(lambda row: row.res_partner_id == cast.partner)
    assert bounced.notification_status == "bounce"
    cast.at(bounced, "failure_reason")


@plant
def copies_of_messages(cast):
    """Translations, previews of links, and what is pushed to telephones."""
    person = cast.person
    translation = cast.env["mail.message.translation"].create(
        {
            "message_id": cast.other_note.id,
            "source_lang": "nl",
            "target_lang": "en",
            "body": f"<p>{person.name} counts</p>",
        }
    )
    cast.at(translation, "body")
    preview = cast.env["mail.link.preview"].create(
        {
            "source_url": f"{person.website}/swietoslawa-van-der-wieczorkiewicz",
            "og_title": person.name,
            "og_description": f"{person.function} {person.former}",
            "og_image": f"{person.website}/Wieczorkiewicz_van_der_Swietoslawa.jpg",
        }
    )
    cast.env["mail.message.link.preview"].create({"message_id": cast.other_note.id, "link_preview_id": preview.id})
    cast.at(preview, "source_url", "og_title", "og_description", "og_image")
    device = cast.env["mail.push.device"].create(
        {"partner_id": cast.colleague.partner_id.id, "endpoint": "https://push.example/1", "keys": "{}"}
    )
    payload = json.dumps({"title": person.name, "options": {"body": "Mijn rekening"}})
    cast.at(cast.env["mail.push"].create({"mail_push_device_id": device.id, "payload": payload}), "payload")
    cast.env["mail.push.device"].create(
        {"partner_id": cast.partner.id, "endpoint": "https://push.example/2", "keys": "{}"}
    )
    cast.partner._bus_send("test", {"name": person.name})
    cast.colleague._bus_send("mail.message/inbox", {"author": {"name": person.name}})
    cast.env.cr.precommit.run()
    cast.at(cast.env["bus.bus"].search([("message", "ilike", "Wiecz%rkiewicz")], limit=3), "message")


@plant
def messages_to_come(cast):
    """A message for later, and a notification that waits."""
    person = cast.person
    scheduled = cast.as_colleague("mail.scheduled.message").create(
        {
            "model": "crm.lead",
            "res_id": cast.other_lead.id,
            "author_id": cast.colleague.partner_id.id,
            "partner_ids": [Command.set(cast.partner.ids)],
            "subject": f"Voor {person.name}",
            "body": f"<p>Beste {person.first} {person.last}</p>",
            "scheduled_date": cast.in_days(20),
            "notification_parameters": json.dumps({"email_from": person.email}),
        }
    )
    scheduled.sudo().send_context = {"default_partner_name": person.name}
    cast.at(scheduled, "subject", "body", "notification_parameters", "send_context")
    later = cast.other_lead.with_user(cast.colleague).message_notify(
        body=f"Denk aan {person.name}",
        partner_ids=cast.salesperson.partner_id.ids,
        scheduled_date=cast.in_days(20),
        email_layout_xmlid="mail.mail_notification_light",
    )
    waiting = cast.env["mail.message.schedule"].search([("mail_message_id", "=", later.id)])
    waiting.notification_parameters = json.dumps({"model_description": f"Project van {person.name}"})
    cast.at(waiting, "notification_parameters")


@plant
def unsent_mails(cast):
    """A mail that could not be sent, and one that a colleague has not finished."""
    person = cast.person
    outbox = cast.env["mail.mail"].create(
        {
            "subject": f"Herinnering {person.former}",
            "email_to": f'"{person.name}" <{person.other_email}>',
            "email_cc": person.email,
            "body_html": f"<p>Geachte mevrouw {person.last}</p>",
            "headers": repr({"X-Customer": person.email}),
            "state": "exception",
            "failure_reason": f"{person.other_email} refused",
        }
    )
    cast.at(outbox, "email_to", "email_cc", "body_html", "headers", "failure_reason")
    cast.at(outbox.mail_message_id, "subject")
    draft = cast.as_colleague("mail.compose.message").create(
        {
            "model": "crm.lead",
            "res_ids": repr(cast.other_lead.ids),
            "subject": f"Aan {person.name}",
            "body": f"<p>{person.reversed_name}</p>",
            "partner_ids": [Command.set(cast.partner.ids)],
        }
    )
    cast.at(draft, "subject", "body")


@plant
def invitations(cast):
    """Dialogs in which a colleague wrote to her or about her."""
    person = cast.person
    followers = cast.as_colleague("mail.followers.edit").create(
        {
            "res_model": "crm.lead",
            "res_ids": repr(cast.other_lead.ids),
            "operation": "add",
            "partner_ids": [Command.set(cast.partner.ids)],
            "message": f"<p>Hallo {person.name}</p>",
        }
    )
    followers.edit_followers()
    cast.at(followers, "message")
    share = cast.as_colleague("portal.share").create(
        {
            "res_model": "sale.order",
            "res_id": 1,
            "note": f"Voor {person.name}",
            "partner_ids": [Command.set(cast.partner.ids)],
        }
    )
    cast.at(share, "note")


@plant
def ways_in_and_out(cast):
    """Addresses that a company notes for its mail gateway, and templates that name her."""
    person = cast.person
    cast.at(cast.env["mail.gateway.allowed"].create({"email": person.email}), "email", "email_normalized")
    alias = cast.env["mail.alias"].create(
        {
            "alias_name": "verbouwing",
            "alias_model_id": cast.env["ir.model"]._get_id("crm.lead"),
            "alias_defaults": repr({"contact_name": person.name, "partner_id": cast.partner.id}),
            "alias_bounced_content": f"<p>Bel {person.name}</p>",
        }
    )
    cast.at(alias, "alias_defaults", "alias_bounced_content")
    template = cast.env["mail.template"].create(
        {
            "name": f"Nieuws voor {person.name}",
            "model_id": cast.env["ir.model"]._get_id("crm.lead"),
            "subject": f"Kopie aan {person.name}",
            "email_cc": person.email,
            "partner_to": str(cast.partner.id),
            "body_html": f"<p>Met dank aan {person.former}</p>",
        }
    )
    cast.at(template, "name", "subject", "email_cc", "body_html")
    canned = cast.as_colleague("mail.canned.response").create(
        {"source": "sw", "substitution": f"Groeten van {person.name}, {person.mobile}"}
    )
    cast.at(canned, "substitution")
