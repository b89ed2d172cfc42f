from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL


class Taken:
    """Who is in a group already, to recognise the same person by.

    The same person is: the same customer, whichever of its projects was chosen; somebody of the same name with the same
    e-mail address or the same number; and, where one of the two is a lead without a customer, whoever has the same
    e-mail address or number, whatever the lead is called.
    """

    def __init__(self):
        self.customers = set()
        self.named = set()
        self.all_reaches = set()
        self.reaches_of_leads = set()

    def __contains__(self, person):
        if person["partner_id"] and person["partner_id"] in self.customers:
            return True
        reaches = _reaches(person)
        if not self.named.isdisjoint((_called(person), reach) for reach in reaches):
            return True
        same = self.reaches_of_leads if person["partner_id"] else self.all_reaches
        return not same.isdisjoint(reaches)

    def add(self, person):
        reaches = _reaches(person)
        if person["partner_id"]:
            self.customers.add(person["partner_id"])
        else:
            self.reaches_of_leads.update(reaches)
        self.all_reaches.update(reaches)
        self.named.update((_called(person), reach) for reach in reaches)


def _reaches(person):
    return [reach for reach in (person["email"], person["number"]) if reach]


def _called(person):
    return " ".join((person["name"] or "").casefold().split())


class CrmCampaignMember(models.Model):
    """Why somebody is left out of a campaign, whatever the channel. Tens of thousands are asked for at once."""

    _inherit = "crm.campaign.member"

    def _get_reasons(self):
        """Why members are not to be addressed, asked anew: much may have happened since the list was made.

        :return: ``{crm.campaign.member id: reason}``, without those whom nothing speaks against
        """
        self._follow_leads()
        reasons, of_company = {}, defaultdict(list)
        for line in self._read_lines(SQL("id = ANY(%s)", list(self._ids))):
            if line["reason"]:
                reasons[line["id"]] = line["reason"]
            else:
                of_company[line["company_id"]].append(line)
        for company_id, lines in of_company.items():
            people = self._read_people([(line["partner_id"], line["lead_id"]) for line in lines])
            found = self._judge(people, self.env["res.company"].browse(company_id), Taken())
            reasons |= {line["id"]: reason for line, reason in zip(lines, found, strict=True) if reason}
        return reasons

    @api.model
    def _read_lines(self, condition):
        """Who members are, whoever may see them, in one query for any number.

        :param SQL condition: which members
        :return: list of dicts in the order in which they were added
        """
        self.flush_model()
        columns = SQL("id, company_id, partner_id, lead_id, state, reason")
        return self.env.execute_query_dict(
            SQL("SELECT %s FROM crm_campaign_member WHERE %s ORDER BY id", columns, condition)
        )

    @api.model
    def _judge(self, people, company, taken):
        """Why people are left out, in a few queries for all of them.

        :param list people: rows of ``_read_people``
        :param company: ``res.company`` whose campaign it is
        :param taken: ``Taken``: who is in already, to which those are added who have no reason
        :return: list of reasons, None for those who are in
        """
        seen_partners = self._get_visible("res.partner", {person["partner_id"] for person in people})
        seen_leads = self._get_visible("crm.lead", {person["lead_id"] for person in people})
        # sudo: the companies above, whose customers are a branch's as well
        companies = {None, *company.sudo().parent_ids.ids}
        reasons = []
        for person in people:
            is_hidden = (person["partner_id"] and person["partner_id"] not in seen_partners) or (
                person["lead_id"] and person["lead_id"] not in seen_leads
            )
            reasons.append("out_of_reach" if is_hidden else self._reason_of(person, companies))
        suppressed = self._get_suppressed(
            [person for person, reason in zip(people, reasons, strict=True) if not reason], company
        )
        # Of a customer and a lead without one who are the same person, it is the customer who is in.
        for index in sorted(range(len(people)), key=lambda index: people[index]["partner_id"] is None):
            person = people[index]
            if not reasons[index] and not suppressed.isdisjoint(_reaches(person)):
                reasons[index] = "anonymised"
            if not reasons[index] and person in taken:
                reasons[index] = "double"
            if not reasons[index]:
                taken.add(person)
        return reasons

    @api.model
    def _reason_of(self, person, companies):
        """The first reason of somebody whom the user sees, or None.

        :param dict person: a row of ``_read_people``
        :param set companies: ids of those whose customers and leads are the campaign's to address
        """
        if person["gdpr_state"]:
            return "anonymised"
        if person["is_archived"]:
            return "archived"
        if person["partner_company_id"] not in companies or person["lead_company_id"] not in companies:
            return "company"
        return "blacklisted" if person["is_blacklisted"] else None

    @api.model
    def _get_visible(self, model, ids):
        """Those of records that the user may read, archived ones too."""
        ids = [record_id for record_id in ids if record_id]
        records = self.env[model].with_context(active_test=False)
        if not ids or not records.has_access("read"):
            return set()
        return set(records._search([("id", "in", ids)]))

    @api.model
    def _get_suppressed(self, people, company):
        """Addresses and numbers of persons who were anonymised, where the addon that knows them is installed."""
        if "crm.gdpr.suppression" not in self.env:
            return set()
        emails = {person["email"] for person in people if person["email"]}
        numbers = {person["number"] for person in people if person["number"]}
        return self.env["crm.gdpr.suppression"]._find(emails, numbers, company, is_sending=True)

    @api.model
    def _read_people(self, pairs):
        """What decides on who people are and whether they may be addressed, in one query.

        A lost project says that the project was lost, and not that its contact is to be forgotten: only one that was
        put aside is archived.

        :param list pairs: ``[(res.partner id or False, crm.lead id or False)]``
        :return: list of dicts in the same order
        """
        if not pairs:
            return []
        partners, leads = self.env["res.partner"], self.env["crm.lead"]
        is_anonymised = SQL.identifier("partner", "gdpr_state") if "gdpr_state" in partners._fields else SQL("NULL")
        partners.flush_model()
        leads.flush_model()
        self.env["mail.blacklist"].flush_model()
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT chosen.partner_id, chosen.lead_id, person.name, person.email, person.number,
                       %(is_anonymised)s AS gdpr_state,
                       (partner.active IS FALSE OR partner.id IS NULL
                        AND lead.active IS FALSE AND lead.won_status IS DISTINCT FROM 'lost') AS is_archived,
                       partner.company_id AS partner_company_id, lead.company_id AS lead_company_id,
                       blacklist.id IS NOT NULL AS is_blacklisted
                  FROM unnest(%(partners)s::int[], %(leads)s::int[]) WITH ORDINALITY AS chosen(partner_id, lead_id, nr)
                  LEFT JOIN res_partner partner ON partner.id = chosen.partner_id
                  LEFT JOIN crm_lead lead ON lead.id = chosen.lead_id
                 CROSS JOIN LATERAL (
                       SELECT COALESCE(NULLIF(partner.name, ''), partner.complete_name, NULLIF(lead.contact_name, ''),
                                       NULLIF(lead.partner_name, ''), lead.name) AS name,
                              COALESCE(NULLIF(partner.email_normalized, ''),
                                       NULLIF(lead.email_normalized, '')) AS email,
                              COALESCE(NULLIF(partner.phone_sanitized, ''), NULLIF(lead.phone_sanitized, '')) AS number
                       ) person
                  LEFT JOIN mail_blacklist blacklist ON blacklist.email = person.email AND blacklist.active
                 ORDER BY chosen.nr
                """,
                is_anonymised=is_anonymised,
                partners=[partner_id or None for partner_id, _lead_id in pairs],
                leads=[lead_id or None for _partner_id, lead_id in pairs],
            )
        )

    # ------------------------------------------------------------
    # Leads that become a customer's
    # ------------------------------------------------------------

    def _follow_leads(self):
        """Of leads that got a customer since they were added, it is the same member, now with the customer.

        If the customer is in as well, two members have become one person: see ``_become_one``. This is asked when it
        matters, and not whenever somebody gives a lead a customer.
        """
        self.flush_model()
        self.env["crm.lead"].flush_model(["partner_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT member.id, lead.partner_id FROM crm_campaign_member member
                  JOIN crm_lead lead ON lead.id = member.lead_id
                 WHERE member.campaign_id = ANY(%s) AND member.partner_id IS NULL AND lead.partner_id IS NOT NULL
                """,
                self.sudo().campaign_id.ids,  # sudo: which campaign they are of
            )
        )
        if not rows:
            return
        by_partner = defaultdict(list)
        for member_id, partner_id in rows:
            by_partner[partner_id].append(member_id)
        # sudo: it follows from what was written to the lead, whoever did that
        members = self.sudo()
        domain = [("campaign_id", "in", members.campaign_id.ids), ("partner_id", "in", list(by_partner))]
        known = members.search(domain).grouped("partner_id")
        for partner_id, member_ids in by_partner.items():
            partner = self.env["res.partner"].browse(partner_id)
            new = members.browse(member_ids)
            (known.get(partner.sudo(), members.browse()) | new)._become_one()
            new.write({"partner_id": partner_id})
        self.flush_model()
