from collections import namedtuple

from odoo import api, models

from .crm_lead import CLOSED_STATUSES
from .crm_lead_salesboard import MEASURES

# Column: the field of the customer, and the one of a project without a customer.
CUSTOMER_FIELDS = {
    "email": ("email", "email_from"),
    "phone": ("phone", "phone"),
    "street": ("street", "street"),
    "zip": ("zip", "zip"),
    "city": ("city", "city"),
    "country": ("country_id", "country_id"),
    "language": ("lang", "lang_id"),
    "salesperson": ("user_id", None),
    "tags": ("category_id", None),
    "website": ("website", "website"),
    "vat": ("vat", None),
}
# What is sent to somebody; where a company has none, that of its contact person on a project is of use.
REACHED_BY = ("email", "phone")
PROJECT_FIELDS = {
    "subjects": "name",
    "statuses": "board_column_id",
    "owners": "user_id",
    "date": "date_deadline",
    **MEASURES,
}
KINDS = {"monetary": "money", "float": "number", "date": "date"}
Row = namedtuple("Row", ("customer", "persons", "leads", "sums"))


class CrmBoardExport(models.TransientModel):
    """The columns of an export of customers."""

    _inherit = "crm.board.export"

    @api.model
    def _columns(self):
        """All columns that the user may export.

        :return: ``{name: {"name", "label", "group", "kind", "field"}}`` in order; the group is ``customer`` or
            ``project``, the field that of the customer or project, where there is one
        """
        columns = [*self._customer_columns(), *self._project_columns()]
        for model, group in (("res.partner", "customer"), ("crm.lead", "project")):
            for custom in self.env[model]._custom_fields():
                kind = KINDS.get(custom["ttype"], "text")
                columns.append(self._column(f"{group}.{custom['name']}", group, kind, custom["name"]))
        models_of = {"customer": self.env["res.partner"], "project": self.env["crm.lead"]}
        return {
            column["name"]: column
            for column in sorted(columns, key=lambda column: column["group"])
            if not column["field"] or self._may_read(models_of[column["group"]], column["field"])
        }

    @api.model
    def _may_read(self, model, name):
        return model._has_field_access(model._fields[name], "read")

    @api.model
    def _column(self, name, group, kind, field=None, label=None):
        if not label:
            model = self.env["res.partner" if group == "customer" else "crm.lead"]
            label = model._fields[field]._description_string(self.env)
        if kind == "money":
            label = self.env._("%(amount)s (%(currency)s)", amount=label, currency=self.env.company.currency_id.name)
        return {"name": name, "label": label, "group": group, "kind": kind, "field": field}

    @api.model
    def _customer_columns(self):
        _ = self.env._
        return [
            self._column("name", "customer", "text", "name", _("Customer")),
            self._column("company", "customer", "text", "commercial_company_name", _("Company")),
            self._column("contact", "customer", "text", "name", _("Contact Person")),
            *(self._column(name, "customer", "text", field) for name, (field, _field) in CUSTOMER_FIELDS.items()),
        ]

    @api.model
    def _project_columns(self):
        _ = self.env._
        labels = {
            "subjects": ("text", _("Subjects")),
            "statuses": ("text", _("Statuses")),
            "projected": ("money", _("Projected")),
            "weighted": ("money", _("Weighted")),
            "actual": ("money", _("Actual")),
            "date": ("date", _("Nearest Expected Date")),
            "owners": ("text", _("Owners")),
        }
        columns = [
            self._column(name, "project", kind, PROJECT_FIELDS[name], label) for name, (kind, label) in labels.items()
        ]
        return [self._column("count", "project", "integer", label=_("Number of Projects")), *columns]

    @api.model
    def _is_sum(self, column):
        return column["group"] == "project" and column["kind"] in ("money", "number")

    # ------------------------------------------------------------
    # Rows
    # ------------------------------------------------------------

    def _rows(self, groups, columns):
        """The cells of a number of customers.

        :param list groups: ``(res.partner, crm.lead)`` of each, the newest project first
        :param list columns: see ``_columns``
        :return: list of lists
        """
        partners = self.env["res.partner"].union(*(leads.partner_id | customer for customer, leads in groups))
        # Whom the user may not read is shown as the project shows it, which the user may read.
        readable = partners._filtered_access("read")
        readable_ids = set(readable._ids)

        def known(records):
            ids = [id_ for id_ in records._ids if id_ in readable_ids]
            return readable.browse(ids).with_prefetch(readable._prefetch_ids)

        sums = [column["field"] for column in columns if self._is_sum(column)]
        foreign = self._foreign_companies()
        cells = [self._cell(column) for column in columns]
        rows = []
        for customer, leads in groups:
            row = Row(known(customer), known(leads.partner_id), leads, self._sums(leads, sums, foreign))
            rows.append([cell(row) for cell in cells])
        return rows

    def _cell(self, column):
        """How a column is filled.

        :return: function from a ``Row`` to a str, int, float or date
        """
        name, field = column["name"], column["field"]
        if method := getattr(self, f"_cell_{name}", None):
            return method
        if name in CUSTOMER_FIELDS:
            return self._customer_cell(name)
        model = self.env["res.partner" if column["group"] == "customer" else "crm.lead"]
        read = self._reader(model, field)
        if column["group"] == "customer":
            return lambda row: read(row.customer) if row.customer else ""
        if self._is_sum(column):
            return lambda row: row.sums[field]
        return lambda row: read(row.leads) if len(row.leads) == 1 else self._joined(map(read, row.leads))

    def _customer_cell(self, name):
        """What the customer's form says or, without a customer, the project's."""
        of_customer, of_project = CUSTOMER_FIELDS[name]
        read = self._reader(self.env["res.partner"], of_customer)
        leads = self.env["crm.lead"]
        read_lead = self._reader(leads, of_project) if of_project and self._may_read(leads, of_project) else None

        def cell(row):
            value = read(row.customer) if row.customer else ""
            if value or not read_lead or (row.customer and name not in REACHED_BY):
                return value
            return next(filter(None, map(read_lead, row.leads)), "")

        return cell

    def _cell_name(self, row):
        if row.customer:
            return row.customer.name or ""
        for lead in row.leads:
            # sudo: the name of the customer, as on the card of the project
            if name := lead.partner_name or lead.contact_name or lead.sudo().partner_id.display_name:
                return name
        return row.leads[:1].email_from or ""

    def _cell_company(self, row):
        return (row.customer.commercial_company_name if row.customer else row.leads[:1].partner_name) or ""

    def _cell_contact(self, row):
        persons = [person.name for person in row.persons if not person.is_company]
        return self._joined(persons or ([] if row.customer else row.leads.mapped("contact_name")))

    def _cell_count(self, row):
        return len(row.leads)

    def _cell_statuses(self, row):
        # sudo: the statuses of projects that the user may read
        return self._joined(row.leads.board_column_id.sudo().sorted("sequence").mapped("name"))

    def _cell_date(self, row):
        """When the first of the open ones is expected to close."""
        dates = (lead.date_deadline for lead in row.leads if lead.won_status not in CLOSED_STATUSES)
        return min(filter(None, dates), default="")

    def _reader(self, model, name):
        """How the values of a field are exported.

        :return: function from a record of the model to a str, int, float or date
        """
        field = model._fields[name]
        if field.relational:
            names = {}

            def read(record):
                value = record[name]
                if value._ids not in names:
                    # sudo: names of what the record names, as its form shows them
                    names[value._ids] = ", ".join(value.sudo().mapped("display_name"))
                return names[value._ids]

            return read
        if field.type == "selection":
            labels = dict(field._description_selection(self.env))
            return lambda record: labels.get(record[name], "")
        if field.type == "boolean":
            yes = self.env._("Yes")
            return lambda record: yes if record[name] else ""
        return lambda record: field.convert_to_export(record[name], record)

    def _joined(self, values):
        """Each of the values once; a single one stays what it is."""
        values = list(dict.fromkeys(value for value in values if value not in (None, False, "")))
        return values[0] if len(values) == 1 else ", ".join(map(str, values))

    # ------------------------------------------------------------
    # Sums
    # ------------------------------------------------------------

    def _foreign_companies(self):
        return self.env.companies.filtered(lambda company: company.currency_id != self.env.company.currency_id)

    def _sums(self, leads, names, foreign):
        """Sums of fields, amounts in the company's currency.

        :return: ``{field: sum}``
        """
        if not foreign & leads.company_id:
            return {name: sum(lead[name] for lead in leads) for name in names}
        totals = dict.fromkeys(names, 0.0)
        same = leads.sudo().grouped(lambda lead: (lead.board_column_id, lead.company_id & foreign, lead.board_date))
        for (column, company, day), those in same.items():
            for name in names:
                amount = sum(lead[name] for lead in those)
                if company and those._fields[name].type == "monetary":
                    amount = self._converted(column, company, day, amount)
                totals[name] += amount
        return totals

    def _converted(self, column, company, day, amount):
        """An amount as the board converts it."""
        measures = (0, *(amount for _measure in MEASURES))
        figures = self.env["crm.lead"]._converted_figures(column._is_closed(), company, day, measures)
        return figures[next(iter(MEASURES))]
