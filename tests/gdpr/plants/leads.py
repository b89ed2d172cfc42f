"""Leads and projects: hers, and those of others that speak of her."""

from markupsafe import Markup

from odoo import Command

from tests.gdpr.cast import plant

CONTACT = ("contact_name", "email_from", "email_normalized", "phone", "phone_sanitized")


def _lead(cast, name, **values):
    return cast.as_colleague("crm.lead").create(
        {"name": name, "type": "opportunity", "user_id": cast.colleague.id, "expected_revenue": 900, **values}
    )


@plant
def custom_fields(cast):
    """Fields that an administrator has made: a text and a day."""
    cast.env["crm.custom.field"].create(
        [{"name": "Called for", "ttype": "char"}, {"name": "Birthday of the contact", "ttype": "date"}]
    )
    made = cast.env["crm.custom.field"].search([("name", "in", ("Called for", "Birthday of the contact"))])
    cast.text_field, cast.date_field = made.sorted("ttype").mapped("field_name")


@plant
def open_lead(cast):
    """A project of hers with everything filled in."""
    person = cast.person
    cast.lead = _lead(
        cast,
        f"Verbouwing {person.name}",
        partner_id=cast.partner.id,
        description=Markup("<p>Mevrouw <b>Świętosława</b>&nbsp;van der Wiecz&oacute;rkiewicz bouwt</p>"),
        referred=f"Moeder van {person.former}",
        notepad=f"<p>{person.first} belt na zessen op {person.mobile}</p>",
        **{cast.text_field: f"{person.last}, S.", cast.date_field: person.born},
    )
    cast.at(cast.lead, "name", *CONTACT, "street", "function", "description", "referred", "notepad")
    cast.at(cast.lead, cast.text_field, cast.date_field)
    cast.lead.write({"phone": "06-48 73 91 56", "partner_name": f"Praktijk {person.last}"})
    cast.lead.x_free_field_1 = f"Zie {person.other_email}"
    cast.at(cast.lead, "phone", "partner_name", "x_free_field_1")


@plant
def lead_properties(cast):
    """A property that the leads of a team have."""
    team = cast.lead.team_id or cast.env["crm.team"].search([], limit=1)
    cast.lead.team_id = team
    team.lead_properties_definition = [{"name": "speaks", "string": "Speaks for", "type": "char"}]
    cast.lead.lead_properties = {"speaks": cast.person.name}
    cast.at(cast.lead, "lead_properties")


@plant
def closed_leads(cast):
    """One was won, one lost, with words about why."""
    won = _lead(cast, "Gewonnen", partner_id=cast.partner.id)
    won.action_set_won()
    lost = _lead(cast, "Verloren", partner_id=cast.partner.id)
    reason = cast.env["crm.lost.reason"].create({"name": "No budget"})
    wizard = cast.as_colleague("crm.lead.lost").create(
        {
            "lead_ids": [Command.set(lost.ids)],
            "lost_reason_id": reason.id,
            "lost_feedback": f"<p>{cast.person.reversed_name} vond het te duur</p>",
        }
    )
    wizard.action_lost_reason_apply()
    cast.env.flush_all()
    cast.env.cr.precommit.run()
    cast.at(won | lost, *CONTACT)
    cast.at(wizard, "lost_feedback")
    cast.at(lost.message_ids.filtered(lambda message: "duur" in message.body), "body")


@plant
def leads_without_contact(cast):
    """Leads that nobody has linked to her contact: the address tells whose they are."""
    person = cast.person
    for address in (person.email.upper(), f'"{person.reversed_name}" <{person.other_email}>'):
        lead = _lead(cast, "Vraag via de site", type="lead", email_from=address, contact_name=person.reversed_name)
        lead.write({"street": person.other_street, "city": person.city})
        cast.at(lead, "contact_name", "email_from", "email_normalized", "street")
        cast.lead_by_mail = lead


