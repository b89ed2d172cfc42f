from odoo import api, models
from odoo.tools import email_normalize, email_normalize_all

from odoo.addons.iap.tools import iap_tools
from odoo.addons.mail.tools import mail_validation

from ..tools import matching, phones

_CRM = "odoo.addons.crm.models.crm_lead"
# The fields that are known before a lead is made, by what computes them and where Odoo has it. Once another addon
# computes one of them its own way, that one is left to it.
_COMPUTES = {
    ("_compute_phone_sanitized", "odoo.addons.phone_validation.models.mail_thread_phone"): ["phone_sanitized"],
    ("_compute_email_normalized", "odoo.addons.mail.models.mail_thread_blacklist"): ["email_normalized"],
    ("_compute_phone_state", _CRM): ["phone_state"],
    ("_compute_email_state", _CRM): ["email_state"],
    ("_compute_email_domain_criterion", _CRM): ["email_domain_criterion"],
    ("_compute_date_open", _CRM): ["date_open"],
    ("_compute_day_open", _CRM): ["day_open"],
    ("_compute_day_close", _CRM): ["day_close"],
    ("_compute_date_last_stage_update", _CRM): ["date_last_stage_update"],
    ("_compute_probabilities", _CRM): ["probability", "automated_probability"],
    ("_compute_won_status", _CRM): ["won_status"],
    ("_compute_prorated_revenue", _CRM): ["prorated_revenue"],
    ("_compute_recurring_revenue_monthly", _CRM): ["recurring_revenue_monthly"],
    ("_compute_recurring_revenue_monthly_prorated", _CRM): ["recurring_revenue_monthly_prorated"],
    ("_compute_recurring_revenue_prorated", _CRM): ["recurring_revenue_prorated"],
    # what the customer would give; there is none
    ("_compute_name", _CRM): ["name"],
    ("_compute_contact_name", _CRM): ["contact_name"],
    ("_compute_partner_name", _CRM): ["partner_name"],
    ("_compute_function", _CRM): ["function"],
    ("_compute_website", _CRM): ["website"],
    ("_compute_email_from", _CRM): ["email_from"],
    ("_compute_phone", _CRM): ["phone"],
    ("_compute_lang_id", _CRM): ["lang_id"],
    ("_compute_partner_address_values", _CRM): ["street", "street2", "zip", "city", "state_id", "country_id"],
}
BY_PROBABILITY = (
    "probability",
    "automated_probability",
    "won_status",
    "prorated_revenue",
    "recurring_revenue_monthly",
    "recurring_revenue_monthly_prorated",
    "recurring_revenue_prorated",
)
_SCORING = ("_pls_get_naive_bayes_probabilities", "_pls_get_lead_pls_values")
# Values with which a lead is not as plain as those that come in.
_NOT_PLAIN = ("partner_id", "recurring_revenue", "recurring_plan", "date_closed", "probability", "date_open")


