import re
import unicodedata

import psycopg2.errors

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .crm_custom_field import CHOICE_TYPES

# What a column name may have besides its prefix and a number that tells it apart.
MAX_NAME = 40


class CrmCustomField(models.Model):
    """The columns behind the definitions: Odoo's own custom fields, made in batches."""

    _inherit = "crm.custom.field"
    # How long a new column waits for others to let go of the table, rather than hold up everybody behind it.
    _lock_timeout = "10s"

    def _make_columns(self, names=()):
        """Make the columns of these definitions, in one go: each time the table is locked and the registry rebuilt."""
        taken = set()
        vals_list = []
        for index, definition in enumerate(self):
            name = (names[index] if names else None) or definition._free_name(taken)
            taken.add((definition.model, name))
            vals_list.append(definition._prepare_column(name))
        if not vals_list:
            return
        self.check_access("create" if not names else "write")
        # sudo: only administrators of the database may make fields; who may define ours has just been checked
        columns = self._in_lock_timeout(lambda: self.env["ir.model.fields"].sudo().create(vals_list))
        for definition, column in zip(self, columns, strict=True):
            definition.sudo().field_id = column

    def _prepare_column(self, name):
        vals = {
            "model_id": self.env["ir.model"]._get_id(self.model),
            "state": "manual",
            "name": name,
            "ttype": self.ttype,
            "field_description": self.name or self.placeholder,
            "help": self.help,
            "copied": True,
        }
        if self.ttype == "monetary":
            vals["currency_field"] = "company_currency" if self.model == "crm.lead" else "currency_id"
        if self.ttype in CHOICE_TYPES:
            vals.update(relation="crm.choice", domain=self._column_domain())
        if self.ttype == "many2one":
            vals.update(on_delete="restrict", index=True)
        if self.model == "crm.lead" and self.ttype not in ("many2many", "text"):
            vals["tracking"] = 100
        return vals

    def _column_domain(self):
        return f"[('list_id', '=', {self.list_id.id})]"

    def _free_name(self, taken):
        """A name for the column, after the label, that no field of the model has."""
        plain = unicodedata.normalize("NFKD", self.name or self.placeholder).encode("ascii", "ignore").decode()
        slug = re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")[:MAX_NAME].strip("_") or "field"
        name, number = f"x_{slug}", 1
        known = self.env[self.model]._fields
        while name in known or (self.model, name) in taken:
            number += 1
            name = f"x_{slug}_{number}"
        return name

    def _in_lock_timeout(self, change):
        """Run ``change``, which locks a table, and give up rather than hold up the whole company.

        :raise UserError: somebody else has held the table for too long
        """
        self.env.flush_all()
        self.env.cr.execute(SQL("SET LOCAL lock_timeout = %s", self._lock_timeout))
        try:
            res = change()
        except psycopg2.errors.LockNotAvailable as error:
            raise UserError(
                self.env._("The table is busy with something long, such as an import. Try again when it is done.")
            ) from error
        self.env.cr.execute(SQL("SET LOCAL lock_timeout = DEFAULT"))
        return res

    def _check_without_values(self, name, value):
        for definition in self:
            old = definition[name].id if name == "list_id" else definition[name]
            if old != value and (count := definition._count_values()):
                raise UserError(
                    self.env._(
                        "%(field)s holds %(count)s values, which its new %(what)s could not keep. Make a new field, "
                        "move the values by export and import, and archive this one.",
                        field=definition.display_name,
                        count=count,
                        what=definition._fields[name]._description_string(self.env),
                    )
                )

    def _count_values(self):
        """How many records have a value in the field, whoever may see them."""
        self.ensure_one()
        model = self.env[self.model]
        if not self.field_name or self.field_name not in model._fields:
            return 0
        # sudo: what would be lost counts, also what the administrator does not see
        records = model.sudo().with_context(active_test=False)
        return records.search_count([(self.field_name, "not in", (False, 0) if self.ttype == "float" else (False,))])
