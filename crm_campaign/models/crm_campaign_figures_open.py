from odoo import api, models
from odoo.fields import Domain

from .crm_campaign_figures import LEAD_KEYS, REACHED


class UtmCampaign(models.Model):
    """The records behind each number of the page of success."""

    _inherit = "utm.campaign"

    @api.readonly
    def action_open_success(self, key, channel=None, who=None, value=None):
        """Open exactly the records that a number counts; of these, those that the user may see.

        :param str key: of the funnel; ``projected``, ``result`` or ``left_out``
        :param str channel: the number of one channel; ``other`` for leads by none of them
        :param str who: ``members`` or ``others``, of leads
        :param value: which result (an id) or reason
        :return: an action
        """
        self.ensure_one()
        self.check_access("read")
        if key in (*LEAD_KEYS, "projected"):
            return self._open_success_leads(key, channel, who)
        if key == "left_out":
            domain = (
                Domain("campaign_id", "=", self.id) & Domain("state", "=", "left_out") & Domain("reason", "=", value)
            )
            title = dict(self.env["crm.campaign.member"]._fields["reason"]._description_selection(self.env)).get(value)
        elif key == "result":
            domain = Domain("campaign_id", "=", self.id) & Domain("dispatch_ids", "any", [("result_id", "=", value)])
            title = self.env["crm.choice"].browse(value).sudo().name  # sudo: the name of a choice, as on the page
        else:
            domain = self._get_success_members_domain(key if key in REACHED else "group", channel)
            title = self._get_funnel_labels().get(key)
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_campaign.crm_campaign_member_action")
        return {
            **action,
            "display_name": f"{self.title}: {title}",
            "domain": list(domain),
            "context": {"create": False},
        }

    def _open_success_leads(self, key, channel, who):
        domain = self._get_success_leads_domain(key, None if channel == "other" else channel, who)
        if channel == "other":
            domain &= Domain("medium_id", "not in", list(self._get_media().values()))
        title = self._get_funnel_labels().get(key) or self.env._("Open projects")
        return {
            "type": "ir.actions.act_window",
            "name": f"{self.title}: {title}",
            "res_model": "crm.lead",
            "domain": list(domain),
            "views": [
                (self.env.ref("crm.crm_case_tree_view_oppor").id, "list"),
                (self.env.ref("crm.crm_case_kanban_view_leads").id, "kanban"),
                (False, "form"),
            ],
            "search_view_id": (self.env.ref("crm.view_crm_case_opportunities_filter").id, "search"),
            # Lost ones count as well.
            "context": {"active_test": False, "create": False},
        }
