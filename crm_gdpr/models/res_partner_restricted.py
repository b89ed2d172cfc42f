from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# who has to find whom an invoice was sent to, as long as the law keeps it
GROUPS = ("account.group_account_readonly", "account.group_account_invoice", "crm_gdpr.group_privacy_officer")


class ResPartner(models.Model):
    """A contact of whom only what the law keeps is left is found by accountants and privacy officers alone."""

    _inherit = "res.partner"

    def write(self, vals):
        if vals.get("active") and not self.env.su and self.filtered("gdpr_state"):
            raise UserError(self.env._("This person was anonymised, and stays archived."))
        return super().write(vals)

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, active_test=True, bypass_access=False):
        if not bypass_access and self._may_find_restricted(domain, active_test) and not self._sees_restricted():
            domain = Domain(domain) & Domain("gdpr_state", "!=", "restricted")
        return super()._search(
            domain, offset=offset, limit=limit, order=order, active_test=active_test, bypass_access=bypass_access
        )

    @api.model
    def _may_find_restricted(self, domain, active_test):
        """They are archived, so that ordinary searches do not find them anyway and are not slowed down."""
        if not (active_test and self.env.context.get("active_test", True)):
            return True
        return any(condition.field_expr == "active" for condition in Domain(domain).iter_conditions())

    @api.model
    def _sees_restricted(self):
        return self.env.su or any(self.env.user.has_group(group) for group in GROUPS)
