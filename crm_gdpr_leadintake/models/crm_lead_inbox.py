from odoo import api, models

from odoo.addons.crm_leadintake.tools.problems import Problem

REFUSED = "refused"


class CrmLeadInbox(models.Model):
    """Nothing is made of what is sent about a person who was anonymised, and nothing of it is kept."""

    _inherit = "crm.lead.inbox"

    @api.model
    def _screen(self, config, entries):
        entries = super()._screen(config, entries)
        # sudo: what the source does is decided already, whoever sends
        if not entries or self.env["crm.intake.source"].browse(config.id).sudo().gdpr_take_again:
            return entries
        values = {entry.row_id: self._get_identifiers(config, entry.found) for entry in entries}
        emails = {email for email, _phone in values.values() if email}
        phones = {phone for _email, phone in values.values() if phone}
        company = self.env["res.company"].browse(config.company_id)
        suppressed = self.env["crm.gdpr.suppression"]._find(emails, phones, company)
        if not suppressed:
            return entries
        refused = [entry for entry in entries if not suppressed.isdisjoint(values[entry.row_id])]
        for entry in refused:
            entry.reject(Problem("", REFUSED))
        return [entry for entry in entries if not entry.problems]

    @api.model
    def _get_identifiers(self, config, found):
        """The address, and the number with its country where it is valid."""
        return found.get("email"), self._sanitize_phone(config, found) or found.get("phone")

    @api.model
    def _write_back(self, entries):
        super()._write_back(entries)
        refused = [entry.row_id for entry in entries if any(problem.rule == REFUSED for problem in entry.problems)]
        if refused:
            self.browse(refused)._empty_content()
