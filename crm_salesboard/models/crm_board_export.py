import logging
from tempfile import TemporaryFile

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError

from ..tools import export_file

_logger = logging.getLogger(__name__)

# A part ends with the first of these: about a second of work, and well below what a request may take.
PART_CUSTOMERS = 1000
PART_PROJECTS = 4000
FORMATS = [("xlsx", "XLSX"), ("csv", "CSV")]
DEFAULT_COLUMNS = ("name", "company", "contact", "email", "phone", "street", "zip", "city", "country", "count")
DEFAULT_COLUMNS += ("subjects", "statuses", "projected", "weighted", "actual", "date", "owners")


class CrmBoardExport(models.TransientModel):
    """An export of the customers of a view of the board, made part by part as a screen or a program asks for the next.

    It belongs to who started it. Everything is read with that user's rights, at the time when its part is made.
    """

    _name = "crm.board.export"
    _description = "Export of Customers"

    domain = fields.Json(readonly=True)
    column_names = fields.Json(readonly=True)
    file_format = fields.Selection(FORMATS, required=True, default="xlsx", readonly=True)
    per_project = fields.Boolean("One Row per Project", readonly=True)
    company_ids = fields.Json(readonly=True, help="The companies that were chosen at the start, the first one first.")
    part_ids = fields.One2many("crm.board.export.part", "export_id", readonly=True)
    total = fields.Integer(readonly=True, help="How many customers or, with a row each, projects there are.")
    done = fields.Integer(readonly=True)
    row_count = fields.Integer("Rows", readonly=True)
    is_finished = fields.Boolean(readonly=True)

    # ------------------------------------------------------------
    # What users and programs call
    # ------------------------------------------------------------

    @api.model
    @api.readonly
    def prepare_export(self, domain):
        """What an export of a view of the board can hold.

        :param list domain: the present search of the board
        :return: dict of ``projects`` and ``customers`` (numbers), ``nameless`` (projects that tell no customer),
            ``columns`` (``[{"name", "label", "group"}]``), ``default_columns`` and ``formats``
        :raise AccessError: the user may not export
        :raise UserError: not a domain of projects
        """
        leads = self.env["crm.lead"]
        leads._check_may_export()
        in_view = leads._export_domain(domain)
        found = [pair for pairs in self._find(in_view).values() for pair in pairs]
        projects = leads.with_context(active_test=False).search_count(in_view)
        columns = self._columns()
        return {
            "projects": projects,
            "customers": len(found),
            "nameless": projects - sum(number for _key, number in found),
            "columns": [{key: column[key] for key in ("name", "label", "group")} for column in columns.values()],
            "default_columns": [name for name in DEFAULT_COLUMNS if name in columns],
            "formats": [{"name": name, "label": label} for name, label in FORMATS],
        }

    @api.model
    def start_export(self, domain, columns, file_format="xlsx", per_project=False):
        """Begin an export; ``step`` makes it.

        :param list domain: the present search of the board
        :param list columns: names of columns, see ``prepare_export``
        :param str file_format: ``xlsx`` or ``csv``
        :param bool per_project: a row for each project instead of one for each customer
        :return: dict of ``id``, ``done`` and ``total`` (numbers of customers or projects) and ``is_finished``
        :raise AccessError: the user may not export
        :raise UserError: nothing to export, an unknown column or format, or more rows than the format can hold
        """
        leads = self.env["crm.lead"]
        leads._check_may_export()
        if file_format not in dict(FORMATS):
            raise UserError(self.env._("An export is an XLSX or a CSV file. Choose one of these."))
        vals = {
            "domain": list(domain),
            "column_names": self._check_columns(columns),
            "file_format": file_format,
            "per_project": per_project,
            "company_ids": self.env.companies.ids,
        }
        parts = self._prepare_parts(leads._export_domain(domain), per_project)
        vals["total"] = sum(part["size"] for part in parts)
        self._check_total(vals["total"], file_format)
        # sudo: users write no exports themselves; all that goes into them is read with their own rights
        export = self.sudo().create(vals)
        self.env["crm.board.export.part"].sudo().create([{**part, "export_id": export.id} for part in parts])
        return export._progress()

    def step(self):
        """Make the rows of the next part; after an error the same part is made again.

        :return: as ``start_export``
        :raise AccessError: the user may not export, or it is somebody else's
        :raise UserError: the export is gone, or is being made by another request at this moment
        """
        self._check_own()
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(self.env._("This part is being made already. Wait a moment, and go on.")) from error
        # sudo: parts are made by this method alone; what they hold is read with the rights of their user
        part = self.env["crm.board.export.part"].sudo()
        part = part.search([("export_id", "=", self.id), ("is_done", "=", False)], limit=1)
        if part:
            self._make(part)
        return self._progress()

    def cancel_export(self):
        """Forget an export and all that was made of it."""
        exports = self.exists()
        exports.check_access("unlink")
        exports.unlink()

    # ------------------------------------------------------------
    # Parts
    # ------------------------------------------------------------

    @api.model
    def _find(self, domain, per_project=False):
        """Who is in the view: ``{kind of part: [(key, number of projects)]}``."""
        leads = self.env["crm.lead"]
        return {
            "partner": leads._export_customers(domain),
            "email": leads._export_emails(domain),
            "lead": leads._export_others(domain, named=not per_project),
        }

    @api.model
    def _prepare_parts(self, domain, per_project):
        """Fix whose rows the file will hold.

        :return: list of values of parts
        """
        return [
            {
                "kind": kind,
                "keys": [key for key, _number in pairs],
                "size": sum(number for _key, number in pairs) if per_project else len(pairs),
            }
            for kind, found in self._find(domain, per_project).items()
            for pairs in self._split(found)
        ]

    @api.model
    def _split(self, pairs):
        part, projects = [], 0
        for pair in pairs:
            if part and (len(part) == PART_CUSTOMERS or projects + pair[1] > PART_PROJECTS):
                yield part
                part, projects = [], 0
            part.append(pair)
            projects += pair[1]
        if part:
            yield part

    def _make(self, part):
        """Make the rows of a part, with the companies that were chosen at the start."""
        export = self.with_context(allowed_company_ids=self.company_ids)
        columns = export._chosen_columns()
        leads = export._read_projects(part, columns)
        groups = part._grouped(leads)
        if self.per_project:
            groups = [(customer, lead) for customer, found in groups for lead in found]
        rows = export._rows(groups, columns)
        part.write({"content": self._text(rows, columns), "row_count": len(rows), "is_done": True, "keys": False})
        # sudo: see step
        export = self.sudo()
        export.write(
            {
                "done": export.done + part.size,
                "row_count": export.row_count + len(rows),
                "is_finished": export.done + part.size == export.total,
            }
        )

    def _read_projects(self, part, columns):
        """The projects of a part that are in the view now, with all that is shown of them."""
        leads = self.env["crm.lead"]
        names = {column["field"] for column in columns if column["group"] == "project"}
        names |= {"partner_id", "email_normalized", "board_column_id", "board_date", "company_id", "date_deadline"}
        names |= {"won_status", "partner_name", "contact_name", "email_from"}
        names = [name for name in names if name and self._may_read(leads, name)]
        domain = leads._export_domain(self.domain or []) & part._domain()
        return leads.with_context(active_test=False).search_fetch(domain, names, order="id desc")

    def _text(self, rows, columns):
        if self.file_format == "csv":
            return export_file.csv_text(rows)
        too_long = self.env._("This text is too long for an XLSX file. Choose CSV to export it.")
        kinds = [column["kind"] for column in columns]
        return export_file.xlsx_text(rows, kinds, self.row_count + 2, too_long)

    def _progress(self):
        return {"id": self.id, "done": self.done, "total": self.total, "is_finished": self.is_finished}

    # ------------------------------------------------------------
    # File
    # ------------------------------------------------------------

    def _open_file(self):
        """The finished file, on disk and not in memory.

        :return: ``(file, name)``; the file goes when it is closed
        :raise AccessError: see ``step``
        :raise UserError: it is not finished
        """
        self._check_own()
        if not self.is_finished:
            raise UserError(self.env._("The export is not finished. Let it go on to its end first."))
        columns = self.with_context(allowed_company_ids=self.company_ids)._chosen_columns()
        labels = [column["label"] for column in columns]
        file = TemporaryFile()  # noqa: SIM115  closed when it has been sent
        if self.file_format == "csv":
            export_file.write_csv(file, labels, self._contents())
        else:
            kinds = [column["kind"] for column in columns]
            export_file.write_xlsx(file, labels, kinds, self._contents(), self.row_count)
        file.seek(0)
        _logger.info(
            "User %d exported %d rows of customers. Columns: %s. Domain: %s",
            self.env.uid,
            self.row_count,
            ",".join(self.column_names),
            self.domain,
        )
        day = fields.Date.to_string(fields.Date.context_today(self))
        return file, f"{self.env._('Customers')} {day}.{self.file_format}"

    def _contents(self):
        """The texts of the parts, one in memory at a time."""
        # sudo: see step
        for part in self.sudo().part_ids:
            yield part.content or ""
            part.invalidate_recordset(["content"])

    # ------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------

    def _check_own(self):
        self.env["crm.lead"]._check_may_export()
        if not self.exists():
            raise UserError(self.env._("This export is gone: it was cancelled, or is long ago. Start it anew."))
        self.ensure_one()
        self.check_access("read")

    @api.model
    def _check_columns(self, names):
        known = self._columns()
        if not names or not isinstance(names, list | tuple):
            raise UserError(self.env._("Choose at least one column."))
        if unknown := [str(name) for name in names if name not in known]:
            raise UserError(
                self.env._(
                    "There is no column %(columns)s, or it is not for you. Choose others.", columns=", ".join(unknown)
                )
            )
        return list(dict.fromkeys(names))

    def _chosen_columns(self):
        """The columns of the file.

        :raise UserError: one of them has gone since the start
        """
        known = self._columns()
        return [known[name] for name in self._check_columns(self.column_names)]

    @api.model
    def _check_total(self, total, file_format):
        if not total:
            raise UserError(
                self.env._(
                    "No project of this view tells its customer. Choose another period or owner, or show more columns."
                )
            )
        if file_format == "xlsx" and total >= export_file.XLSX_MAX_ROWS:
            raise UserError(
                self.env._(
                    "An XLSX file holds %(limit)s rows, and these are %(count)s. Choose CSV.",
                    limit=export_file.XLSX_MAX_ROWS - 1,
                    count=total,
                )
            )
