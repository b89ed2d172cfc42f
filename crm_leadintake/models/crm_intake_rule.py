from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import rules
from ..tools.vocabulary import STANDARD


class CrmIntakeRule(models.Model):
    """For whom leads of a source are: the first rule that fits a lead, and has somebody, gives it away."""

    _name = "crm.intake.rule"
    _inherit = "crm.intake.config.mixin"
    _description = "Lead Assignment Rule"
    _order = "sequence, id"

    name = fields.Char(required=True)
    source_id = fields.Many2one("crm.intake.source", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="source_id.company_id")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    # for which leads: all that is given has to hold
    country_ids = fields.Many2many("res.country", string="Countries")
    postcodes = fields.Char(help="How they begin, and ranges, with commas between, as in 10, 1200-1399, SW1A, 00-950.")
    field_id = fields.Many2one(
        "ir.model.fields",
        domain="[('id', 'in', allowed_field_ids)]",
        ondelete="cascade",
        help="A field of the lead, whose value has to be or to contain the text beside it.",
    )
    allowed_field_ids = fields.Many2many("ir.model.fields", compute="_compute_allowed_field_ids")
    operator = fields.Selection([("is", "is"), ("contains", "contains")], required=True, default="is")
    value = fields.Char(help="Capital and small letters count as the same.")

    # for whom
    target = fields.Selection(
        [("user", "One salesperson"), ("turns", "Several in turn"), ("capacity", "The team, by capacity")],
        string="Goes To",
        required=True,
        default="turns",
        help="By capacity: the member of the team who has the largest part of their capacity left, as Odoo's own"
        " assignment counts it: leads of the last 30 days. Who pauses assignment gets none.",
    )
    user_id = fields.Many2one("res.users", string="Salesperson", domain="[('share', '=', False)]", ondelete="restrict")
    user_ids = fields.Many2many("res.users", string="Salespeople", domain="[('share', '=', False)]")
    team_id = fields.Many2one(
        "crm.team",
        string="Sales Team",
        check_company=True,
        help="Empty: the team of the source, else the salesperson's.",
    )
    turn_sequence_id = fields.Many2one("ir.sequence", readonly=True, copy=False, ondelete="restrict")

    @api.depends_context("uid")
    def _compute_allowed_field_ids(self):
        self.allowed_field_ids = self.env["crm.intake.mapping"]._get_allowed_fields()

    @api.constrains("postcodes")
    def _check_postcodes(self):
        for rule in self:
            try:
                rules.parse_postcodes(rule.postcodes)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "Postcodes: %(part)s is neither how some begin nor a range such as 1000-1999.", part=error
                    )
                ) from error

    @api.constrains("target", "user_id", "user_ids", "team_id", "source_id")
    def _check_target(self):
        for rule in self:
            if rule.target == "capacity":
                is_complete = rule.team_id or rule.source_id.team_id
            else:
                is_complete = rule.user_id if rule.target == "user" else rule.user_ids
            if not is_complete:
                raise ValidationError(self.env._("%(rule)s: say who gets the leads.", rule=rule.name))

    @api.constrains("field_id", "value")
    def _check_value(self):
        allowed = self.env["crm.intake.mapping"]._get_allowed_fields()
        for rule in self.filtered("field_id"):
            if not rule.value or not rule.value.strip():
                raise ValidationError(self.env._("%(rule)s: say what the field has to be.", rule=rule.name))
            if rule.field_id not in allowed:
                raise ValidationError(self.env._("%(rule)s: choose a field that can be sent.", rule=rule.name))

    @api.model_create_multi
    def create(self, vals_list):
        """Each rule counts its turns with a sequence of PostgreSQL's, which server processes share without waiting."""
        # sudo: who sets rules up need not be allowed to make numbers for documents
        sequences = (
            self.env["ir.sequence"]
            .sudo()
            .create(
                [
                    {"name": self.env._("Turns of %(rule)s", rule=vals.get("name")), "company_id": False}
                    for vals in vals_list
                ]
            )
        )
        return super().create(
            [vals | {"turn_sequence_id": turns.id} for vals, turns in zip(vals_list, sequences, strict=True)]
        )

    def unlink(self):
        """The sequences go with them."""
        # sudo: they are nobody else's
        sequences = self.turn_sequence_id.sudo()
        result = super().unlink()
        sequences.unlink()
        return result

    def _as_rules(self):
        """As plain values, in order, for the pipeline."""
        return tuple(rule._get_rule() for rule in self)

    def _get_rule(self):
        self.ensure_one()
        target = self.field_id.name
        return rules.Rule(
            id=self.id,
            name=self.name,
            target=self.target,
            countries=frozenset(self.country_ids.ids),
            postcodes=rules.parse_postcodes(self.postcodes),
            field=next((spec.name for spec in STANDARD if spec.target == target), target) or "",
            operator=self.operator,
            value=self.value or "",
            user_ids=tuple(self.user_id.ids if self.target == "user" else sorted(self.user_ids.ids)),
            team_id=self.team_id.id or None,
            sequence_id=self.turn_sequence_id.id,
        )
