import tempfile

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..access.export import Export


class CrmGdprAccess(models.TransientModel):
    """What is stored about one person, to be handed over to them.

    The archive is made while it is downloaded, and is stored nowhere: neither in the database nor as an attachment.
    """

    _name = "crm.gdpr.access"
    _description = "Export of Personal Data"

    partner_id = fields.Many2one("res.partner", string="Contact", readonly=True, ondelete="cascade")
    lead_id = fields.Many2one("crm.lead", readonly=True, ondelete="cascade")
    lang = fields.Selection("_get_languages", string="Language", required=True)
    counts = fields.Json(readonly=True)
    # what is downloaded knows nothing of the companies that were chosen in the browser
    companies = fields.Json(readonly=True, help="For which the officer worked when it was opened.")
    other_companies = fields.Json(readonly=True, help="What those are called that have data which will not be in it.")
    summary = fields.Html(string="Content", compute="_compute_summary", sanitize=False)
    file_count = fields.Integer(readonly=True)
    is_company = fields.Boolean(related="partner_id.is_company")

    @api.model
    def _get_languages(self):
        return self.env["res.lang"].get_installed()

    @api.model
    def action_open_for(self, records):
        """Open the dialogue for one contact or lead; a lead with a customer stands for the customer.

        :raise UserError: of several persons, and of accounts that are nobody's
        """
        if records._name == "crm.lead" and records.partner_id:
            records = records.partner_id
        if len(records) != 1:
            raise UserError(self.env._("Choose one person: each gets an archive of their own."))
        wizard = self.create(self._prepare(records))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Export Personal Data"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _prepare(self, record):
        export = Export(self.env, self._check_person(record), self.env.lang)
        counts = export.count()
        of = "partner_id" if record._name == "res.partner" else "lead_id"
        return {
            of: record.id,
            "lang": self._get_language(record),
            "counts": counts,
            "companies": [self.env.company.id, *(self.env.companies - self.env.company).ids],
            "other_companies": export.reach.get_names(),
            "file_count": counts.get("ir.attachment", 0),
        }

    @api.model
    def _check_person(self, record):
        """Return the record, which the officer may read and which is of a person.

        :raise UserError: of Odoo's own accounts, and of records that are gone
        """
        self.check_access("read")
        if not record.exists():
            raise UserError(self.env._("There is no such record any more."))
        record.check_access("read")
        own = self.env["crm.gdpr.request.line"]._get_odoos_own().sudo().partner_id
        if record._name == "res.partner" and record in own:
            raise UserError(self.env._("This is one of Odoo's own accounts, and nobody's."))
        return record

    @api.model
    def _get_language(self, record):
        lang = record.lang if record._name == "res.partner" else record.lang_id.code
        installed = dict(self._get_languages())
        return next(code for code in (lang, self.env.lang, "en_US", *installed) if code in installed)

    @api.depends("counts", "other_companies")
    @api.depends_context("lang")
    def _compute_summary(self):
        # what models are called everybody may know
        models_of = self.env["ir.model"].sudo()
        for wizard in self:
            told = {**(wizard.counts or {})}
            files = told.pop("ir.attachment", 0)
            rows = sorted((models_of._get(model).name or model, number) for model, number in told.items())
            rows += [(self.env._("Files"), files)] if files else []
            values = {"rows": rows, "other_companies": wizard.other_companies}
            wizard.summary = self.env["ir.qweb"]._render("crm_gdpr.access_summary", values)

    def action_download(self):
        """Have the browser fetch the archive."""
        self.ensure_one()
        self._check_person(self._get_record())
        return {"type": "ir.actions.act_url", "url": f"/crm_gdpr/access/{self.id}", "target": "download"}

    def _get_record(self):
        return self.partner_id or self.lead_id

    def _build(self):
        """Make the archive and note that it was made.

        :return: a file of which nothing is left when it is closed
        """
        self.ensure_one()
        self.check_access("read")
        # of companies that are not the officer's any more, Odoo says so
        wizard = self.with_context(allowed_company_ids=self.companies or self.env.companies.ids)
        record = wizard._check_person(wizard._get_record())
        file = tempfile.TemporaryFile()  # noqa: SIM115
        try:
            counts = Export(wizard.env, record, self.lang).write(file)
            # before it is handed over; in a transaction of its own, as it may have been read for minutes
            self.env["crm.gdpr.log"]._append_apart("exported", subjects=record, counts=counts)
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return file
