"""A contact as Microsoft Graph has it: https://learn.microsoft.com/graph/api/resources/contact."""

import hashlib
import json

MAX_EMAILS = 3  # as many as Outlook has room for


def make(*, name, company, is_company, job, emails, phone, is_mobile, website, address):
    """Return the properties of a contact. Each is there, so that what was emptied in Odoo is emptied in Outlook.

    :param str name: of the person or company
    :param str company: that a person works for
    :param list emails: addresses; the first ones count
    :param bool is_mobile: the phone is a mobile one
    :param dict address: by Graph's names
    """
    name = (name or "").strip() or None
    given, _space, family = (name or "").partition(" ")
    return {
        "displayName": name,
        "givenName": None if is_company else given or None,
        "surname": None if is_company else family.strip() or None,
        "companyName": (name if is_company else company) or None,
        "jobTitle": job or None,
        "businessPhones": [phone] if phone and not is_mobile else [],
        "mobilePhone": phone if phone and is_mobile else None,
        "emailAddresses": [{"name": name, "address": email} for email in emails[:MAX_EMAILS]],
        "businessHomePage": website or None,
        "businessAddress": {key: value or None for key, value in address.items()},
    }


def digest(key, card):
    """Return what tells whether a contact has changed, and nothing about it.

    :param str key: of the contact, so that the same content of two contacts does not look the same
    """
    text = json.dumps(card, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(f"{key}\0{text}".encode()).hexdigest()
