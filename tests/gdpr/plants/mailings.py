"""Mailings, text messages, and who wants none."""

from urllib.parse import quote

from odoo import Command

from tests.gdpr.cast import plant


@plant
def mailing_contacts(cast):
    """On two lists, once under the old name."""
    person = cast.person
    lists = cast.env["mailing.list"].create([{"name": "Newsletter"}, {"name": "Builders"}])
    vals = {
        "first_name": person.first,
        "last_name": f"van der {person.last}",
        "company_name": f"Praktijk {person.last}",
        "email": person.email,
        "mobile": person.mobile,
        "list_ids": [Command.set(lists.ids)],
    }
    contact = cast.mailing_contact = cast.env["mailing.contact"].create(vals)
    cast.at(
        contact,
        "first_name",
        "last_name",
        "name",
        "company_name",
        "email",
        "email_normalized",
        "mobile",
        "phone_sanitized",
    )
    old = cast.env["mailing.contact"].create(
        {"name": person.former, "email": person.other_email, "list_ids": [Command.set(lists[1].ids)]}
    )
    cast.at(old, "name", "email")
    contact.subscription_ids[0].opt_out = True
    cast.mailing_list = lists[1]
    upload = cast.env["mailing.contact.import"].create(
        {"contact_list": f'"{person.name}" <{person.other_email}>', "mailing_list_ids": [Command.set(lists.ids)]}
    )
    cast.at(upload, "contact_list")


@plant
def mailing(cast):
    """A mailing whose link she clicked; its name became the name of a source."""
    person = cast.person
    link = f'<a href="https://shop.example/?mail={quote(person.email)}">hier</a>'
    sent = cast.mailing = cast.env["mailing.mailing"].create(
        {
            "subject": f"{person.name}, gefeliciteerd!",
            "preview": f"Voor {person.name.upper()}",
            "mailing_model_id": cast.env["ir.model"]._get_id("mailing.list"),
            "contact_list_ids": [Command.set(cast.mailing_list.ids)],
            "body_arch": f"<p>Interview met {person.name}</p>",
            "body_html": f"<p>Interview met {person.name} {link}</p>",
            "reply_to_mode": "update",
            "mailing_domain": "[]",
        }
    )
    cast.at(sent, "subject", "preview", "body_arch", "body_html")
    cast.at(sent.source_id, "name")
    sent.action_put_in_queue()
    sent.action_send_mail()
    trace = sent.mailing_trace_ids.filtered(lambda row: row.email == person.email)
    cast.at(trace, "email")
    tracker = cast.env["link.tracker"].search([("mass_mailing_id", "=", sent.id)], limit=1)
    tracker.write({"title": f"Interview {person.name}", "label": person.former})
    cast.at(tracker, "url", "title", "label")
    code = cast.env["link.tracker.code"].search([("link_id", "=", tracker.id)], limit=1).code
    assert cast.get(f"/r/{code}/m/{trace.id}", redirects=False).status_code == 301
    cast.env.invalidate_all()
    assert trace.links_click_datetime
    trace.write({"trace_status": "error", "failure_reason": f"{person.email} bounced"})
    cast.at(trace, "failure_reason")


@plant
def audiences(cast):
    """Mailings and filters that find her by her address, and a campaign about her."""
    person = cast.person
    domain = repr([("email", "=", person.email)])
    model = cast.env["ir.model"]._get_id("res.partner")
    mailing = cast.env["mailing.mailing"].create(
        {"subject": "Alleen voor jou", "mailing_model_id": model, "mailing_domain": domain}
    )
    cast.at(mailing, "mailing_domain")
    kept = cast.env["mailing.filter"].create(
        {"name": f"Alleen {person.name}", "mailing_model_id": model, "mailing_domain": domain}
    )
    cast.at(kept, "name", "mailing_domain")
    campaign = cast.env["utm.campaign"].create(
        {"title": f"Verjaardag {person.name}", "name": f"Verjaardag {person.name}"}
    )
    cast.at(campaign, "name", "title")
    trial = cast.env["mailing.mailing.test"].create({"mass_mailing_id": mailing.id, "email_to": person.email})
    cast.at(trial, "email_to")


