from odoo import api, models


class CrmCampaignMember(models.Model):
    """Where members are looked at."""

    _inherit = "crm.campaign.member"

    @api.model
    def _action_open(self, domain, title, campaign_of_one=False, **context):
        """A list of members.

        :param bool campaign_of_one: of one person in several campaigns, and not of several in one
        :return: an action
        """
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_campaign.crm_campaign_member_action")
        context = {"create": False, "campaign_of_one": campaign_of_one, **context}
        return {**action, "name": title, "display_name": title, "domain": domain, "context": context}

    @api.model
    def _action_open_group(self, campaign):
        """The group of a campaign, those left out below by reason.

        :return: an action
        """
        return self._action_open([("campaign_id", "=", campaign.id)], campaign.title, search_default_group_state=1)
