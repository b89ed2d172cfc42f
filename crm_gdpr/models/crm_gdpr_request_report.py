from odoo import api, fields, models
from odoo.tools import SQL

DONE_TO = ("deleted", "changed", "kept")
MOST_UNREAD = 20


class CrmGdprRequest(models.Model):
    """What a preview found and what was done, for people to read."""

    _inherit = "crm.gdpr.request"

    report = fields.Html(compute="_compute_report", sanitize=False)
    sample = fields.Html(string="Before and After", compute="_compute_sample", sanitize=False)

    @api.depends("line_ids.counts", "line_ids.kept", "line_ids.residue", "state")
    @api.depends_context("lang")
    def _compute_report(self):
        for request in self:
            rows = request._get_rows()
            values = {
                "record": request,
                "rows": rows,
                "is_done": request.state in ("running", "stopped", "done"),
                "residue": request._get_residue(),
                "unread": request._get_unread(),
                "unsearched": request._count_unsearched(),
                "shared": request._count_shared(),
            }
            request.report = self.env["ir.qweb"]._render("crm_gdpr.request_report", values) if rows else False

    def _get_rows(self):
        """One row per model: ``{"label": …, "deleted": n, "changed": n, "kept": n, "why": […]}``."""
        self.env["crm.gdpr.request.line"].flush_model(["request_id", "counts", "residue"])
        self.env.cr.execute(
            SQL(
                """
                SELECT told->>0, told->>1, told->>2, sum((told->>3)::int)
                  FROM crm_gdpr_request_line line, jsonb_array_elements(line.counts) told
                 WHERE line.request_id = %s AND jsonb_typeof(line.counts) = 'array'
                 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
                """,
                self.id or 0,
            )
        )
        words = self.env["crm.gdpr.kept"]._get_words()
        rows = {}
        for model, what, why, number in self.env.cr.fetchall():
            row = rows.setdefault(model, {**dict.fromkeys(DONE_TO, 0), "label": self._label(model), "why": []})
            row[what] = row.get(what, 0) + number
            if why in words:
                row["why"].append(words[why])
            if what == "printed":
                row["why"].append(self.env._("%(number)s printed first, as nobody has yet", number=number))
        return sorted(rows.values(), key=lambda row: row["label"])

    def _count_shared(self):
        """How many addresses and numbers others have as well."""
        self.env["crm.gdpr.request.line"].flush_model(["request_id", "kept"])
        self.env.cr.execute(
            SQL(
                """
                SELECT COALESCE(sum((told->>2)::int), 0)
                  FROM crm_gdpr_request_line line, jsonb_array_elements(line.kept) told
                 WHERE line.request_id = %s AND jsonb_typeof(line.kept) = 'array' AND told->>0 = 'shared'
                """,
                self.id or 0,
            )
        )
        return self.env.cr.fetchone()[0]

    @api.model
    def _label(self, model):
        """What a model is called; everybody may know."""
        return self.env["ir.model"].sudo()._get(model).name or model

    def _get_residue(self):
        """Where the search found something, in words: ``[(place, why, number)]``."""
        words = self._get_residue_words()
        return [(place, words.get(why, why), number) for place, why, number in self._read_residue()]

    def _read_residue(self):
        """Where the search found something, of all persons together: ``[(place, code of why, number)]``."""
        self.env["crm.gdpr.request.line"].flush_model(["request_id", "residue"])
        self.env.cr.execute(
            SQL(
                """
                SELECT told->>0, told->>1, sum((told->>2)::int)
                  FROM crm_gdpr_request_line line, jsonb_array_elements(line.residue) told
                 WHERE line.request_id = %s AND jsonb_typeof(line.residue) = 'array'
                 GROUP BY 1, 2 ORDER BY 1, 2
                """,
                self.id or 0,
            )
        )
        return self.env.cr.fetchall()

    def _get_unread(self):
        """What the search could not read, in words: attachments where a file belongs to any."""
        names = self.unread or []
        self.env.cr.execute(
            SQL(
                """
                SELECT file, attachment.id, attachment.res_model, attachment.res_id
                  FROM unnest(%s::text[]) file LEFT JOIN ir_attachment attachment ON attachment.store_fname = file
                 ORDER BY attachment.id, file LIMIT %s
                """,
                names,
                MOST_UNREAD,
            )
        )
        told = [self._describe_file(*row) for row in self.env.cr.fetchall()]
        return {"number": len(names), "told": told}

    @api.model
    def _describe_file(self, name, attachment_id, model, record_id):
        """Say where a file is to be found."""
        if not attachment_id:
            return name
        words = {"id": attachment_id, "model": self._label(model) if model else "", "record": record_id}
        if not model or not record_id:
            return self.env._("Attachment %(id)s", **words)
        return self.env._("Attachment %(id)s of %(model)s %(record)s", **words)

    @api.model
    def _get_residue_words(self):
        """What the reasons are called for which something was left."""
        return {
            **self.env["crm.gdpr.kept"]._get_words(),
            "other_person": self.env._("Data of another person, with the same name or address"),
            "ordinary": self.env._("Words that somebody else may have as well"),
            "file": self.env._("A file that somebody has to look at"),
            "settings": self.env._("A setting that somebody has to look at"),
        }

    @api.depends("line_ids.sample")
    @api.depends_context("lang")
    def _compute_sample(self):
        for request in self:
            lines = request._find_shown()
            samples = [(line.display_name, [self._label_sample(*row) for row in line.sample]) for line in lines]
            values = {"samples": samples}
            request.sample = self.env["ir.qweb"]._render("crm_gdpr.request_sample", values) if samples else False

    @api.model
    def _label_sample(self, model, row_id, name, before, after):
        field = self.env[model]._fields.get(name)
        label = field._description_string(self.env) if field else name
        if field and field.type == "many2one" and str(before).isdigit():
            # what was linked, such as a country or state
            before = self.env[field.comodel_name].sudo().browse(int(before)).exists().display_name or before
        return {"record": f"{self._label(model)} {row_id}", "field": label, "before": before, "after": after}
