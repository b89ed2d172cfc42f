from collections import defaultdict

from odoo import api, models

from ..tools.guarded import GUARDED


class Base(models.AbstractModel):
    """Imports leave out rows of persons who were anonymised; all others go through."""

    _inherit = "base"

    @api.model
    def load(self, fields, data):
        rows = self._gdpr_find_suppressed_rows(fields, data) if self._name in GUARDED else None
        return super(Base, self.with_context(gdpr_left_out=rows) if rows else self).load(fields, data)

    @api.model
    def _gdpr_find_suppressed_rows(self, fields, data):
        """``{index of the row: path of the field}`` of rows with a suppressed value, in one query for all of them."""
        columns = self._gdpr_get_guarded_columns(fields)
        country_column = next((index for index, path in enumerate(fields) if path == "country_id"), None)
        countries = self.env["crm.gdpr.suppression"]._get_country_book() if country_column is not None else {}
        cells = {"email": defaultdict(list), "phone": defaultdict(list)}
        for index, row in enumerate(data):
            country = countries.get(str(row[country_column] or "").strip().lower()) if countries else None
            for column, path, kind in columns:
                if isinstance(row[column], str) and row[column]:
                    value = (
                        self._gdpr_with_country(row[column], country) if kind == "phone" and country else row[column]
                    )
                    cells[kind][value].append((index, path))
        found = self.env["crm.gdpr.suppression"]._find(cells["email"], cells["phone"], self.env.company)
        suppressed = (cells[kind].get(value, ()) for kind in cells for value in found)
        return {index: path for places in suppressed for index, path in places}

    @api.model
    def _gdpr_with_country(self, number, country):
        return self.env["crm.gdpr.suppression"]._format_phone(number, country)

    @api.model
    def _gdpr_get_guarded_columns(self, fields):
        """Triples of a column, its path and its kind, of columns that hold addresses and numbers.

        The name of a contact in a column may be written with an address, of which Odoo would make a contact.
        """
        columns = []
        for column, path in enumerate(fields):
            model, names = self.browse(), path.split("/")
            while len(names) > 1 and names[0] in model._fields and model._fields[names[0]].relational:
                model = self.env[model._fields[names.pop(0)].comodel_name]
            field = model._fields.get(names[0])
            kind = GUARDED.get(model._name, {}).get(names[0])
            if not kind and field and field.relational and field.comodel_name in GUARDED:
                kind = "email"
            if kind:
                columns.append((column, path, kind))
        return columns

    @api.model
    def _convert_records(self, records, **options):
        left_out = self.env.context.get("gdpr_left_out")
        if not left_out:
            return super()._convert_records(records, **options)
        # what is left out goes through empty, so that the numbers of the others are right and nothing is made for it
        passed = (({} if self._gdpr_get_left_out(left_out, extras) else record, extras) for record, extras in records)
        return self._gdpr_leave_out(super()._convert_records(passed, **options), left_out, options["log"])

    @api.model
    def _gdpr_leave_out(self, converted, left_out, log):
        message = self.env._("This person was anonymised and is not taken in again. The row is left out.")
        for dbid, xid, record, info in converted:
            if path := self._gdpr_get_left_out(left_out, info):
                log({**info, "type": "warning", "field": path, "message": message, "gdpr_left_out": True})
            else:
                yield dbid, xid, record, info

    @api.model
    def _gdpr_get_left_out(self, left_out, info):
        """The path of the field for which a record is left out, which may stand in any of its rows."""
        rows = range(info["rows"]["from"], info["rows"]["to"] + 1)
        return next((left_out[row] for row in rows if row in left_out), None)
