"""What others have as well: it does not tell a person from them."""

from collections import defaultdict

from odoo.tools import SQL

from ..tools.names import words_of
from .same_person import is_same


def owners_of(persons, attribute):
    """Whose each row is: ``{row id: Person}``, of the ids that persons have in an attribute."""
    return {row_id: person for person in persons for row_id in getattr(person, attribute)}


def leave_to_others(env, persons, find_along):
    """What others have as well does not tell this person from them: it is theirs, and stays in their rows.

    A contact person has the address and tax number of their company, and colleagues write from one address.
    """
    partners, leads = owners_of(persons, "partners"), owners_of(persons, "leads")
    emails = sorted({email for person in persons for email in person.identity.emails})
    phones = sorted({phone for person in persons for phone in person.identity.phones})
    numbers = sorted({number for person in persons for number in person.identity.numbers})
    contacts = _find_contacts(env, list(partners), emails, phones, numbers)
    along = find_along("res.partner", [row_id for row_id, *_values in contacts])
    contacts = [row for row in contacts if row[0] not in along]
    others = _find_leads(env, list(partners), list(leads), emails, phones)
    along = find_along("crm.lead", [row_id for row_id, *_values in others])
    others = list(_leave_mentions(env, [row for row in others if row[0] not in along], persons))
    shared = {value for _id, _is_company, *values in contacts for value in values if value}
    shared |= {value for _id, *values in others for value in values if value}
    companies = {value for _id, is_company, *values in contacts if is_company for value in values if value}
    for person, value in _find_one_offs(env, persons):
        person.shared.add(value)
    for person in persons:
        theirs = shared | person.shared
        person.shared = (person.identity.emails | person.identity.phones) & theirs
        # a company's number is nobody's secret; somebody else's may be this person's all the same
        person.identity.shared = person.shared - companies
        for kind in ("emails", "phones", "texts", "numbers"):
            setattr(person.identity, kind, getattr(person.identity, kind) - theirs)
        person.mentions = [lead_id for lead_id, email in person.mentions if email in person.identity.emails]


def _leave_mentions(env, leads, persons):
    """Yield what others have in leads: (id, e-mail, phone), and note at the persons where an address is theirs alone.

    A lead may have a customer, and the address of somebody else: of who wrote before there was a customer, for example.
    It is that person's unless the lead names another one for it. The customer's own name, with which Odoo fills the
    lead, says nothing about an address that the customer does not have. Of a customer on hold everything stays.
    """
    owners = defaultdict(list)
    for person in persons:
        for email in person.identity.emails:
            owners[email].append(person)
    # whatever user: a hold protects from everybody
    customers = env["res.partner"].browse({customer_id for *_values, customer_id, _name in leads if customer_id})
    held = {partner_id for partner_id, _hold_id in env["crm.gdpr.hold"]._find_holds(customers)}
    for lead_id, email, phone, name, customer_id, customer in leads:
        is_customers = customer_id and customer_id not in held
        says = {"name": "" if words_of(name or "") == words_of(customer or "") else name, "email": email}
        theirs = [person for person in owners[email] if is_same(person, says)] if is_customers and email else []
        for person in theirs:
            person.mentions.append((lead_id, email))
        if not theirs:
            yield lead_id, email, phone


def _find_contacts(env, own, emails, phones, numbers):
    """Other contacts that have any of these values, and the companies of these: (id, is company, values …)."""
    names = ("email_normalized", "phone_sanitized", "street", "street2", "vat")
    env.cr.execute(
        SQL(
            """
            SELECT id, is_company, %(names)s FROM res_partner WHERE NOT id = ANY(%(own)s) AND id IN (
                SELECT id FROM res_partner WHERE email_normalized = ANY(%(emails)s)
                 UNION SELECT id FROM res_partner WHERE phone_sanitized = ANY(%(phones)s)
                 UNION SELECT id FROM res_partner WHERE vat = ANY(%(numbers)s)
                 UNION SELECT unnest(ARRAY[commercial_partner_id, parent_id]) FROM res_partner WHERE id = ANY(%(own)s))
            """,
            names=SQL(", ").join(SQL.identifier(name) for name in names),
            own=own,
            emails=emails,
            phones=phones,
            numbers=numbers,
        )
    )
    return env.cr.fetchall()


def _find_one_offs(env, persons):
    """Addresses and numbers of persons that somebody of another name on a project has too: (person, value)."""
    if "crm.lead.contact" not in env:
        return
    owners = defaultdict(list)
    for person in persons:
        for value in person.identity.emails | person.identity.phones:
            owners[value].append(person)
    env.cr.execute(
        SQL(
            """
            SELECT one_off_name, lower(one_off_email), one_off_phone_sanitized FROM crm_lead_contact
             WHERE one_off_name IS NOT NULL
               AND (lower(one_off_email) = ANY(%(values)s) OR one_off_phone_sanitized = ANY(%(values)s))
            """,
            values=list(owners),
        )
    )
    for name, *values in env.cr.fetchall():
        for value in filter(owners.get, values):
            for person in owners[value]:
                if not is_same(person, {"name": name, "email": values[0]}, is_known=True):
                    yield person, value


def _find_leads(env, partners, leads, emails, phones):
    """Leads that are not the persons' and have any of these addresses or numbers.

    :return: (id, e-mail, phone, name of who it is with, the customer's id and name)
    """
    env.cr.execute(
        SQL(
            """
            SELECT lead.id, lead.email_normalized, lead.phone_sanitized, lead.contact_name,
                   lead.partner_id, customer.name
              FROM crm_lead lead LEFT JOIN res_partner customer ON customer.id = lead.partner_id
             WHERE NOT lead.id = ANY(%(leads)s)
               AND (lead.partner_id IS NULL OR NOT lead.partner_id = ANY(%(partners)s))
               AND lead.id IN (
                SELECT id FROM crm_lead WHERE email_normalized = ANY(%(emails)s)
                 UNION SELECT id FROM crm_lead WHERE phone_sanitized = ANY(%(phones)s))
             ORDER BY lead.id
            """,
            leads=leads,
            partners=partners,
            emails=emails,
            phones=phones,
        )
    )
    return env.cr.fetchall()
