"""Who a person is: contacts with their children, users, leads, and the values that identify them."""

import hashlib
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from odoo.tools import SQL

from ..tools.identity import Identity
from ..tools.matching import Matcher
from ..tools.notations import international
from .others import leave_to_others, owners_of
from .same_person import emails_in, is_same, words_of_person

# numbers and the like that are looked for everywhere, where they are long enough to be somebody's
TEXT_FIELDS = ("street", "street2", "ref", "barcode")
NUMBER_FIELDS = ("vat", "company_registry", "peppol_endpoint", "global_location_number")
TRACKED_NAMES = {"name": "names", "email": "emails", "phone": "phones", "vat": "numbers", "street": "texts"}
MERGED = re.compile(r"([^<>&;:\n]{2,80}?)\s*(?:&lt;|<)([^<>&;\s]+@[^<>&;\s]+)(?:&gt;|>)\s*\(ID\s*\d+\)")
SHORTEST_TEXT = 6
SHORTEST_NUMBER = 8  # a shorter one may be others' as well


@dataclass(eq=False)
class Person:
    """One person of a run.

    :param main: (model, id) of the record that was chosen
    :param counts: rows by (model, what was done, reason)
    :param kept: what stays for now: (model, id, fields, reason, until)
    :param samples: (model, id, field, before, after) of some rows, where ``is_sampled``
    """

    main: tuple
    partners: list = field(default_factory=list)
    users: list = field(default_factory=list)
    leads: list = field(default_factory=list)
    mentions: list = field(default_factory=list)  # leads of other customers that have an address of the person's
    identity: Identity = field(default_factory=Identity)
    counts: Counter = field(default_factory=Counter)
    kept: list = field(default_factory=list)
    samples: list = field(default_factory=list)
    is_sampled: bool = False
    is_changed: bool = False  # by others, see `Run.since`
    shared: set = field(default_factory=set)  # addresses and numbers that other contacts have as well
    digest: object = field(default_factory=hashlib.sha256)
    _matcher: Matcher = None
    _careful_matcher: Matcher = None

    @property
    def matcher(self):
        if self._matcher is None:
            self._matcher = Matcher(self.identity)
        return self._matcher

    @property
    def careful_matcher(self):
        """For texts that are not about the person in the first place."""
        if self._careful_matcher is None:
            self._careful_matcher = Matcher(self.identity, is_careful=True)
        return self._careful_matcher

    @property
    def key(self):
        return "{},{}".format(*self.main)


def resolve(
    env,
    partner_ids=(),
    lead_ids=(),
    is_nobody=lambda name: False,
    *,
    with_contacts=True,
    find_along=lambda model, ids: set(),
):
    """Return the persons of these contacts, each with its children, and of these leads without a contact.

    :param is_nobody: tells a name that says nothing, as those do that anonymised contacts have
    :param with_contacts: with the people of a company, who are persons of their own, and not only its addresses
    :param find_along: tells which contacts or leads are anonymised as well, now or later: what they have is not others'
    """
    persons = [Person(("res.partner", partner_id)) for partner_id in partner_ids]
    _add_children(env, persons, with_contacts)
    persons = [person for person in persons if person.partners]
    leads = [Person(("crm.lead", lead_id), leads=[lead_id]) for lead_id in lead_ids]
    _read_partners(env, persons)
    _add_users(env, persons)
    _add_former_values(env, persons)
    _add_leads(env, persons)
    persons += leads
    _read_leads(env, persons)
    for person in persons:
        for kind in ("names", "companies"):
            setattr(person.identity, kind, {name for name in getattr(person.identity, kind) if not is_nobody(name)})
        person.identity.phones = set(map(international, person.identity.phones))
    leave_to_others(env, persons, find_along)
    return persons


