from odoo import api, fields, models

MEMBER = "crm.campaign.member"


class CrmLead(models.Model):
    """The campaigns that a lead is in."""

    _inherit = "crm.lead"

    campaign_member_count = fields.Integer(
        "In Campaigns",
        compute="_compute_campaign_member_count",
        groups="sales_team.group_sale_salesman",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_campaign_member_count(self):
        domain = [("lead_id", "in", self._origin.ids), ("state", "=", "in")]
        counts = dict(self.env["crm.campaign.member"]._read_group(domain, ["lead_id"], ["__count"]))
        for lead in self:
            lead.campaign_member_count = counts.get(lead._origin, 0)

    def action_open_campaign_members(self):
        """The campaigns that the lead is in.

        :return: an action
        """
        self.ensure_one()
        domain = [("lead_id", "=", self.id), ("state", "=", "in")]
        return self.env["crm.campaign.member"]._action_open(domain, self.env._("Campaigns"), campaign_of_one=True)

    @api.model
    def _get_unlink_links(self):
        return [*super()._get_unlink_links(), (MEMBER, "lead_id")]

    def _unlink_linked(self, found):
        """A member who is a customer stays when the project by which they were chosen is deleted."""
        super()._unlink_linked(found)
        # sudo: who may delete a lead may delete what hangs on it, and the customer's campaigns do not
        members = self.env[MEMBER].sudo().browse(found[MEMBER, "lead_id"])
        if not members:
            return
        members._follow_leads()
        of_customers = members.filtered("partner_id")
        of_customers.write({"lead_id": False})
        (members - of_customers).unlink()

    @api.model
    def _get_merge_links(self):
        return [*super()._get_merge_links(), (MEMBER, "lead_id"), (MEMBER, "result_lead_id")]

    def _merge_linked(self, leads, found):
        super()._merge_linked(leads, found)
        # sudo: memberships go with their lead, and what a reaction became stays known; the right to merge was checked
        members = self.env[MEMBER].sudo()
        members.browse(found[MEMBER, "result_lead_id"]).write({"result_lead_id": self.id})
        members = members.browse(found[MEMBER, "lead_id"])
        if not members:
            return
        # The result gets the first customer that there is.
        customer = leads.partner_id[:1]
        # Who is another customer's contact stays who they are, without the project, which is somebody else's now.
        others = members.filtered(lambda member: member.partner_id and member.partner_id != customer)
        for partner_members in others.grouped("partner_id").values():
            partner_members._become_one()
        others.write({"lead_id": False})
        (members - others)._become_one()
        (members - others).write({"lead_id": self.id})
