"""Contacts: the person, her addresses and her double; her user account."""

import base64

from odoo import Command, fields

from tests.gdpr.cast import plant

PASSWORD = "Kwik-Start-1979!"


@plant
def birthday_field(cast):
    """A company that notes birthdays has made a field for them."""
    values = {"model_id": cast.env.ref("base.model_res_partner").id, "state": "manual"}
    cast.env["ir.model.fields"].create(
        [
            {**values, "name": "x_birth_date", "field_description": "Birthday", "ttype": "date"},
            {**values, "name": "x_former_name", "field_description": "Name before Marriage", "ttype": "char"},
            {**values, "name": "x_letter", "field_description": "Letter of Application", "ttype": "binary"},
        ]
    )
    definition = cast.env["properties.base.definition"]._get_definition_for_property_field("res.partner", "properties")
    definition.properties_definition = [{"name": "nick", "string": "Called", "type": "char"}]


@plant
def contact(cast):
    """As it came with an import: under a name of the file's, and with all that is known of her."""
    person = cast.person
    country = cast.env.ref("base.nl")
    vals = {
        "name": person.former,
        "email": person.other_email,
        "phone": person.landline,
        "street": person.street,
        "street2": f"T.a.v. {person.name}",
        "zip": person.zip,
        "city": person.city,
        "country_id/id": "base.nl",
        "vat": person.vat,
        "ref": person.ref,
        "function": f"{person.function} (praktijk {person.last})",
        "website": person.website,
        "comment": f"<p>Mw. {person.last} belt liever 's avonds, geboren 14 maart 1979</p>",
    }
    imported = cast.as_colleague("res.partner").load(["id", *vals], [["old_crm.swietoslawa_glebocka", *vals.values()]])
    cast.partner = cast.env["res.partner"].browse(imported["ids"])
    data = cast.env["ir.model.data"].search([("model", "=", "res.partner"), ("res_id", "=", cast.partner.id)])
    cast.at(data, "name")
    assert cast.partner.country_id == country


@plant
def everything_known(cast):
    """What was added by hand later."""
    person = cast.person
    changes = {
        "image_1920": base64.b64encode(person.photo),
        "barcode": f"04{person.ref}",
        "company_name": f"Praktijk {person.last}",
        "x_birth_date": person.born,
        "x_former_name": person.former,
        "x_letter": base64.b64encode(f"Mijn naam is {person.name}".encode()),
        "sale_warn_msg": f"{person.name} betaalt laat",
    }
    cast.partner.with_user(cast.colleague).write({name: changes[name] for name in ("company_name", "x_birth_date")})
    cast.partner.write(changes)
    cast.at(
        cast.partner,
        "street",
        "street2",
        "vat",
        "ref",
        "function",
        "comment",
        "x_birth_date",
        "x_former_name",
    )
    cast.at(
        cast.partner, "company_name", "barcode", "sale_warn_msg", "x_letter", "image_1920", "image_128", "image_512"
    )


@plant
def marriage(cast):
    """A new name, address and number: the old ones are in the tracking."""
    person = cast.person
    partner = cast.partner.with_user(cast.colleague)
    partner.write({"name": person.name, "email": person.email, "phone": person.mobile})
    cast.env.flush_all()
    cast.env.cr.precommit.run()
    cast.at(partner, "name", "complete_name", "email", "email_normalized", "phone", "phone_sanitized")
    values = cast.env["mail.tracking.value"].search([("mail_message_id", "in", partner.message_ids.ids)])
    for value in values:
        cast.at(value, *(name for name in ("old_value_char", "new_value_char") if value[name]))


@plant
def children(cast):
    """Her address for deliveries and her practice."""
    person = cast.person
    vals_list = [
        {"type": "delivery", "name": f"{person.name} (thuis)", "street": person.other_street, "phone": person.mobile},
        {
            "type": "contact",
            "name": f"Praktijk {person.last}",
            "email": f"wieczorkiewicz@{person.email.partition('@')[2]}",
        },
    ]
    cast.children = cast.as_colleague("res.partner").create(
        [{**vals, "parent_id": cast.partner.id} for vals in vals_list]
    )
    cast.at(cast.children, "name", "complete_name", "commercial_company_name" if cast.partner.is_company else "name")
    cast.at(cast.children[0], "street", "phone")
    cast.at(cast.children[1], "email")


