from odoo import api, models
from odoo.fields import Domain

MEMBER = "crm.campaign.member"


class MailingTrace(models.Model):
    """Tells the members of campaigns what became of their messages.

    A trace says a member's address or number: it is for those who may see the member. Statistics of mailings count all.
    """

    _name = "mailing.trace"
    _inherit = ["crm.reach.mixin", "mailing.trace"]

    # ------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------

    @api.model
    def _get_access_domain(self):
        of_others = Domain("model", "!=", MEMBER)
        members = self.env[MEMBER]
        if not members.has_access("read"):
            return of_others
        return of_others | Domain("res_id", "in", members._search([]))

    def _filter_out_of_reach(self, operation):
        """Those of these traces that are of members whom the user may not see."""
        # sudo: only to learn which member to ask for, which is then asked as the user
        member_of = {trace.id: trace.res_id for trace in self.sudo() if trace.model == MEMBER}
        if not member_of:
            return self.browse()
        reachable = set(self.env[MEMBER].browse(set(member_of.values())).exists()._filtered_access("read")._ids)
        return self.browse(trace for trace, member in member_of.items() if member not in reachable)

    # ------------------------------------------------------------
    # What became of messages
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        traces = super().create(vals_list)
        ours = [
            trace.id
            for trace, vals in zip(traces, vals_list, strict=True)
            if vals.get("model") == MEMBER and not vals.get("is_test_trace")
        ]
        if ours:
            self.env["crm.campaign.dispatch"].sudo()._link_traces(self.browse(ours).sudo())
        return traces

    def set_opened(self, domain=None):
        if self.env.context.get("crm_is_automatic_answer"):
            return self
        return super().set_opened(domain=domain)

    def set_replied(self, domain=None):
        if self.env.context.get("crm_is_automatic_answer"):
            return self
        return super().set_replied(domain=domain)
