"""Persons about whom there is something in every place, for the benchmark of anonymising.

Run by ``setup/odoo shell``, which provides ``env``. Two groups of the same make: one is anonymised, of the other only
the fields of the contact are written. Each of them has, beside the projects and messages of `load.sql`, three leads,
ten messages of which three have tracked changes, two files, a delivery address, two activities, a meeting, what they
follow, and what a mailing and a text message left behind.
"""

import io
import json
import zipfile
from datetime import datetime, timedelta

from odoo import Command

from tests.bench.gdpr_names import OFFICER, PARAMETER

GROUPS = ("ours", "native")
PERSONS = 1_000
# a page of text, as letters have
PARAGRAPH = "We thank you for the talk and confirm what we agreed on. " * 40


def plant(env):
    """Make what is missing, and leave the ids of the contacts in a system parameter."""
    env = env(context={"tracking_disable": True, "mail_notify_force_send": False, "no_mail_to_attendees": True})
    chosen = choose(env)
    partners = env["res.partner"].concat(*chosen.values())
    leads = make_leads(env, partners)
    make_children(env, partners)
    make_messages(env, partners, leads)
    make_activities(env, partners, leads)
    make_mailing(env, partners)
    make_files(env, partners, leads, make_meetings(env, partners, leads))
    make_officer(env)
    told = {group: contacts.ids for group, contacts in chosen.items()}
    env["ir.config_parameter"].set_param(PARAMETER, json.dumps(told))
    env.cr.commit()


