from odoo import api, models
from odoo.fields import Domain


class CrmCustomerPage(models.AbstractModel):
    """The campaigns that a customer, those below it or their leads are in, with what happened there."""

    _inherit = "crm.customer.page"

    @api.model
    def _get_counted(self, customer):
        counted = super()._get_counted(customer)
        members = self.env["crm.campaign.member"]
        if members.has_access("read"):
            theirs = Domain("partner_id", "in", customer.ids)
            if customer.lead_ids:
                theirs |= Domain("lead_id", "in", customer.lead_ids)
            counted["campaign_members"] = members, theirs & Domain("state", "=", "in")
        return counted

    @api.model
    def _get_campaign_texts(self, customer):
        texts = super()._get_campaign_texts(customer)
        members, domain, count = customer.counted.get("campaign_members", (None, None, 0))
        if not count:
            return texts
        found = members.search_fetch(domain, ["campaign_id", "partner_id"], order="id desc")
        labels = dict(members._fields["outcome"]._description_selection(self.env))
        said = {}
        for member in found:
            outcome = labels.get(member.outcome) or self.env._("In the group")
            name = customer.name_of(member.partner_id.id)
            said.setdefault(member.campaign_id, []).append(f"{name}: {outcome}" if name else outcome)
        for campaign, of_projects in texts.items():
            said.setdefault(campaign, []).extend(of_projects)
        return dict(sorted(said.items(), key=lambda item: -item[0].id))
