from markupsafe import Markup

from odoo import Command, api, models
from odoo.tools import SQL

from ..tools import matching, phones
from ..tools.problems import Problem
from .crm_lead_inbox_create import KEEP_CUSTOMER

# The columns to compare, of leads and of customers, with the indexes that they have in crm_lead.py and res_partner.py.
# A customer's name counts for a person together with the company, and for a company alone.
_LEAD_KEYS = {
    "email": SQL("email_normalized"),
    "phone": SQL("phone_sanitized"),
    "name": SQL("lower(contact_name) || '|' || COALESCE(lower(partner_name), '')"),
    "company": SQL("lower(partner_name)"),
}
RULES = ("email", "phone", "name", "company")  # the surest first


class CrmLeadInbox(models.Model):
    """Duplicates among open leads, projects and customers, and within a batch: one query per rule for all of it.

    Each key is looked up by itself (LATERAL), as PostgreSQL knows nothing of how few rows an expression's partial index
    has for one, and would read a million leads for a thousand keys.
    """

    _inherit = "crm.lead.inbox"

    @api.model
    def _find_duplicates(self, config, entries):
        """Say of each record which open lead and which customer are the same person."""
        for entry in entries:
            number = self._sanitize_phone(config, entry.found) if "phone" in config.duplicate_by else None
            entry.keys = matching.keys_of(config.duplicate_by, entry.found, number)
        self.env["crm.intake.lock"]._hold(
            f"{config.company_id}:{rule}:{key}" for entry in entries for rule, key in entry.keys.items()
        )
        for rule in RULES:
            keys = {entry.keys[rule] for entry in entries if rule in entry.keys}
            if not keys:
                continue
            leads = self._find_open_leads(config, rule, list(keys))
            partners = self._find_partners(config, rule, list(keys))
            for entry in entries:
                key = entry.keys.get(rule)
                if not entry.lead_id and key in leads:
                    entry.lead_id, partner_id = leads[key]
                    entry.partner_id = entry.partner_id or partner_id
                if not entry.partner_id and key in partners:
                    entry.partner_id, entry.partner_user_id = partners[key]

    @api.model
    def _sanitize_phone(self, config, found):
        if not found.get("phone"):
            return None
        code = self._get_country_codes().get(found.get("country")) or self.env.company.country_id.code
        return phones.book_of(self.env.cr).standard(found["phone"], code or None)

    @api.model
    def _find_open_leads(self, config, rule, keys):
        """``{key: (lead id, customer id)}``: a project before a lead, and of several the newest."""
        self.env["crm.lead"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT wanted.key, lead.id, lead.partner_id
                  FROM unnest(%(keys)s) AS wanted (key)
                 CROSS JOIN LATERAL (
                    SELECT id, partner_id FROM crm_lead
                     WHERE active AND won_status = 'pending' AND (company_id IS NULL OR company_id = %(company)s)
                       AND %(key)s = wanted.key
                     ORDER BY type DESC, id DESC LIMIT 1) AS lead
                """,
                key=_LEAD_KEYS[rule],
                company=config.company_id,
                keys=keys,
            )
        )
        return {key: (lead_id, partner_id) for key, lead_id, partner_id in self.env.cr.fetchall()}

    @api.model
    def _find_partners(self, config, rule, keys):
        """``{key: (customer id, id of their salesperson)}``: a person before a company, and of several the newest."""
        self.env["res.partner"].flush_model()
        key = {
            "email": SQL("partner.email_normalized"),
            "phone": SQL("partner.phone_sanitized"),
            "name": SQL("lower(partner.name) || '|' || COALESCE(lower(company.name), lower(partner.company_name), '')"),
            "company": SQL("lower(partner.name)"),
        }[rule]
        condition = SQL("%s = wanted.key", key)
        if rule == "name":
            condition = SQL("lower(partner.name) = split_part(wanted.key, '|', 1) AND %s", condition)
        elif rule == "company":
            condition = SQL("partner.is_company AND %s", condition)
        self.env.cr.execute(
            SQL(
                """
                SELECT wanted.key, found.id, found.user_id
                  FROM unnest(%(keys)s) AS wanted (key)
                 CROSS JOIN LATERAL (
                    SELECT partner.id, partner.user_id
                      FROM res_partner partner LEFT JOIN res_partner company ON company.id = partner.parent_id
                     WHERE partner.active AND (partner.company_id IS NULL OR partner.company_id = %(company)s)
                       AND %(condition)s
                     ORDER BY partner.is_company NULLS FIRST, partner.id DESC LIMIT 1) AS found
                """,
                keys=keys,
                company=config.company_id,
                condition=condition,
            )
        )
        return {key: (partner_id, user_id) for key, partner_id, user_id in self.env.cr.fetchall()}

    @api.model
    def _decide_duplicates(self, config, entries):
        """Decide what becomes of records whose lead is there already, and which wait for another one of the batch."""
        for entry in entries:
            if entry.is_gone:
                entry.reject(Problem("", "gone"))
        for entry, leader in _with_leaders(entries):
            if entry.is_update:
                entry.action = "updated"
            elif entry.lead_id or leader is not entry:
                self._decide_duplicate(config, entry)

    @api.model
    def _decide_duplicate(self, config, entry):
        if config.duplicate_action == "reject":
            entry.reject(Problem("", "duplicate"))
        else:
            entry.action = {"link": "linked", "update": "updated", "note": "noted"}[config.duplicate_action]

    @api.model
    def _follow_leaders(self, config, entries):
        """Give records that repeat another one of the batch the lead that this one has now."""
        for entry, leader in _with_leaders(entries):
            if entry.action and not entry.lead_id:
                entry.lead_id = leader.lead_id

    @api.model
    def _act_on_duplicates(self, config, entries):
        """Update leads that are there already, or add notes to them."""
        Lead = self.env["crm.lead"].with_context(mail_auto_subscribe_no_notify=True, **KEEP_CUSTOMER)
        # read together, written one by one
        leads = Lead.browse({entry.lead_id for entry in entries if entry.action == "updated"})
        notes = {}
        for entry in entries:
            if entry.action == "updated":
                self._update_lead(config, Lead.browse(entry.lead_id).with_prefetch(leads.ids), entry, notes)
            elif entry.action == "noted":
                notes.setdefault(entry.lead_id, []).append(self._get_note(config, entry))
        if notes:
            bodies = {lead_id: Markup("<hr>").join(parts) for lead_id, parts in notes.items()}
            Lead.browse(bodies)._message_log_batch(bodies=bodies)

    @api.model
    def _update_lead(self, config, lead, entry, notes):
        """Write what was sent; what people have set and written stays: tags are added, new text goes to the history."""
        vals = self._get_lead_values(config, entry)
        if not entry.is_update:
            # another request of the same person: what it is about and where the first came from stay
            for name in ("name", "campaign_id", "source_id", "medium_id"):
                vals.pop(name, None)
        description = vals.pop("description", None)
        if description and not lead.description:
            vals["description"] = description
        elif description and description != lead.description:
            notes.setdefault(lead.id, []).append(description)
        field_values = {
            name: self._as_added(value) if lead._fields[name].type == "many2many" else value
            for name, value in vals.items()
            if self._differs(lead, name, value)
        }
        if field_values:
            lead.write(field_values)

    @api.model
    def _differs(self, lead, name, value):
        field = lead._fields[name]
        return field.type in ("many2many", "html") or field.convert_to_write(lead[name], lead) != value

    @api.model
    def _as_added(self, commands):
        """Commands that set records as those that add them."""
        return [Command.link(record_id) for _set, _zero, ids in commands for record_id in ids]

    @api.model
    def _get_note(self, config, entry):
        """What came, as a note for people: field by field, in the language of the company."""
        told = self._in_company_lang()
        Lead = told.env["crm.lead"]
        lines = [
            Markup("<b>%s</b>: %s")
            % (Lead._fields[spec.target]._description_string(told.env), told._show_value(spec, value))
            for name, value in entry.found.items()
            if (spec := config.specs.get(name)) and spec.kind not in ("records", "tags")
        ]
        origin = self.env["crm.intake.source"].browse(config.id).name
        title = told.env._("Came in again from %(origin)s", origin=origin)
        return Markup("<p>%s</p><p>%s</p>") % (title, Markup("<br>").join(lines))

    @api.model
    def _show_value(self, spec, value):
        if spec.kind in ("country", "state", "language", "utm", "record"):
            field = self.env["crm.lead"]._fields[spec.target]
            return self.env[field.comodel_name].browse(value).display_name
        return value

    @api.model
    def _in_company_lang(self):
        """For what people of the company read: nobody's language is asked for when a program sends something."""
        return self.with_context(lang=self.env.company.partner_id.lang)


def _with_leaders(entries):
    """Each record with the first one of the batch that is the same person; one whose lead is gone leads nobody."""
    entries = [entry for entry in entries if not entry.is_gone]
    leaders = matching.leaders([entry.keys for entry in entries])
    return [(entry, entries[leader]) for entry, leader in zip(entries, leaders, strict=True)]
