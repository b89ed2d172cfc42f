from odoo import api, models
from odoo.exceptions import ValidationError

from ..tools.guarded import GUARDED


class CrmGdprSuppression(models.Model):
    """What is asked when records are made by an import."""

    _inherit = "crm.gdpr.suppression"

    @api.model
    def _get_country_book(self):
        """``{name or code in lower case: country}``, as countries are written in files."""
        countries = self.env["res.country"].search_fetch([], ["name", "code", "phone_code"])
        return {word.lower(): country for country in countries for word in (country.name, country.code) if word}

    @api.model
    def _check_import(self, model, vals_list):
        """Refuse to make records of anonymised persons, where an import makes them.

        Rows of a file are left out before; this is for what is made along with other records.

        :raise ValidationError: if one of the records is of a suppressed person
        """
        if not self.env.context.get("import_file"):
            return
        values = {"email": set(), "phone": set()}
        for vals in vals_list:
            country = self.env["res.country"].browse(vals.get("country_id"))
            for name, kind in GUARDED[model].items():
                if value := vals.get(name):
                    values[kind].add(self._format_phone(value, country) if kind == "phone" and country else value)
        if self._find(values["email"], values["phone"], self.env.company):
            raise ValidationError(self.env._("This person was anonymised and is not taken in again."))
