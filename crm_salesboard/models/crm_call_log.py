from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.fields import Domain

from ..tools.call_entries import CallEntry


class CrmCall(models.Model):
    """What a telephone system tells of calls: read, matched to customers and projects, and kept once."""

    _inherit = "crm.call"

    @api.model
    def log_calls(self, calls, source=None):
        """Add calls to the log, or to what it knows of them: a call that is told of twice is one call.

        For telephone systems, whose user is in the group *Telephone System*. All calls of a request are looked up
        together: send many at once rather than one by one. A call is assigned to the customer who has its number, a
        person before a company and of several the newest, and to the open project of that customer if there is
        exactly one. Without such a customer it goes to the open lead or project whose own phone, or whose one-off
        contact's, has the number, if there is exactly one. Else it waits in *CRM ▸ Calls* to be assigned.

        A call that is told of again changes in what is given, and keeps the rest: its duration may come later. What
        people have assigned or noted in Odoo stays.

        :param list calls: one dictionary per call:

            - ``call_id`` (required): the system's own id of the call, at most 255 characters
            - ``direction`` (required the first time): ``"in"`` or ``"out"``
            - ``number``: the number at the other end; without a country code it is one of the company's country
            - ``start``: ISO 8601, UTC unless it has an offset; the moment of logging when left out
            - ``duration``: whole seconds
            - ``user``: login, e-mail address or phone extension of the colleague
            - ``result``: ``"answered"``, ``"missed"``, ``"busy"`` or ``"voicemail"``
            - ``recording_url``: http or https
            - ``note``: text
        :param str source: name of the telephone system, if one user logs for several; ids are unique per source. By
            default the login of the user.
        :return: a list with a dictionary for each call, in the same order: ``call_id``, ``status`` (``"created"``,
            ``"updated"`` or ``"error"``), ``id`` and ``assigned`` unless it is an error, ``message`` with what is
            wrong, and ``warnings`` with what was left out. Calls with an error are not kept, all others are.
        :raise AccessError: the user is not in the group *Telephone System*
        :raise UserError: ``calls`` is not a list, or ``source`` no text
        """
        if not self.env.su and not self.env.user.has_group("crm_salesboard.group_telephone_system"):
            raise AccessError(
                self.env._("Logging calls needs the group Telephone System. Ask your administrator for it.")
            )
        if not isinstance(calls, list):
            raise UserError(self.env._("Give the calls as a list with one dictionary per call."))
        if source is not None and (not isinstance(source, str) or not source.strip() or "\0" in source):
            raise UserError(self.env._("Give the name of the telephone system as text, or leave it out."))
        company = self.env.company  # before sudo, for which every company is the user's
        # sudo: a telephone system may not see customers, projects or colleagues, only hand in calls to be matched
        log = self.with_company(company).sudo()
        return log._log_entries([CallEntry(self.env, call) for call in calls], source or self.env.user.login)

    @api.model
    def _log_entries(self, entries, source):
        known = self._get_known_calls(entries, source)
        self._refuse_undirected(entries, set(known))
        kept = [entry for entry in entries if not entry.error]
        self._find_users(kept)
        values = {}
        for entry in kept:
            values.setdefault(entry.call_id, {}).update(entry.values)
        self._update_calls({known[call_id]: vals for call_id, vals in values.items() if call_id in known})
        new = {call_id: vals for call_id, vals in values.items() if call_id not in known}
        calls = {**known, **self._create_calls(new, source)}
        answers, seen = [], set(known)
        for entry in entries:
            answers.append(entry.answer(calls.get(entry.call_id), entry.call_id in seen))
            seen.add(entry.call_id)
        return answers

    @api.model
    def _refuse_undirected(self, entries, directed):
        """Refuse calls of which neither the log nor an earlier entry says which way they went."""
        for entry in entries:
            if entry.error:
                continue
            if "direction" in entry.values:
                directed.add(entry.call_id)
            if entry.call_id not in directed:
                entry.error = self.env._("direction is missing: give in or out.")

    @api.model
    def _get_known_calls(self, entries, source):
        ids = [entry.call_id for entry in entries if not entry.error]
        calls = self.search_fetch([("source", "=", source), ("call_id", "in", ids)]) if ids else self
        return {call.call_id: call for call in calls}

    # ------------------------------------------------------------
    # Keeping
    # ------------------------------------------------------------

    @api.model
    def _create_calls(self, values, source):
        """Create the calls, each once.

        :raise ConcurrencyError: another request has just logged one of them; Odoo then repeats this one, which finds it
        """
        company = self.env.company
        vals_list = [
            {"user_id": False, **vals, "call_id": call_id, "source": source, "company_id": company.id}
            for call_id, vals in values.items()
        ]
        self._assign_values(vals_list, company)
        try:
            with self.env.cr.savepoint():
                calls = self.create(vals_list)
        except UniqueViolation as error:
            raise ConcurrencyError(self.env._("The same call was logged at this moment.")) from error
        return dict(zip(values, calls, strict=True))

    @api.model
    def _update_calls(self, values):
        """Add what is new; what people have noted or assigned in the meantime is theirs."""
        changes = {}
        for call, vals in values.items():
            if call.note:
                vals = {name: value for name, value in vals.items() if name != "note"}
            changes[call] = {name: value for name, value in vals.items() if self._differs(call, name, value)}
        renumbered = {call: vals for call, vals in changes.items() if "number" in vals and call.is_unassigned}
        for company, calls in self.union(*renumbered).grouped("company_id").items():
            self._assign_values([changes[call] for call in calls], company)
        for call, vals in changes.items():
            if vals:
                call.write(vals)

    @api.model
    def _differs(self, call, name, value):
        field = self._fields[name]
        return field.convert_to_write(call[name], call) != value

    # ------------------------------------------------------------
    # Looking up
    # ------------------------------------------------------------

    @api.model
    def _find_users(self, entries):
        """Say which colleague each call was made by; a call of an unknown one is kept without."""
        wanted = {name for entry in entries if entry.user for name in (entry.user, entry.user.casefold())}
        names = ("call_extension", "email_normalized", "login")
        domain = Domain.OR(Domain(name, "in", list(wanted)) for name in names)
        domain &= Domain("company_ids", "in", self.env.company.ids) & Domain("share", "=", False)
        users = self.env["res.users"].search_fetch(domain, names) if wanted else ()
        found = {user[name].casefold(): user.id for name in names for user in users if user[name]}
        for entry in entries:
            if entry.user:
                entry.set_user(found.get(entry.user.casefold()))

    @api.model
    def _assign_values(self, vals_list, company):
        """Add customer and project to the values of calls, by their numbers."""
        numbers = [self._normalize_number(vals.get("number"), company) for vals in vals_list]
        wanted = sorted(set(filter(None, numbers)))
        partners = self._get_partners_by_number(wanted, company)
        projects = self._get_open_project_by_customer(partners.values(), company)
        leads = self._get_lead_by_number([number for number in wanted if number not in partners], company)
        for vals, number in zip(vals_list, numbers, strict=True):
            partner = partners.get(number, self.env["res.partner"])
            lead = projects.get(partner.commercial_partner_id) if partner else leads.get(number)
            if partner or lead:
                vals.update(partner_id=partner.id or lead.partner_id.id, lead_id=lead.id if lead else False)

    @api.model
    def _get_partners_by_number(self, numbers, company):
        """``{number: res.partner}``: a person before a company, of several the newest."""
        domain = [("phone_sanitized", "in", numbers), ("company_id", "in", [False, company.id])]
        fields = ["phone_sanitized", "is_company", "commercial_partner_id"]
        partners = self.env["res.partner"].search_fetch(domain, fields, order="is_company DESC, id") if numbers else ()
        return {partner.phone_sanitized: partner for partner in partners}

    @api.model
    def _get_open_project_by_customer(self, partners, company):
        """``{commercial res.partner: crm.lead}`` for customers who have exactly one open project."""
        customers = self.env["res.partner"].union(*partners).commercial_partner_id
        domain = self._get_open_domain(company) & Domain("type", "=", "opportunity")
        domain &= Domain("partner_id.commercial_partner_id", "in", customers.ids)
        projects = self.env["crm.lead"].search_fetch(domain, ["partner_id"]) if customers else self.env["crm.lead"]
        by_customer = projects.grouped(lambda lead: lead.partner_id.commercial_partner_id)
        return {customer: leads for customer, leads in by_customer.items() if len(leads) == 1}

    @api.model
    def _get_lead_by_number(self, numbers, company):
        """``{number: crm.lead}`` for numbers that exactly one open lead or project has, or its one-off contact."""
        if not numbers:
            return {}
        open_domain = self._get_open_domain(company)
        found = {}
        for lead in self.env["crm.lead"].search_fetch(
            open_domain & Domain("phone_sanitized", "in", numbers), ["phone_sanitized", "partner_id"]
        ):
            found.setdefault(lead.phone_sanitized, set()).add(lead)
        for contact in self.env["crm.lead.contact"].search_fetch(
            Domain("one_off_phone_sanitized", "in", numbers) & Domain("lead_id", "any", open_domain),
            ["one_off_phone_sanitized", "lead_id"],
        ):
            found.setdefault(contact.one_off_phone_sanitized, set()).add(contact.lead_id)
        return {number: leads.pop() for number, leads in found.items() if len(leads) == 1}

    @api.model
    def _get_open_domain(self, company):
        return (
            Domain("won_status", "=", "pending")
            & Domain("active", "=", True)
            & Domain("company_id", "in", [False, company.id])
        )
