from odoo import api, fields, models

from ..tools.postal import address_lines, address_order

# What a salesperson may put into a text without being allowed to edit e-mail templates.
PLACEHOLDERS = (
    "object.commercial_partner_id.name", "object.parent_id.name", "object.function", "object.ref", "object.street",
    "object.zip", "object.city", "object.country_id.name",
)  # fmt: skip


class ResPartner(models.Model):
    """Letters to a customer: where they go, and how many went there."""

    _inherit = "res.partner"

    letter_count = fields.Integer("Letters", compute="_compute_letter_count", groups="sales_team.group_sale_salesman")

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_letter_count(self):
        everybody = self.env["res.partner"].with_context(active_test=False)
        family = everybody.search_fetch(
            [("commercial_partner_id", "in", self._origin.commercial_partner_id.ids)], ["commercial_partner_id"]
        )
        counts = dict.fromkeys(family.commercial_partner_id, 0)
        domain = [("partner_id", "in", family.ids), ("state", "in", ("draft", "printed"))]
        for partner, count in self.env["crm.letter"]._read_group(domain, ["partner_id"], ["__count"]):
            counts[partner.commercial_partner_id] += count
        for partner in self:
            partner.letter_count = counts.get(partner._origin.commercial_partner_id, 0)

    # ------------------------------------------------------------
    # The address
    # ------------------------------------------------------------

    def _letter_place(self):
        """Whose street and town a letter to this contact goes to: their own, else their company's."""
        self.ensure_one()
        return self if self._has_postal_address() or not self.parent_id else self.commercial_partner_id

    def _has_postal_address(self):
        return bool((self.street or "").strip() and (self.city or "").strip())

    def _letter_lines(self, company):
        """The address of a letter as it stands in the window of the envelope.

        :param company: ``res.company`` that it is from: of its own country the name is left out
        :return: a list of str
        """
        self.ensure_one()
        place = self._letter_place()
        person = self.name if self != self.commercial_partner_id or not self.commercial_company_name else False
        names = [self.commercial_company_name, person]
        is_abroad = place.country_id and place.country_id != company.country_id
        # A post office reads the country in the language of the place where the letter is posted.
        lang = self.env["crm.letter.template"]._language(company.partner_id.lang)
        place = place.with_context(lang=lang, crm_letter_is_abroad=bool(is_abroad))
        return address_lines(names, place._display_address(without_company=True))

    def _get_country_name(self):
        is_abroad = self.env.context.get("crm_letter_is_abroad")
        name = super()._get_country_name()
        if is_abroad is None:
            return name
        return name.upper() if is_abroad else ""

    def _letter_order(self, company):
        """What puts letters in the order of their addresses, to be compared."""
        place = self._letter_place()
        country = place.country_id
        return address_order(company.country_id.code, country.code, country.name, place.zip, place.street, self.name)

    @api.model
    def mail_allowed_qweb_expressions(self):
        return (*super().mail_allowed_qweb_expressions(), *PLACEHOLDERS)

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_write_letter(self):
        """Write a letter to one customer, or one to each of several.

        :return: an action
        """
        self.check_access("read")
        if len(self) == 1:
            return self.env["crm.letter"]._action_write({"default_partner_id": self.id})
        batch = self.env["crm.letter.batch"]._prepare_batch([(partner.id, False) for partner in self])
        return batch._action_open()

    def action_open_letters(self):
        """The letters to the customer and its contact persons.

        :return: an action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_letter.crm_letter_action")
        return {
            **action,
            "domain": [("partner_id", "child_of", self.commercial_partner_id.id)],
            "context": {"default_partner_id": self.id, "active_test": False},
        }