def _add_children(env, persons, with_contacts):
    """A child that was chosen beside its parent goes with the parent."""
    env.cr.execute(
        SQL(
            """
            WITH RECURSIVE tree (id, root) AS (
                SELECT id, id FROM res_partner WHERE id = ANY(%(ids)s)
                UNION SELECT child.id, tree.root FROM res_partner child JOIN tree ON child.parent_id = tree.id
                       WHERE %(with_contacts)s OR child.type <> 'contact'
            ) SELECT root, array_agg(id ORDER BY id = root DESC, id) FROM tree GROUP BY root
            """,
            ids=[person.main[1] for person in persons],
            with_contacts=with_contacts,
        )
    )
    trees = dict(env.cr.fetchall())
    below = {row_id for root, ids in trees.items() for row_id in ids if row_id != root}
    for person in persons:
        if person.main[1] not in below:
            person.partners = trees.get(person.main[1], [])


def _read_partners(env, persons):
    owners = owners_of(persons, "partners")
    names = [name for name in ("name", "company_name", "email", "phone", "phone_sanitized", "is_company", *TEXT_FIELDS,
                              *NUMBER_FIELDS) if name in env["res.partner"]._fields]  # fmt: skip
    custom = [field for field in env["res.partner"]._fields.values() if field.manual and field.store]
    custom = [field.name for field in custom if field.column_type and field.type in ("char", "date")]
    for partner_id, values in _read(env, "res.partner", [*names, *custom], list(owners)):
        identity = owners[partner_id].identity
        identify(identity, values)
        for name in custom:
            _identify_custom(identity, values[name])
    _add_bank_accounts(env, owners)


def _read(env, model, names, ids):
    """Yield (id, values) as they stand in the table."""
    columns = SQL(", ").join(SQL.identifier(name) for name in ("id", *names))
    table = SQL.identifier(env[model]._table)
    env.cr.execute(SQL("SELECT %s FROM %s WHERE id = ANY(%s)", columns, table, ids))
    for row in env.cr.fetchall():
        yield row[0], dict(zip(names, row[1:], strict=True))


def identify(identity, values):
    """Add what a contact's or lead's columns say."""
    name, company = ((values.get(name) or "").strip() for name in ("name", "company_name"))
    is_company = values.get("is_company") or not name
    names = identity.companies if is_company else identity.names
    names |= {name or company} - {""}
    # of where somebody works the name is nobody's, and of their own business it is theirs
    if name and words_of_person(company) & words_of_person(name):
        names.add(company)
    identity.emails |= emails_in(values.get("email"))
    identity.phones |= {number for number in (values.get("phone_sanitized") or values.get("phone"),) if number}
    for name in TEXT_FIELDS:
        value = values.get(name)
        texts = value.values() if isinstance(value, dict) else [value]
        identity.texts |= {text.strip() for text in texts if _is_telling(text)}
    for name in NUMBER_FIELDS:
        value = values.get(name)
        for number in value.values() if isinstance(value, dict) else [value]:
            _add_number(identity, number)


def _add_number(identity, number):
    if _is_telling(number):
        is_long = sum(map(str.isalnum, number)) >= SHORTEST_NUMBER
        (identity.numbers if is_long else identity.texts).add(number.strip())


def _identify_custom(identity, value):
    if isinstance(value, str):
        identity.texts |= {value.strip()} if _is_telling(value) and " " not in value.strip() else set()
    elif value:
        identity.dates.add(value)


def _is_telling(text):
    """Long enough and with a digit: a number or an address, and no common word."""
    return isinstance(text, str) and len(text.strip()) >= SHORTEST_TEXT and any(char.isdigit() for char in text)


def _add_bank_accounts(env, owners):
    env.cr.execute(
        SQL(
            """
            SELECT partner_id, acc_number FROM res_partner_bank account
             WHERE partner_id = ANY(%(own)s)
               AND NOT EXISTS (SELECT FROM res_partner_bank other
                                WHERE other.sanitized_acc_number = account.sanitized_acc_number
                                  AND NOT other.partner_id = ANY(%(own)s))
            """,
            own=list(owners),
        )
    )
    for partner_id, number in env.cr.fetchall():
        _add_number(owners[partner_id].identity, number)


