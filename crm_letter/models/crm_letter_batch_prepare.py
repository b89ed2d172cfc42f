from collections import Counter

from odoo import api, models
from odoo.exceptions import UserError

from .crm_letter_template import RENDERED


class CrmLetterBatch(models.Model):
    """Who gets the letter of a batch."""

    _inherit = "crm.letter.batch"

    # ------------------------------------------------------------
    # Who gets it
    # ------------------------------------------------------------

    @api.model
    def _prepare_batch(self, rows, **values):
        """Freeze the recipients, each once, with the user's own rights.

        :param rows: ``[(res.partner id, crm.lead id or False)]``
        :param values: of the batch
        :return: the batch, not printed yet
        :raise AccessError: the user may write no letters
        :raise UserError: there is nobody
        """
        self.check_access("create")
        lead_of = {}
        for partner_id, lead_id in rows:
            if partner_id:
                lead_of.setdefault(partner_id, lead_id)
        if not lead_of:
            raise UserError(self.env._("There is no customer to write to."))
        batch = self.create(values)
        batch._create_letters(lead_of)
        return batch

    def _create_letters(self, lead_of):
        partners = self.env["res.partner"].browse(lead_of)
        reasons = self._get_reasons_by_partner(partners, {lead for lead in lead_of.values() if lead}, lead_of)
        # sudo: the reasons say who may be written to; the others are listed, no more than that
        known = partners.sudo()
        ordered = sorted(known, key=lambda partner: partner._letter_order(self.company_id))
        reasons |= self._get_doubles(ordered, reasons)
        self.env["crm.letter"].sudo().create(
            [
                self._letter_vals(partner, lead_of[partner.id], reasons.get(partner.id), position)
                for position, partner in enumerate(ordered, start=1)
            ]
        )

    def _letter_vals(self, partner, lead_id, reason, position):
        return {
            "batch_id": self.id,
            "partner_id": partner.id,
            "lead_id": lead_id,
            "company_id": self.company_id.id,
            "user_id": self.user_id.id,
            "place": self.place,
            "date": self.date,
            "state": "left_out" if reason else "waiting",
            "reason": reason,
            "position": position,
            # Each gets the text when it is printed.
            **dict.fromkeys((*RENDERED, "lang"), False),
        }

    @api.model
    def _get_reasons_by_partner(self, partners, lead_ids=(), lead_of=None, company=None):
        """Why customers get no letter. Asked when the list is made and again before printing.

        To be extended, together with the selection of ``crm.letter.reason``, by addons that know of more reasons. Many
        customers are asked for at once: no query per customer.

        :param partners: ``res.partner``, some of which the user may not be allowed to read
        :param lead_ids: of the projects that the letters would hang on
        :param dict lead_of: by partner, the project
        :param company: ``res.company`` on whose paper it is, where it is not that of the batch
        :return: ``{partner id: reason}``, without those who get it
        """
        everybody = partners.with_context(active_test=False)
        visible = everybody.browse(everybody._search([("id", "in", partners.ids)]))
        reasons = dict.fromkeys(set(partners.ids) - set(visible.ids), "out_of_reach")
        for partner in visible:
            if reason := self._reason_of(partner, company or self.company_id or self.env.company):
                reasons[partner.id] = reason
        leads = self.env["crm.lead"].with_context(active_test=False)
        reachable = set(leads._search([("id", "in", list(lead_ids))])) if lead_ids else set()
        for partner_id, lead_id in (lead_of or {}).items():
            if lead_id and lead_id not in reachable:
                reasons[partner_id] = "out_of_reach"
        return reasons

    @api.model
    def _reason_of(self, partner, company):
        """The first reason why a customer that the user sees gets no letter, or None."""
        if "gdpr_state" in partner._fields and partner.gdpr_state:
            return "anonymised"
        if not partner.active:
            return "archived"
        if partner.company_id and partner.company_id not in company.parent_ids:
            return "company"
        if not partner._letter_place()._has_postal_address():
            return "no_address"
        return "blacklisted" if self._keeps_to_blacklist() and partner.is_blacklisted else None

    def _keeps_to_blacklist(self):
        return not self or self[:1].leaves_out_blacklisted

    def _get_doubles(self, ordered, reasons):
        """Those of the customers who are somebody else on the list: of the same name at the same address."""
        # Whose first line nobody else has needs no comparing: of thousands that is nearly everybody.
        first_line_of = {
            partner.id: " ".join((partner.commercial_company_name or partner.name or "").casefold().split())
            for partner in ordered
            if partner.id not in reasons
        }
        counts = Counter(first_line_of.values())
        seen, doubles = set(), {}
        for partner in ordered:
            if counts[first_line_of.get(partner.id)] < 2:
                continue
            key = "\n".join(partner._letter_lines(self.company_id)).casefold()
            if key in seen:
                doubles[partner.id] = "double"
            seen.add(key)
        return doubles

    def _refresh_reasons(self):
        # sudo: the list is not written otherwise; who is on it was decided with the user's rights
        letters = self.sudo().letter_ids
        partners = letters.partner_id.with_env(self.env)
        lead_of = {letter.partner_id.id: letter.lead_id.id for letter in letters}
        reasons = self._get_reasons_by_partner(partners, {lead for lead in lead_of.values() if lead}, lead_of)
        reasons |= self._get_doubles(letters.sorted("position").partner_id, reasons)
        # Of customers who were merged since, the first letter is enough.
        firsts = {group[0].id for group in letters.sorted("position").grouped("partner_id").values()}
        for reason, group in letters.grouped(
            lambda letter: reasons.get(letter.partner_id.id) if letter.id in firsts else "double"
        ).items():
            group.write({"state": "left_out" if reason else "waiting", "reason": reason})
