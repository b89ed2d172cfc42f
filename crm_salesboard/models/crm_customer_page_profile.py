from odoo import api, models
from odoo.tools import format_amount, format_date, format_datetime, formatLang

MASTER_FIELDS = [
    "name",
    "is_company",
    "active",
    "function",
    "email",
    "phone",
    "website",
    "vat",
    "ref",
    "street",
    "street2",
    "zip",
    "city",
    "state_id",
    "country_id",
    "parent_id",
    "category_id",
    "industry_id",
    "user_id",
    "write_date",
    # What the rules on partners ask for.
    "company_id",
    "partner_share",
    "commercial_partner_id",
    "note_status_id",
]


class CrmCustomerPage(models.AbstractModel):
    """The head of the page: who the customer is."""

    _inherit = "crm.customer.page"

    @api.model
    def _fetch_master(self, customer):
        """Read all of the customer's own fields at once, before anything else asks for one of them."""
        customer.profile_fields = self._get_profile_fields(customer.partner)
        customer.partner.fetch([*MASTER_FIELDS, *(field["name"] for field in customer.profile_fields)])

    @api.model
    def _get_header(self, customer):
        """The master data.

        :return: dict of what stands in the head; ``profile`` holds the custom fields that have a value, as
            ``[{"label", "value"}]`` or, of choices, ``[{"label", "badges"}]``
        """
        partner, custom = customer.partner, customer.profile_fields
        company = partner.parent_id
        return {
            "id": partner.id,
            "name": partner.name or self.env._("Unnamed"),
            "is_company": partner.is_company,
            "active": partner.active,
            "function": partner.function,
            "email": partner.email,
            "phone": partner.phone,
            "website": partner.website,
            "address": self._get_address(partner),
            "picture": f"/web/image/res.partner/{partner.id}/avatar_128?unique={partner.write_date.timestamp():.0f}",
            # Where the user may not see the company, the person stands alone.
            "company": bool(company) and company.has_access("read") and {"id": company.id, "name": company.name},
            "status": self._get_sales_status(customer),
            "tags": partner.category_id.mapped("name"),
            "facts": self._get_facts(partner),
            "profile": list(filter(None, (self._profile_value(partner, field) for field in custom))),
            "can_write": partner.has_access("write"),
        }

    @api.model
    def _get_address(self, partner):
        place = " ".join(filter(None, (partner.zip, partner.city)))
        region = ", ".join(filter(None, (partner.state_id.name, partner.country_id.name)))
        return list(filter(None, (partner.street, partner.street2, place, region)))

    @api.model
    def _get_facts(self, partner):
        """More of the master data, each with its label.

        :return: list of ``{"label", "value"}``
        """
        # sudo: the name of a colleague
        values = {
            "user_id": partner.user_id.sudo().name,
            "industry_id": partner.industry_id.name,
            "vat": partner.vat,
            "ref": partner.ref,
        }
        return [
            {"label": partner._fields[name]._description_string(self.env), "value": value}
            for name, value in values.items()
            if value
        ]

    @api.model
    def _get_profile_fields(self, partner):
        return [
            field
            for field in partner._custom_fields()
            if partner._has_field_access(partner._fields[field["name"]], "read")
        ]

    @api.model
    def _profile_value(self, partner, field):
        """What a custom field says of the customer, nothing where it says nothing."""
        value, ttype = partner[field["name"]], field["ttype"]
        label = partner._fields[field["name"]]._description_string(self.env)
        if ttype in ("many2one", "many2many"):
            return value and {"label": label, "badges": [self._badge(choice, "name") for choice in value]}
        if ttype == "boolean":
            return value and {"label": label, "value": self.env._("Yes")}
        if value in (False, None, "") or (ttype in ("integer", "float", "monetary") and not value):
            return None
        return {"label": label, "value": self._format_profile(partner, value, ttype, field["name"])}

    @api.model
    def _format_profile(self, partner, value, ttype, name):
        if ttype == "monetary":
            currency = partner._fields[name].get_currency_field(partner)
            return format_amount(self.env, value, partner[currency] if currency else self.env.company.currency_id)
        if ttype == "date":
            return format_date(self.env, value)
        if ttype == "datetime":
            return format_datetime(self.env, value)
        if ttype in ("integer", "float"):
            return formatLang(self.env, value, digits=0 if value == int(value) else 2)
        return str(value)