def choose(env):
    """Customers that are people, spread evenly over all and taken in turn."""
    env.cr.execute("SELECT id FROM res_partner WHERE email LIKE 'person%@company%' AND NOT is_company ORDER BY id")
    customers = [partner_id for (partner_id,) in env.cr.fetchall()]
    number = min(PERSONS, len(customers) // len(GROUPS))
    step = len(customers) // (number * len(GROUPS))
    return {
        group: env["res.partner"].browse(customers[place * step :: len(GROUPS) * step][:number])
        for place, group in enumerate(GROUPS)
    }


def make_officer(env):
    groups = env.ref("base.group_user") | env.ref("crm_gdpr.group_privacy_officer")
    return (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create({"name": "Officer", "login": OFFICER, "password": OFFICER, "group_ids": [Command.set(groups.ids)]})
    )


def sellers(env):
    return env["res.users"].search([("login", "=like", "seller%")], order="id")


def in_turn(records, place):
    return records[place % len(records)]


def make_children(env, partners):
    return env["res.partner"].create(
        [
            {
                "parent_id": partner.id,
                "type": "delivery",
                "name": partner.name,
                "street": f"Yard {partner.id}",
                "zip": partner.zip,
                "city": partner.city,
            }
            for partner in partners
        ]
    )


def make_leads(env, partners):
    """Three for each; the third one came in by e-mail, and nobody has linked it to the contact."""
    team, users = env.ref("sales_team.team_sales_department"), sellers(env)
    leads = env["crm.lead"].create(
        [
            {
                "name": f"Offer {place + 1} for {partner.name}",
                "type": "opportunity",
                "team_id": team.id,
                "user_id": in_turn(users, partner.id).id,
                "description": f"<p>Called {partner.name} on {partner.phone}.</p><p>{PARAGRAPH[:300]}</p>",
                **(
                    {"partner_id": partner.id}
                    if place < 2
                    else {"contact_name": partner.name, "email_from": partner.email, "phone": partner.phone}
                ),
            }
            for place in range(3)
            for partner in partners
        ]
    )
    env["mail.followers"].create(
        [
            {"res_model": "crm.lead", "res_id": lead.id, "partner_id": partner.id}
            for lead, partner in zip(leads, [*partners] * 3, strict=True)
        ]
    )
    return [leads[place :: len(partners)] for place in range(len(partners))]


def make_messages(env, partners, leads):
    """Ten for each: five that they wrote, two to them, three that note a change, one of them on another's lead."""
    users = sellers(env)
    comment, note = env.ref("mail.mt_comment"), env.ref("mail.mt_note")
    values = []
    for place, (partner, own) in enumerate(zip(partners, leads, strict=True)):
        seller = in_turn(users, partner.id).partner_id
        letter = {"message_type": "email", "subtype_id": comment.id, "email_from": partner.email_formatted}
        letter |= {"author_id": partner.id, "subject": "Re: your offer"}
        letter["body"] = f"<p>{PARAGRAPH[:600]}</p><p>Kind regards,<br/>{partner.name}<br/>{partner.phone}</p>"
        values += [{**letter, "model": "res.partner", "res_id": partner.id} for _letter in range(2)]
        values += [{**letter, "model": "crm.lead", "res_id": lead.id} for lead in own]
        answer = {"message_type": "comment", "subtype_id": comment.id, "author_id": seller.id}
        answer |= {"email_from": seller.email_formatted, "partner_ids": [Command.link(partner.id)]}
        answer["body"] = f"<p>Dear {partner.name},</p><p>{PARAGRAPH[:900]}</p><p>{partner.email}</p>"
        answer["notification_ids"] = [
            Command.create({"res_partner_id": partner.id, "notification_type": "email", "notification_status": "sent"})
        ]
        values += [{**answer, "model": "crm.lead", "res_id": lead.id} for lead in own[:2]]
        changed = {"message_type": "notification", "subtype_id": note.id, "author_id": seller.id, "body": ""}
        other = in_turn(leads, place + 1)[2]
        values += [
            {**changed, "model": "crm.lead", "res_id": lead.id, "tracking_value_ids": make_changes(env, partner)}
            for lead in (own[0], own[2], other)
        ]
    return env["mail.message"].create(values)


def make_changes(env, partner):
    """The contact of a lead was another one before, and so was the address."""
    fields = env["ir.model.fields"]
    return [
        Command.create(
            {
                "field_id": fields._get("crm.lead", "partner_id").id,
                "old_value_integer": partner.id,
                "old_value_char": partner.name,
            }
        ),
        Command.create(
            {
                "field_id": fields._get("crm.lead", "email_from").id,
                "old_value_char": partner.email,
                "new_value_char": "office@example.com",
            }
        ),
    ]


def make_activities(env, partners, leads):
    to_do, users = env.ref("mail.mail_activity_data_todo"), sellers(env)
    models = env["ir.model"]
    return (
        env["mail.activity"]
        .with_context(mail_activity_quick_update=True)
        .create(
            [
                {
                    "res_model_id": models._get_id(record._name),
                    "res_id": record.id,
                    "activity_type_id": to_do.id,
                    "user_id": in_turn(users, partner.id).id,
                    "summary": f"Ask {partner.name}",
                    "note": f"<p>{partner.name} asked to be called on {partner.phone}.</p>",
                }
                for partner, own in zip(partners, leads, strict=True)
                for record in (partner, own[0])
            ]
        )
    )


def make_meetings(env, partners, leads):
    users, start = sellers(env), datetime.now().replace(microsecond=0) - timedelta(days=30)
    return (
        env["calendar.event"]
        .with_context(dont_notify=True)
        .create(
            [
                {
                    "name": f"Talk with {partner.name}",
                    "start": start,
                    "stop": start + timedelta(hours=1),
                    "user_id": in_turn(users, partner.id).id,
                    "opportunity_id": own[0].id,
                    "partner_ids": [Command.set([partner.id, in_turn(users, partner.id).partner_id.id])],
                    "description": f"<p>{partner.name} brings the plans.</p>",
                }
                for partner, own in zip(partners, leads, strict=True)
            ]
        )
    )


def make_mailing(env, partners):
    mailing = env["mailing.mailing"].create(
        {
            "subject": "News",
            "mailing_model_id": env["ir.model"]._get_id("res.partner"),
            "body_html": "<p>News</p>",
            "state": "done",
        }
    )
    env["mailing.trace"].create(
        [
            {
                "trace_type": "mail",
                "mass_mailing_id": mailing.id,
                "model": "res.partner",
                "res_id": partner.id,
                "email": partner.email,
                "trace_status": "sent",
            }
            for partner in partners
        ]
    )
    env["sms.sms"].create(
        [
            {
                "partner_id": partner.id,
                "number": partner.phone_sanitized,
                "body": f"{partner.name}, your order is ready.",
                "state": "sent",
            }
            for partner in partners
        ]
    )


def make_files(env, partners, leads, meetings):
    """A letter on a lead, and one on the meeting, which others take part in."""
    return env["ir.attachment"].create(
        [
            {
                "name": f"Letter {partner.name}.docx",
                "raw": letter(partner, record),
                "res_model": record._name,
                "res_id": record.id,
            }
            for partner, own, meeting in zip(partners, leads, meetings, strict=True)
            for record in (own[1], meeting)
        ]
    )


def letter(partner, record):
    """A document of a word processor."""
    text = (partner.name, partner.street, partner.city, PARAGRAPH, str(record))
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        paragraphs = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in text)
        space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        archive.writestr(
            "word/document.xml",
            f'<?xml version="1.0"?><w:document xmlns:w="{space}"><w:body>{paragraphs}</w:body></w:document>',
        )
    return content.getvalue()


plant(env)  # noqa: F821 (the shell's)
