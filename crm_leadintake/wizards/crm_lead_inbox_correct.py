from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import corrections, records

_MOST_LINES = 200


class CrmLeadInboxCorrect(models.TransientModel):
    """Correcting what came in: all fields of one lead, or what is wrong in several, each wrong value once."""

    _name = "crm.lead.inbox.correct"
    _description = "Correct What Came In"

    row_ids = fields.Many2many("crm.lead.inbox", string="Leads", readonly=True)
    row_count = fields.Integer(string="Leads to Correct", readonly=True)
    is_single = fields.Boolean(readonly=True)
    source_id = fields.Many2one("crm.intake.source", readonly=True)
    summary = fields.Char(string="Who", readonly=True)
    seen = fields.Char(readonly=True, help="The hash of the content that is corrected.")
    general_problem = fields.Text(readonly=True)
    line_ids = fields.One2many("crm.lead.inbox.correct.line", "wizard_id", string="Values")

    @api.model_create_multi
    def create(self, vals_list):
        """The lines follow from the rows."""
        wizards = super().create(vals_list)
        for wizard in wizards:
            wizard._fill()
        return wizards

    def _fill(self):
        rows = self.row_ids
        rows.check_access("read")
        self.write({"row_count": len(rows), "is_single": len(rows) == 1})
        self.source_id = rows.source_id if len(rows.source_id) == 1 else False
        found = [(row, row._get_values(), row._get_problems_by_name()) for row in rows]
        if self.is_single:
            row, values, problems = found[0]
            self.summary, self.seen = row.summary, records.fingerprint(row.payload or "")
            lines = [
                (name, corrections.as_text(value), _rules(row, problems, name), 1) for name, value in values.items()
            ]
        else:
            lines = self._group(found)
        general = Counter(_rules(row, problems, "") for row, _values, problems in found if "" in problems)
        self.general_problem = "\n".join(text if self.is_single else f"{n} × {text}" for text, n in general.items())
        self.line_ids = [
            fields.Command.create(
                {
                    "old_name": name,
                    "name": name,
                    "old_value": text,
                    "value": text,
                    "problem": problem,
                    "row_count": count,
                }
            )
            for name, text, problem, count in lines
        ]

    @api.model
    def _group(self, found):
        """``(name, value, what is wrong, in how many rows)``, the most frequent first."""
        counts = Counter(
            (name, corrections.as_text(values[name]), _rules(row, problems, name))
            for row, values, problems in found
            for name in problems
            if name
        )
        return [(*key, count) for key, count in counts.most_common(_MOST_LINES)]

    def action_apply(self):
        """Put the new values in, and have the rows processed."""
        self.ensure_one()
        make_values = self._make_single() if self.is_single else self._make_many()
        corrected = self.row_ids._change("_correct", make_values)
        return self.row_ids._tell(corrected, {"type": "ir.actions.act_window_close"})

    def _make_single(self):
        """The lines are the whole of the content; it is still the one that was shown."""
        lines = [(line.old_name, line.name, line.value) for line in self.line_ids if not line.is_left_out]
        names = [name for _old, name, _value in lines]
        if duplicates := [name for name, count in Counter(names).items() if count > 1]:
            raise UserError(self.env._("%(name)s is there twice.", name=duplicates[0]))
        seen, message = self.seen, self.env._("It has changed in the meantime. Open it again.")

        def make(values):
            if records.fingerprint(records.canonical(values)) != seen:
                raise UserError(message)
            new = {name: corrections.from_text(value, values.get(old)) for old, name, value in lines}
            changed = [name for name in {**values, **new} if values.get(name) != new.get(name)]
            return new, changed

        return make

    def _make_many(self):
        """Each line replaces its value wherever it stands in the rows."""
        changes = [
            (line.old_name, line.old_value, "" if line.is_left_out else line.name, line.value) for line in self.line_ids
        ]
        return lambda values: corrections.replace(values, changes)


class CrmLeadInboxCorrectLine(models.TransientModel):
    """A value to correct: of one lead, or the same wrong one of several."""

    _name = "crm.lead.inbox.correct.line"
    _description = "Value to Correct"
    _order = "id"

    wizard_id = fields.Many2one("crm.lead.inbox.correct", required=True, ondelete="cascade", index=True)
    old_name = fields.Char(readonly=True)
    old_value = fields.Text(string="Came In As", readonly=True)
    name = fields.Char(string="Field", required=True)
    value = fields.Text(string="New Value")
    problem = fields.Text(string="What Is Wrong", readonly=True)
    row_count = fields.Integer(string="Leads", readonly=True, default=1)
    is_left_out = fields.Boolean(string="Leave Out")


def _rules(row, problems, name):
    return "\n".join(row._describe_rule(problem) for problem in problems.get(name, ()))