@plant
def merged_leads(cast):
    """Two leads became one: the summary names everybody."""
    double = _lead(cast, f"Dubbel van {cast.person.name}", partner_id=cast.partner.id, phone=cast.person.landline)
    merged = (_lead(cast, "Eerste", partner_id=cast.partner.id) | double).merge_opportunity()
    summary = merged.message_ids.filtered(lambda message: "merged" in (message.body or "").lower())
    assert summary
    cast.at(summary, "body")


@plant
def projects_of_others(cast):
    """She sits in a project of another customer, and was its customer by mistake."""
    person = cast.person
    lead = cast.other_lead = _lead(cast, "Hall of Konex", partner_id=cast.customer.id)
    lead.write({"referred": person.name, "email_cc": f'"{person.name}" <{person.email}>, boss@konex.example'})
    lead.description = f"<p>Geteld door {person.first} van der {person.last} (+31 (0)6-48739156)</p>"
    cast.at(lead, "referred", "email_cc", "description")
    cast.env.flush_all()
    cast.env.cr.precommit.run()
    lead.partner_id = cast.partner
    cast.env.flush_all()
    cast.env.cr.precommit.run()
    lead.partner_id = cast.customer
    lead.write({"contact_name": "Kees Konex", "email_from": "kees@konex.example", "phone": False, "street": False})
    lead.write({"street2": False, "website": False, "function": False, "partner_name": "Konex"})
    cast.env.flush_all()
    cast.env.cr.precommit.run()
    changed = lead.message_ids.sudo().tracking_value_ids.filtered(lambda value: value.field_id.name == "partner_id")
    assert len(changed) == 2
    cast.at(
        changed.filtered("new_value_char").filtered(lambda value: person.last in value.new_value_char), "new_value_char"
    )
    cast.at(changed.filtered(lambda value: person.last in (value.old_value_char or "")), "old_value_char")


@plant
def contacts_of_projects(cast):
    """As a contact person, as a one-off, in a dialog about who that is, and in a note on a colleague."""
    person = cast.person
    contacts = cast.as_colleague("crm.lead.contact")
    contacts.create({"lead_id": cast.other_lead.id, "partner_id": cast.children[1].id})
    values = {
        "name": person.former,
        "email": person.other_email,
        "phone": "0031648739156",
        "function": f"Mw. {person.former_last}",
    }
    one_off = contacts.create({"lead_id": cast.other_lead.id, **values})
    cast.at(one_off, *(f"one_off_{name}" for name in values), "one_off_phone_sanitized")
    one_off.action_make_contact()
    linked = cast.as_colleague("crm.lead.user").create(
        {"lead_id": cast.other_lead.id, "user_id": cast.salesperson.id, "note": f"Buurman van {person.name}"}
    )
    cast.at(linked, "note")


@plant
def calls(cast):
    """Calls of hers: found by number, by hand, and those that nobody has assigned."""
    person = cast.person
    told = [
        {
            "call_id": "1",
            "direction": "in",
            "number": "+31 (0)6 48 73 91 56",
            "note": f"{person.name} over de verbouwing",
        },
        {
            "call_id": "2",
            "direction": "in",
            "number": person.landline,
            "recording_url": "https://pbx.example/glebocka.mp3",
        },
    ]
    cast.env["crm.call"].log_calls(told, "pbx")
    cast.at(cast.env["crm.call"].search([("call_id", "=", "1")]), "number", "number_sanitized", "note")
    unassigned = cast.env["crm.call"].search([("call_id", "=", "2")])
    unassigned.write({"partner_id": False, "lead_id": False})
    cast.at(unassigned, "number", "number_sanitized", "recording_url")
    of_other = cast.as_colleague("crm.call").create(
        {
            "direction": "out",
            "number": "+31205550199",
            "lead_id": cast.other_lead.id,
            "note": f"Vroeg naar {person.former}",
        }
    )
    cast.at(of_other, "note")
    noted = cast.as_colleague("crm.call").create({"direction": "in", "number": "06/48.73.91.56"})
    cast.at(noted, "number")
