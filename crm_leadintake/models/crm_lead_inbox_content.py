import json

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import corrections

_LONG = 2000


class CrmLeadInbox(models.Model):
    """What came in, as a person reads it: who it is about in a line, and each field with what is wrong with it."""

    _inherit = "crm.lead.inbox"

    summary = fields.Char(string="Who", compute="_compute_summary", search="_search_summary")
    content = fields.Html(string="What Came In", compute="_compute_content", sanitize=False)
    content_source = fields.Text(string="As It Came In", compute="_compute_content_source")
    answer_text = fields.Text(string="First Answer", compute="_compute_answer_text")

    @api.depends("payload", "source_id")
    def _compute_summary(self):
        for row in self:
            config = row.source_id._get_config(row.source_id.id)
            row.summary = corrections.who(row._get_values(), config.specs, config.mapped)

    @api.model
    def _search_summary(self, operator, value):
        """Whatever was sent can be searched, under whatever name."""
        if operator not in ("ilike", "like", "=ilike", "=like") or not isinstance(value, str):
            return NotImplemented
        # as it stands in JSON, where quotes are escaped by what is an escape in patterns too
        text = json.dumps(value.strip("%"), ensure_ascii=False)[1:-1].replace("\\", "\\\\")
        pattern = f"%{text}%"
        return [("id", "in", SQL("(SELECT id FROM crm_lead_inbox WHERE payload ILIKE %s)", pattern))]

    @api.depends("payload")
    def _compute_content_source(self):
        for row in self:
            row.content_source = json.dumps(row._get_values(), ensure_ascii=False, indent=2, sort_keys=True)

    @api.depends("answer")
    def _compute_answer_text(self):
        for row in self:
            row.answer_text = json.dumps(row.answer, ensure_ascii=False, indent=2) if row.answer else False

    @api.depends("payload", "problems", "warnings")
    @api.depends_context("lang")
    def _compute_content(self):
        for row in self:
            row.content = row._render_content() if row.payload else False

    def _render_content(self):
        """A table of their field, its value, where it goes, and what is wrong with it."""
        config = self.source_id._get_config(self.source_id.id)
        values = self._get_values()
        problems = [*(self.problems or []), *(self.warnings or [])]
        by_name = corrections.problems_by_name(values, problems, config.specs, config.mapped)
        labels = self._get_field_labels(config)
        lines = [
            self._render_line(
                name, value, labels.get(corrections.our_name(name, config.specs, config.mapped)), by_name.get(name, ())
            )
            for name, value in values.items()
        ]
        if "" in by_name:
            lines.append(self._render_line("", "", "", by_name[""]))
        head = Markup("").join(
            Markup("<th>%s</th>") % title
            for title in (self.env._("Field"), self.env._("Value"), self.env._("What is wrong"))
        )
        return Markup(
            '<table class="table table-sm o_intake_content"><thead><tr>%s</tr></thead><tbody>%s</tbody></table>'
        ) % (head, Markup("").join(lines))

    @api.model
    def _render_line(self, name, value, label, problems):
        wrong = Markup("<br/>").join(self._describe_rule(problem) for problem in problems)
        text = Markup("<br/>").join(corrections.as_text(value)[:_LONG].splitlines())
        title = Markup('%s<br/><small class="text-muted">%s</small>') % (label, name) if label else name
        return Markup("<tr%s><td>%s</td><td>%s</td><td>%s</td></tr>") % (
            Markup(' class="table-warning"') if problems else "",
            title,
            text,
            wrong,
        )

    @api.model
    def _get_field_labels(self, config):
        """``{name on the wire: label of the lead's field}``, in the reader's language."""
        labels = self.env["crm.lead"].sudo().fields_get([spec.target for spec in config.specs.values()], ["string"])
        return {spec.name: labels[spec.target]["string"] for spec in config.specs.values() if spec.target in labels}

    @api.model
    def _describe_rule(self, problem):
        """A problem without the name of its field, which stands beside it."""
        return self._get_problem_sentences()[problem["rule"]] % problem

    def _get_problems_by_name(self):
        """``{the sender's name of the field: [problem]}``, those of the lead as a whole under an empty name."""
        self.ensure_one()
        config = self.source_id._get_config(self.source_id.id)
        return corrections.problems_by_name(self._get_values(), self.problems or [], config.specs, config.mapped)