class CrmLead(models.Model):
    """Leads of the intake are inserted with what Odoo would compute of each one and update it with afterwards.

    Of a lead that comes in without a customer the outcome follows from its values, and of a thousand much is the same;
    so it stands in the one INSERT. What is stored is what Odoo would have stored.
    """

    _inherit = "crm.lead"

    @api.model
    def _create(self, data_list):
        if not self.env.context.get("intake_batch"):
            return super()._create(data_list)
        plain = [data for data in data_list if self._is_plain(data["stored"])]
        names = self._get_foretold_names()
        self._foretell([data["stored"] for data in plain], names)
        records = super()._create(data_list)
        known = self.browse([data["record"].id for data in plain])
        for name in names:
            self.env.remove_to_compute(self._fields[name], known)
        return records

    @api.model
    def _is_plain(self, stored):
        """Whether all that is computed of a new lead follows from the values that it is made with."""
        return (
            not any(stored.get(name) for name in _NOT_PLAIN)
            and stored.get("active", True)
            and all(stored.get(name) for name in ("name", "company_id", "stage_id"))
            and not self.env["crm.stage"].browse(stored["stage_id"]).is_won
        )

    @api.model
    def _get_foretold_names(self):
        names = [name for (method, module), given in _COMPUTES.items() if self._is_by(method, module) for name in given]
        if not self._is_scoring_foretold(names):
            names = [name for name in names if name not in BY_PROBABILITY]
        return names

    @api.model
    def _is_by(self, method, module):
        return getattr(type(self), method).__module__ == module

    @api.model
    def _is_scoring_foretold(self, names):
        """Whether the chance is computed by Odoo, from fields that are known."""
        fields = [self._fields[name] for name in self._pls_get_safe_fields()]
        return (
            set(BY_PROBABILITY) <= set(names)
            and all(self._is_by(method, _CRM) for method in _SCORING)
            and all(field.store and (not field.compute or field.name in names) for field in fields)
        )

    @api.model
    def _foretell(self, stored_list, names):
        """Add to the values of new leads what Odoo would compute of them."""
        for stored in stored_list:
            known = self._foretell_contact(stored) | self._foretell_dates(stored)
            stored.update((name, value) for name, value in known.items() if name in names)
        if "probability" in names:
            for stored, probability in zip(stored_list, self._foretell_probabilities(stored_list), strict=True):
                stored.update(self._foretell_revenue(stored, probability))

    @api.model
    def _foretell_contact(self, stored):
        book = phones.book_of(self.env.cr)
        phone, email = stored.get("phone"), stored.get("email_from")
        own_code = self.env["crm.lead.inbox"]._get_country_codes().get(stored.get("country_id"))
        code = own_code or self.env.company.country_id.code or None
        bare = email and matching.is_bare(email)
        emails = [email.lower()] if bare else email_normalize_all(email)
        normalized = emails[0] if bare else email_normalize(email, strict=False)
        is_valid = any(map(mail_validation.mail_validate, emails))
        return {
            "phone_sanitized": phone and book.standard(phone, code) or False,
            "phone_state": phone and ("correct" if book.standard(phone, own_code) else "incorrect"),
            "email_normalized": normalized,
            "email_state": email and ("correct" if is_valid else "incorrect"),
            "email_domain_criterion": iap_tools.mail_prepare_for_domain_search(normalized),
        }

    @api.model
    def _foretell_dates(self, stored):
        moment = self.env.cr.now()
        return {
            "date_open": moment if stored.get("user_id") else False,
            "day_open": 0.0,
            "day_close": 0.0,
            "date_last_stage_update": stored.get("date_last_stage_update") or moment,
        }

    @api.model
    def _foretell_revenue(self, stored, probability):
        currency = self.env["res.company"].browse(stored["company_id"]).currency_id
        expected = currency.round(stored.get("expected_revenue") or 0.0)
        values = {
            "won_status": "pending",
            "prorated_revenue": round(expected * (probability or 0) / 100.0, 2),
            "recurring_revenue_monthly": 0.0,
            "recurring_revenue_monthly_prorated": 0.0,
            "recurring_revenue_prorated": 0.0,
        }
        if probability is not None:
            values |= {"probability": probability, "automated_probability": probability}
        return values

    @api.model
    def _foretell_probabilities(self, stored_list):
        """The chance that Odoo gives each lead, None where it has not learned enough to give one.

        It is the same where all that it goes by is, so of each kind one is asked.
        """
        names = ["stage_id", "team_id", *self._pls_get_safe_fields()]
        kinds = [repr([stored.get(name) or False for name in names]) for stored in stored_list]
        one_of_each = dict(zip(kinds, stored_list, strict=True))
        leads = {kind: self.new({name: stored.get(name) for name in names}) for kind, stored in one_of_each.items()}
        chances = {}
        for of_team in self.browse().concat(*leads.values()).grouped("team_id").values():
            found, _tooltip = of_team._pls_get_naive_bayes_probabilities()
            # where nothing was learned for a team Odoo leaves out the first lead alone, and invents those of the others
            if of_team[0].id in found:
                chances |= found
        return [chances.get(leads[kind].id) for kind in kinds]

    def _check_company(self, fnames=None):
        """Of leads with the same company, salesperson, team and so on one is looked at."""
        if not self.env.context.get("intake_batch"):
            return super()._check_company(fnames)
        names = [name for name, field in self._fields.items() if field.relational and field.check_company]
        one_of_each = {tuple(lead[name]._ids for name in ["company_id", *names]): lead.id for lead in self}
        return super(CrmLead, self.browse(sorted(one_of_each.values())))._check_company(fnames)