def _add_users(env, persons):
    owners = owners_of(persons, "partners")
    env.cr.execute(SQL("SELECT id, partner_id, login FROM res_users WHERE partner_id = ANY(%s)", list(owners)))
    for user_id, partner_id, login in env.cr.fetchall():
        owners[partner_id].users.append(user_id)
        owners[partner_id].identity.emails |= emails_in(login)


def _add_former_values(env, persons):
    """What they were called before: tracked changes, and duplicates that were merged into them."""
    owners = owners_of(persons, "partners")
    env.cr.execute(
        SQL(
            """
            SELECT message.res_id, field.name, value.old_value_char, partner.is_company
              FROM mail_message message
              JOIN res_partner partner ON partner.id = message.res_id
              JOIN mail_tracking_value value ON value.mail_message_id = message.id
              JOIN ir_model_fields field ON field.id = value.field_id
             WHERE message.model = 'res.partner' AND message.res_id = ANY(%s)
               AND field.name = ANY(%s) AND value.old_value_char IS NOT NULL
            """,
            list(owners),
            list(TRACKED_NAMES),
        )
    )
    for partner_id, name, value, is_company in env.cr.fetchall():
        kind = "companies" if name == "name" and is_company else TRACKED_NAMES[name]
        values = emails_in(value) if kind == "emails" else {value.strip()}
        if kind == "numbers":
            _add_number(owners[partner_id].identity, value)
        elif kind != "texts" or _is_telling(value):
            getattr(owners[partner_id].identity, kind).update(values)
    env.cr.execute(
        SQL(
            r"""
            SELECT message.res_id, message.body, partner.is_company
              FROM mail_message message JOIN res_partner partner ON partner.id = message.res_id
             WHERE message.model = 'res.partner' AND message.res_id = ANY(%s) AND message.body LIKE %s
            """,
            list(owners),
            "%(ID %",
        )
    )
    for partner_id, body, is_company in env.cr.fetchall():
        for name, email in MERGED.findall(body):
            identity = owners[partner_id].identity
            (identity.companies if is_company else identity.names).add(re.sub(r"^.*,\s*", "", name).strip())
            owners[partner_id].identity.emails |= emails_in(email)


def _add_leads(env, persons):
    """Their leads, and those without a contact that were sent from an address which is nobody else's.

    From an address such as info@ others write as well: theirs are not the person's, and then the address neither.
    """
    owners = owners_of(persons, "partners")
    env.cr.execute(SQL("SELECT id, partner_id FROM crm_lead WHERE partner_id = ANY(%s) ORDER BY id", list(owners)))
    for lead_id, partner_id in env.cr.fetchall():
        owners[partner_id].leads.append(lead_id)
    by_email = defaultdict(list)
    for person in persons:
        for email in person.identity.emails:
            by_email[email].append(person)
    env.cr.execute(
        SQL(
            """
            SELECT lead.id, lead.email_normalized, lead.contact_name,
                   ARRAY(SELECT id FROM res_partner WHERE email_normalized = lead.email_normalized)
              FROM crm_lead lead
             WHERE lead.email_normalized = ANY(%s) AND lead.partner_id IS NULL
             ORDER BY lead.id
            """,
            list(by_email),
        )
    )
    for lead_id, email, name, contacts in env.cr.fetchall():
        # one after the other it is found for the same persons as for all of them together
        for person in by_email[email]:
            if set(contacts) <= set(person.partners):
                _add_lead(person, lead_id, {"name": name, "email": email})


def _add_lead(person, lead_id, values):
    if is_same(person, values):
        person.leads.append(lead_id)
    else:
        person.shared |= emails_in(values["email"])


def _read_leads(env, persons):
    """A lead tells how else its person is called; of a lead without a contact it is all that is known."""
    owners = owners_of(persons, "leads")
    names = ("contact_name", "partner_name", "email_from", "phone", "phone_sanitized", "street", "street2")
    for lead_id, values in _read(env, "crm.lead", names, list(owners)):
        person = owners[lead_id]
        values["email"] = values.pop("email_from")
        values["name"] = values.pop("contact_name")
        company = values.pop("partner_name")
        if not person.partners:
            values["company_name"] = company
        elif not is_same(person, values):
            values = {}
        identify(person.identity, values)
