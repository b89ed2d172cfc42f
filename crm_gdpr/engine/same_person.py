"""Whether what is written somewhere is about a person: by names and addresses."""

import re

from odoo.tools.mail import email_normalize, email_split

from ..tools.names import PARTICLES, TITLES, spellings, words_of

PLAIN_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)


def is_same(person, values, *, is_known=False):
    """Whether what a lead says is about this person: by name, or by an address and nothing that speaks against it.

    :param values: its ``name`` and ``email``
    :param is_known: it has a number of theirs, which is as good as an address
    """
    has_address = is_known or bool(emails_in(values["email"]) & person.identity.emails)
    name = values["name"]
    if not name or not person.identity.names:
        return has_address
    return any(
        _is_same_name(one, other, has_address)
        for one in _spell(name)
        for own in person.identity.names
        for other in _spell(own)
    )


def _spell(name):
    """The ways in which a name may be written, each without titles, particles and initials."""
    return set(map(_without_particles, spellings(name))) - {()}


def _is_same_name(one, other, has_address):
    """Whether both have the first and the last name in common; with the same address the first name does, or one alone.

    Somebody's family has the last name, and at times the address.
    """
    if has_address and (one[0] == other[0] or set(one) <= set(other) or set(other) <= set(one)):
        return True
    return min(len(one), len(other)) > 1 and ({one[0], one[-1]} <= set(other) or {other[0], other[-1]} <= set(one))


def words_of_person(name):
    """The words of a name that are more than a title or the like."""
    return set(_without_particles(words_of(name)))


def _without_particles(words):
    return tuple(word for word in words if len(word) > 1 and word not in PARTICLES and word not in TITLES)


def emails_in(text):
    """The addresses in a text; what is nothing but a plain one, as most are, is not parsed."""
    if PLAIN_ADDRESS.fullmatch(text or ""):
        return {text.lower()}
    found = {email_normalize(address) or address.lower() for address in email_split(text or "")}
    return {address for address in found if "@" in address}
