from odoo import models


class ResPartner(models.Model):
    """Customers: companies and people, but not colleagues, nor the further addresses of somebody."""

    _name = "res.partner"
    _inherit = ["res.partner", "crm.webhook.mixin"]
    _webhook_prefix = "customer."
    _webhook_columns = {
        "name": "name",
        "active": "active",
        "is_company": "is_company",
        "parent_id": "parent",
        "function": "job_position",
        "email": "email",
        "phone": "phone",
        "website": "website",
        "street": "address",
        "street2": "address",
        "zip": "address",
        "city": "address",
        "state_id": "address",
        "country_id": "address",
        "vat": "vat",
        "ref": "reference",
        "lang": "language",
        "user_id": "owner",
        "company_id": "company",
    }

    def _webhook_queue(self, found, changed, before):
        customers = self.browse(found).filtered(lambda partner: partner.partner_share and partner.type == "contact")
        found = {record_id: found[record_id] for record_id in customers.ids}
        if found:
            super()._webhook_queue(found, changed, before)

    def _webhook_content(self):
        """What is sent of a customer, see the README."""
        self.ensure_one()
        link = self._webhook_link
        return {
            "id": self.id,
            "name": self.name or None,
            "active": self.active,
            "is_company": self.is_company,
            "parent": {"id": self.parent_id.id, "name": self.parent_id.name} if self.parent_id else None,
            "job_position": self.function or None,
            "email": self.email or None,
            "phone": self.phone or None,
            "website": self.website or None,
            "address": {
                "street": self.street or None,
                "street2": self.street2 or None,
                "zip": self.zip or None,
                "city": self.city or None,
                "state": self.state_id.code or None,
                "country": self.country_id.code or None,
            },
            "vat": self.vat or None,
            "reference": self.ref or None,
            "language": self.lang or None,
            "owner": self._webhook_user(self.user_id),
            "company": link(self.company_id),
            "created_at": self._webhook_time(self.create_date),
            "changed_at": self._webhook_time(self.write_date),
        }
