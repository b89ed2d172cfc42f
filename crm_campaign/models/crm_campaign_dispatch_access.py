from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# What users write: what a call came to.
WRITABLE = frozenset({"result_id"})


class CrmCampaignDispatch(models.Model):
    """For those, and only those, who may see the member. As in crm.access.mixin, no record rule can say so."""

    _inherit = "crm.campaign.dispatch"

    @api.model
    def _get_access_domain(self):
        """What a user may find, beyond the record rules of the model."""
        return Domain("member_id", "any", [])

    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not (self.env.su or bypass_access):
            domain = Domain(domain) & self._get_access_domain()
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        allowed = (self - result[0] if result else self).filtered("id")
        forbidden = allowed._filter_out_of_reach() if allowed and not self.env.su else allowed.browse()
        if not forbidden:
            return result
        if result:
            return result[0] | forbidden, result[1]
        return forbidden, lambda: self.env["ir.rule"]._make_access_error(operation, forbidden)

    def _filter_out_of_reach(self):
        """Those of these records whose member the user may not see."""
        # sudo: only to learn which member to ask for, which is then asked as the user
        member_of = {part.id: part.member_id.id for part in self.sudo()}
        members = self.env["crm.campaign.member"].browse(set(member_of.values()))
        reachable = set(members._filtered_access("read")._ids)
        return self.browse(part for part, member in member_of.items() if member not in reachable)

    def write(self, vals):
        """Whom a step goes to, and what Odoo's records say of it, is written by this addon alone.

        :raise UserError: for anything else than the result of a call
        """
        if not self.env.su and vals.keys() - WRITABLE:
            raise UserError(self.env._("What happened with a member cannot be changed, but for the result of a call."))
        return super().write(vals)