@plant
def unwanted(cast):
    """Addresses and numbers that get nothing any more, and why."""
    person = cast.person
    address = cast.env["mail.blacklist"]._add(person.email, message=f"<p>Verzoek van {person.name}</p>")
    cast.at(address, "email")
    cast.at(address.message_ids.filtered(lambda message: "Verzoek" in message.body), "body")
    number = cast.env["phone.blacklist"]._add(
        [person.landline.replace(" ", "")], message=f"Verzoek van {person.former}"
    )
    cast.at(number, "number")
    lift = cast.env["mail.blacklist.remove"].create({"email": person.email, "reason": f"{person.first} vroeg erom"})
    lift.action_unblacklist_apply()
    cast.env["mail.blacklist"]._add(person.email)
    cast.at(lift, "email", "reason")
    lift = cast.env["phone.blacklist.remove"].create({"phone": person.landline, "reason": f"{person.last} belde"})
    cast.at(lift, "phone", "reason")


@plant
def text_messages(cast):
    """A text message on her lead, and one that waits."""
    person = cast.person
    composer = cast.as_colleague("sms.composer").create(
        {
            "composition_mode": "comment",
            "res_model": "crm.lead",
            "res_id": cast.lead.id,
            "recipient_single_number_itf": person.mobile,
            "body": f"Dag {person.first}, de stenen zijn er",
        }
    )
    composer.action_send_sms()
    cast.at(composer, "body", "recipient_single_number_itf")
    message = cast.lead.with_env(cast.env).message_ids.filtered(lambda row: row.message_type == "sms")[:1]
    cast.at(message, "body")
    cast.at(message.notification_ids.filtered("sms_number"), "sms_number")
    waiting = cast.env["sms.sms"].create(
        {
            "number": person.mobile,
            "body": f"Beste {person.name}, bel {person.landline}",
            "partner_id": cast.partner.id,
            "state": "error",
            "failure_type": "sms_credit",
        }
    )
    cast.at(waiting, "number", "body")


@plant
def text_mailing(cast):
    """A mailing by text message to her number alone, and a template."""
    person = cast.person
    mailing = cast.env["mailing.mailing"].create(
        {
            "mailing_type": "sms",
            "subject": f"Sms aan {person.name}",
            "body_plaintext": f"Bel {person.name}",
            "mailing_model_id": cast.env["ir.model"]._get_id("mailing.contact"),
            "mailing_domain": repr([("mobile", "=", person.mobile)]),
        }
    )
    mailing.action_send_sms()
    cast.at(mailing, "body_plaintext", "mailing_domain", "subject")
    cast.at(mailing.mailing_trace_ids.filtered("sms_number"), "sms_number")
    trial = cast.env["mailing.sms.test"].create({"mailing_id": mailing.id, "numbers": person.mobile})
    cast.at(trial, "numbers")
    template = cast.env["sms.template"].create(
        {
            "name": f"Voor {person.name}",
            "model_id": cast.env["ir.model"]._get_id("crm.lead"),
            "body": f"Dag {person.former}",
        }
    )
    cast.at(template, "name", "body")


@plant
def campaign(cast):
    """She is in a campaign, whose words name her; a colleague wrote on her membership."""
    person = cast.person
    spring = cast.env["utm.campaign"].create(
        {
            "title": "Voorjaar",
            "goal": f"{person.name} terugwinnen",
            "conclusion": f"<p>{person.former} kwam</p>",
            "company_id": cast.env.company.id,
        }
    )
    cast.at(spring, "goal", "conclusion")
    step = cast.env["crm.campaign.step"].create(
        {
            "campaign_id": spring.id,
            "name": f"Bel {person.name}",
            "channel": "todo",
            "activity_type_id": cast.env.ref("mail.mail_activity_data_todo").id,
            "activity_summary": f"Vraag {person.former}",
            "activity_note": f"<p>{person.name} op {person.mobile}</p>",
            "user_id": cast.colleague.id,
        }
    )
    cast.at(step, "name", "activity_summary", "activity_note")
    members = cast.env["crm.campaign.member"]
    members._add(spring, cast.partner)
    member = members.search([("campaign_id", "=", spring.id)])
    message = member._message_log(body=f"<p>{person.name} wil een boot</p>")
    cast.at(message, "body")
