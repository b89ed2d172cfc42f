from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# What users write: what a call came to.
WRITABLE = frozenset({"result_id"})


class CrmCampaignDispatch(models.Model):
    """For those, and only those, who may see the member."""

    _name = "crm.campaign.dispatch"
    _inherit = ["crm.reach.mixin", "crm.campaign.dispatch"]

    @api.model
    def _get_access_domain(self):
        return Domain("member_id", "any", [])

    def _filter_out_of_reach(self, operation):
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
