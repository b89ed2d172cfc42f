from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import mail_patterns


class CrmIntakePattern(models.Model):
    """How a field is found in the mails of a source."""

    _name = "crm.intake.pattern"
    _inherit = "crm.intake.config.mixin"
    _description = "Lead Intake Mail Pattern"
    _order = "sequence, id"
    _rec_name = "expression"

    source_id = fields.Many2one("crm.intake.source", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(default=10)
    field = fields.Selection("_selection_field", required=True)
    kind = fields.Selection(
        [("label", "After a label"), ("regex", "Regular expression")], string="Found", required=True, default="label"
    )
    expression = fields.Char(
        string="Labels or Expression",
        required=True,
        help="Labels with semicolons in between, as in: Name; Naam; Nom. Or a regular expression with one group.",
    )

    @api.model
    def _selection_field(self):
        # sudo: which fields a lead has is no secret, but only administrators may read that
        specs = self.env["crm.intake.source"].sudo()._get_specs()
        return [(name, spec.label) for name, spec in specs.items() if spec.kind not in ("tags", "records")]

    @api.constrains("kind", "expression")
    def _check_expression(self):
        for pattern in self:
            try:
                pattern._compile()
            except mail_patterns.UnsafeExpression as error:
                raise ValidationError(self._describe_unsafe(error.reason, pattern.expression)) from error

    def _compile(self):
        """``(field, kind, compiled)`` for tools/mail_patterns.py.

        :raise UnsafeExpression: it cannot be taken
        """
        self.ensure_one()
        compiling = mail_patterns.compile_labels if self.kind == "label" else mail_patterns.compile_expression
        return self.field, self.kind, compiling(self.expression)

    @api.model
    def _describe_unsafe(self, reason, expression):
        _ = self.env._
        why = {
            "empty": _("there is nothing to look for."),
            "length": _("it is too long."),
            "wrong": _("this is no regular expression."),
            "group": _("put exactly one pair of parentheses around what is to be read."),
            "syntax": _("only characters, classes, repetitions and alternatives can be used."),
            "nested": _("only single characters and classes can be repeated, no groups."),
            "slow": _("it matches in so many ways that a mail can keep the server busy. Repeat less, or begin with ^."),
        }[reason]
        return _("Pattern %(expression)s: %(why)s", expression=expression or "", why=why)
