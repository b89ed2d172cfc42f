from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .crm_intake_source import OFFICER


class CrmIntakeSource(models.Model):
    """Who gets the leads of a source, whether they are told so, and which leads are projects at once."""

    _inherit = "crm.intake.source"

    keep_owner = fields.Boolean(
        string="Customers Keep Their Salesperson",
        default=True,
        help="A lead of a customer who has a salesperson goes to them, before any rule.",
    )
    rule_ids = fields.One2many("crm.intake.rule", "source_id", string="Rules", copy=True, groups=OFFICER)
    notify = fields.Boolean(
        string="E-mail on Assignment",
        default=True,
        help="Tell people by e-mail which leads they got: one by one up to five, more in one e-mail.",
    )
    promotion = fields.Selection(
        [("never", "By hand"), ("always", "All, at once"), ("rule", "Those that meet a rule, at once")],
        string="Leads Become Opportunities",
        required=True,
        default="never",
    )
    promotion_domain = fields.Char(string="Rule", default="[]", help="Also a later update can make a lead meet it.")

    @api.constrains("promotion", "promotion_domain")
    def _check_promotion_domain(self):
        for source in self.filtered(lambda source: source.promotion == "rule"):
            try:
                # sudo: who sets sources up need not see leads, and sees none of them here
                self.env["crm.lead"].sudo().search_count(source._get_promotion_domain(), limit=1)
            except Exception as error:  # whatever keeps it from being a domain, this is what the user has to know
                raise ValidationError(
                    self.env._("%(name)s: leads cannot be searched by that rule.", name=source.name)
                ) from error

    def _get_promotion_domain(self):
        self.ensure_one()
        return literal_eval(self.promotion_domain or "[]")

    def unlink(self):
        """The rules go one by one, as each has a sequence to take along."""
        self.with_context(active_test=False).rule_ids.unlink()
        return super().unlink()
