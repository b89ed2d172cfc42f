"""Chats with her and about her."""

import base64

from markupsafe import Markup

from tests.gdpr.cast import plant


@plant
def chat(cast):
    """A colleague chats with her; nobody else is in it."""
    person = cast.person
    channels = cast.as_colleague("discuss.channel")
    chat = channels._get_or_create_chat(cast.partner.ids)
    cast.at(chat.with_env(cast.env), "name")
    theirs = chat.message_post(
        body=f"Dag {person.first}, zijn de stenen er?", message_type="comment", subtype_xmlid="mail.mt_comment"
    )
    hers = chat.with_env(cast.env).message_post(
        body=f"Ja! Bel me op {person.mobile}",
        author_id=cast.partner.id,
        message_type="comment",
        subtype_xmlid="mail.mt_comment",
    )
    cast.at(theirs, "body")
    cast.at(hers, "body", "email_from")
    member = chat.with_env(cast.env).channel_member_ids.filtered(
        lambda row: row.partner_id == cast.colleague.partner_id
    )
    member.custom_channel_name = f"{person.name} (klant)"
    cast.at(member, "custom_channel_name")


@plant
def group(cast):
    """Colleagues talk about her in a group of her name, and mention her."""
    person = cast.person
    group = cast.as_colleague("discuss.channel")._create_group(
        cast.salesperson.partner_id.ids, name=f"Verbouwing {person.name}"
    )
    group = group.with_env(cast.env)
    group.description = f"Alles over {person.former} ({person.email})"
    group.image_128 = base64.b64encode(person.photo)
    cast.at(group, "name", "description", "image_128")
    link = Markup('<a class="o_mail_redirect" data-oe-id="%s" data-oe-model="res.partner">@%s</a>') % (
        cast.partner.id,
        person.name,
    )
    mention = group.with_user(cast.salesperson).message_post(
        body=Markup("<p>%s komt morgen, zegt Kees. Neem koffie mee.</p>") % link,
        message_type="comment",
        subtype_xmlid="mail.mt_comment",
    )
    cast.at(mention, "body")
    cast.mention = mention


@plant
def guest(cast):
    """She came into a channel by a link, without logging in."""
    person = cast.person
    guest = cast.env["mail.guest"].create(
        {"name": person.name, "email": person.email, "image_1920": base64.b64encode(person.photo)}
    )
    cast.at(guest, "name", "email", "image_1920")
    channel = cast.as_colleague("discuss.channel")._create_channel("Bouwplaats", False).with_env(cast.env)
    channel._add_members(guests=guest)
    said = channel.with_context(guest=guest).message_post(
        body="Hallo allemaal",
        author_guest_id=guest.id,
        author_id=False,
        message_type="comment",
        email_from=person.email,
    )
    cast.at(said, "email_from")
    joined = channel.message_ids.filtered(lambda message: person.last in (message.body or ""))
    cast.at(joined, "body")
