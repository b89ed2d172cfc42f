from odoo import api, models
from odoo.fields import Domain
from odoo.tools.mail import email_split

from odoo.addons.crm_salesboard.tools.mobile_numbers import is_mobile

from ..tools import contact_card

FIELDS = (
    "name", "is_company", "commercial_company_name", "function", "email", "phone", "phone_sanitized", "website",
    "street", "street2", "zip", "city", "state_id", "country_id",
)  # fmt: skip


class ResPartner(models.Model):
    """Whom a salesperson has in Outlook, and what of them."""

    _inherit = "res.partner"

    @api.model
    def _get_outlook_domain(self):
        """The own contacts of the user: customers whose salesperson they are, or with whom they have an open project,
        and all people of these. Addresses, colleagues, who is archived and who is anonymised or restricted are none.
        """
        user = self.env.user
        own = Domain("user_id", "=", user.id) | Domain("commercial_partner_id.user_id", "=", user.id)
        if self.env["crm.lead"].has_access("read"):
            projects = Domain("user_id", "=", user.id) & Domain("won_status", "=", "pending")
            groups = self.env["crm.lead"]._read_group(projects & Domain("partner_id", "!=", False), ["partner_id"])
            # sudo: the company that a customer of theirs belongs to; which contacts they get is searched as the user
            partners = self.browse(partner.id for [partner] in groups).sudo()
            own |= Domain("commercial_partner_id", "in", partners.commercial_partner_id.ids)
        domain = own & Domain("type", "=", "contact") & Domain("partner_share", "=", True)
        if "gdpr_state" in self._fields:
            domain &= Domain("gdpr_state", "=", False)
        return domain

    @api.model
    def _get_outlook_cards(self):
        """What stands in the Outlook of the user, in this environment's rights, companies and language.

        :return: ``{contact id: dict of Microsoft Graph's properties}``
        """
        partners = self.search_fetch(self._get_outlook_domain(), FIELDS, order="id")
        return {partner.id: partner._prepare_outlook_card() for partner in partners}

    def _prepare_outlook_card(self):
        """One contact as Microsoft Graph has it; a seam for companies that want more of it in Outlook."""
        self.ensure_one()
        is_mobile_phone = bool(self.phone_sanitized) and is_mobile(self.phone_sanitized)
        return contact_card.make(
            name=self.name,
            company=self.commercial_company_name,
            is_company=self.is_company,
            job=self.function,
            emails=email_split(self.email or ""),
            phone=self.phone,
            is_mobile=is_mobile_phone and not self.is_company,
            website=self.website,
            address={
                "street": "\n".join(filter(None, (self.street, self.street2))),
                "postalCode": self.zip,
                "city": self.city,
                "state": self.state_id.name,
                "countryOrRegion": self.country_id.name,
            },
        )
