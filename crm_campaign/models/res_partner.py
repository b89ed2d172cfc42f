from odoo import api, fields, models


class ResPartner(models.Model):
    """The campaigns that a customer is in."""

    _inherit = "res.partner"

    campaign_member_count = fields.Integer(
        "Campaigns",
        compute="_compute_campaign_member_count",
        groups="sales_team.group_sale_salesman,mass_mailing.group_mass_mailing_user",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_campaign_member_count(self):
        everybody = self.env["res.partner"].with_context(active_test=False)
        family = everybody.search_fetch(
            [("commercial_partner_id", "in", self._origin.commercial_partner_id.ids)], ["commercial_partner_id"]
        )
        counts = dict.fromkeys(family.commercial_partner_id, 0)
        domain = [("partner_id", "in", family.ids), ("state", "=", "in")]
        for partner, count in self.env["crm.campaign.member"]._read_group(domain, ["partner_id"], ["__count"]):
            counts[partner.commercial_partner_id] += count
        for partner in self:
            partner.campaign_member_count = counts.get(partner._origin.commercial_partner_id, 0)

    def action_open_campaign_members(self):
        """The campaigns that the customer and its contact persons are in.

        :return: an action
        """
        self.ensure_one()
        domain = [("partner_id", "child_of", self.commercial_partner_id.id), ("state", "=", "in")]
        return self.env["crm.campaign.member"]._action_open(domain, self.env._("Campaigns"), campaign_of_one=True)

    def unlink(self):
        """Members go with their customer, and what was written on them as well."""
        # sudo: who may delete a customer may delete what hangs on it
        self.env["crm.campaign.member"].sudo().search([("partner_id", "in", self.ids)]).unlink()
        return super().unlink()