@plant
def merged_duplicate(cast):
    """A second contact of hers, with a lead, was merged into the first."""
    person = cast.person
    double = cast.as_colleague("res.partner").create(
        {"name": person.reversed_name, "email": person.other_email, "phone": person.landline, "comment": person.iban}
    )
    double.message_post(body=f"{person.reversed_name} stond op de beurs", message_type="comment")
    lead = cast.as_colleague("crm.lead").create({"name": "Stand", "partner_id": double.id, "type": "opportunity"})
    wizard = cast.env["base.partner.merge.automatic.wizard"].create(
        {
            "partner_ids": [Command.set((double | cast.partner).ids)],
            "dst_partner_id": cast.partner.id,
            "state": "selection",
        }
    )
    wizard.action_merge()
    assert not double.exists() and lead.partner_id == cast.partner
    merged = cast.partner.message_ids.filtered(lambda message: "Merged with" in (message.body or ""))
    cast.at(merged, "body")
    cast.at(cast.partner.message_ids.filtered(lambda message: "beurs" in message.body), "body")
    cast.at(lead, "contact_name", "email_from", "phone")


@plant
def bank_account(cast):
    """Where refunds go."""
    person = cast.person
    account = cast.env["res.partner.bank"].create(
        {
            "partner_id": cast.partner.id,
            "acc_number": "NL57 RABO 0318 2647 59",
            "acc_holder_name": person.former,
            "note": person.name,
        }
    )
    assert account.acc_type in ("iban", "bank")
    cast.account = cast.at(account, "acc_number", "sanitized_acc_number", "acc_holder_name", "note")


@plant
def bought_data(cast):
    """What Odoo's service for contacts knew of her."""
    row = (
        cast.env["res.partner.iap"]
        .sudo()
        .create(
            {
                "partner_id": cast.partner.id,
                "iap_search_domain": cast.person.email.partition("@")[2],
                "iap_enrich_info": '{"owner": "\\u015awi\\u0119tos\\u0142awa van der Wiecz\\u00f3rkiewicz"}',
            }
        )
    )
    cast.at(row, "iap_enrich_info")


@plant
def portal_user(cast):
    """She was invited to the portal, and protects her account."""
    person = cast.person
    wizard = cast.env["portal.wizard"].create(
        {"partner_ids": [Command.set(cast.partner.ids)], "welcome_message": f"Welkom {person.name}"}
    )
    cast.at(wizard, "welcome_message")
    line = wizard.user_ids
    line.action_grant_access()
    cast.at(line, "email")
    user = cast.portal_user = cast.partner.with_context(active_test=False).user_ids
    user.write({"password": PASSWORD, "signature": f"<p>Groet, {person.first}</p>"})
    user.out_of_office_message = f"<p>Met verlof, {person.name}</p>"
    cast.at(user, "login", "signature", "out_of_office_message")
    cast.at(cast.env["mail.mail"].search([("recipient_ids", "in", cast.partner.ids)], limit=1), "body_html")


@plant
def properties(cast):
    """A property that every contact has; merging and inviting empty it."""
    cast.partner.properties = {"nick": f"Mw. {cast.person.last}"}
    cast.at(cast.partner, "properties")


@plant
def credentials(cast):
    """API key, second factor, passkey and devices."""
    person, user = cast.person, cast.portal_user
    cast.env["ir.config_parameter"].set_param("portal.allow_api_keys", True)
    expiry = fields.Datetime.now().replace(year=2030)
    keys = cast.env["res.users.apikeys"].with_user(user).sudo()
    keys._generate("rpc", f"Boekhouding {person.last}", expiry)
    cast.at(keys.search([("user_id", "=", user.id)]), "name")
    trusted = cast.env["auth_totp.device"].with_user(user).sudo()
    trusted._generate("browser", f"iPhone van {person.first}", expiry)
    cast.at(trusted.search([("user_id", "=", user.id)]), "name")
    wizard = cast.env["auth_totp.wizard"].create({"user_id": user.id, "secret": "GEZD GNBV GY3T QOJQ"})
    cast.at(wizard, "url")
    user.totp_secret = "GEZDGNBVGY3TQOJQ"
    cast.env.cr.execute("ALTER TABLE auth_passkey_key ALTER public_key DROP NOT NULL")
    passkey = (
        cast.env["auth.passkey.key"]
        .sudo()
        .create({"name": f"Sleutel van {person.name}", "credential_identifier": "b3BhcXVl", "create_uid": user.id})
    )
    cast.at(passkey, "name")


@plant
def password_dialogs(cast):
    """What dialogs about her account keep for some hours."""
    user = cast.portal_user
    change = cast.env["change.password.wizard"].create(
        {"user_ids": [Command.create({"user_id": user.id, "user_login": user.login, "new_passwd": ""})]}
    )
    cast.at(change.user_ids, "user_login")
    lookup = cast.env["privacy.lookup.wizard"].create({"name": cast.person.name, "email": cast.person.email})
    lookup.action_lookup()
    cast.at(lookup, "name", "email")
    named = lookup.line_ids.filtered(lambda line: cast.person.last in (line.res_name or ""))
    assert named
    cast.at(named, "res_name")
    lookup._post_log()
    cast.at_row("privacy_log", 0) if not lookup.log_id else None
