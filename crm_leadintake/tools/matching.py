"""Which records of a batch are about the same person, by the keys that they share."""

import re

from odoo.tools import email_normalize

# An address without a name, quotes or comments: of these Odoo's thorough reading makes the same in lower case.
_ADDRESS = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.A | re.I)


def is_bare(email):
    """Tell whether a text is one e-mail address and nothing else, in plain ASCII."""
    return bool(_ADDRESS.fullmatch(email))


def normalize_email(text):
    """An e-mail address as Odoo compares it, or None where it is not exactly one."""
    return text.lower() if is_bare(text) else email_normalize(text) or None


def normalize(text):
    """A name as it is compared: without case, and with single blanks. SQL does the same with lower() and btrim()."""
    return re.sub(r"\s+", " ", (text or "")).strip().lower()


def keys_of(rules, values, phone_sanitized):
    """The keys by which a record is a duplicate of another.

    :param set rules: of ``email``, ``phone``, ``company``, ``name``
    :param dict values: by name on the wire
    :param phone_sanitized: the number in E.164, or None
    :return: ``{rule: key}``
    """
    company, name = normalize(values.get("company")), normalize(values.get("contact_name"))
    keys = {
        "email": normalize_email(values.get("email") or ""),
        "phone": phone_sanitized or None,
        "company": company or None,
        "name": f"{name}|{company}" if name else None,
    }
    return {rule: key for rule, key in keys.items() if key and rule in rules}


def leaders(keys_list):
    """For each record of a batch the index of the first one that shares a key with it, also through others.

    :param list keys_list: ``{rule: key}`` of each
    :return: a list of indexes; a record that is the first of its kind is its own
    """
    parents = list(range(len(keys_list)))

    def find(index):
        while parents[index] != index:
            parents[index] = parents[parents[index]]
            index = parents[index]
        return index

    first = {}
    for index, keys in enumerate(keys_list):
        for key in keys.items():
            one, other = find(first.setdefault(key, index)), find(index)
            parents[max(one, other)] = min(one, other)
    return [find(index) for index in range(len(keys_list))]
