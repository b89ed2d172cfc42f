from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_campaign_figures import REACHED


class CrmLead(models.Model):
    """Which leads and projects of a campaign come from its members, and which from others."""

    _inherit = "crm.lead"

    campaign_as_member_id = fields.Many2one(
        "utm.campaign",
        "Campaign as a Member",
        compute="_compute_campaign_as_member_id",
        search="_search_campaign_as_member_id",
        compute_sudo=True,
        exportable=False,
        help="The campaign, if its target group holds the customer, another contact of the same company, or the same "
        "e-mail address; empty for others, who found it on a website for instance.",
    )

    @api.depends("campaign_id")
    def _compute_campaign_as_member_id(self):
        campaigns = self.campaign_id
        of_members = set()
        if campaigns and self._origin.ids:
            domain = Domain("id", "in", self._origin.ids) & Domain("campaign_as_member_id", "in", campaigns.ids)
            of_members = set(self._origin.with_context(active_test=False)._search(domain))
        for lead in self:
            lead.campaign_as_member_id = lead.campaign_id if lead._origin.id in of_members else False

    def _search_campaign_as_member_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        campaign_ids = [campaign_id for campaign_id in value if campaign_id]
        if not campaign_ids:
            return NotImplemented
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN (%s)", SQL.identifier(alias, "id"), self._of_members_sql(campaign_ids)
            )
        )

    @api.model
    def _campaign_value_sql(self, alias, query):
        """What a won project brought, nothing for others, in the currency of its company.

        The value of a project that is not on a process is the one that was expected of it.
        """
        names = ("won_status", "type", "order_basis", "expected_revenue", "actual_revenue")
        return SQL(
            """
            CASE WHEN %(won_status)s = 'won' AND %(type)s = 'opportunity'
                 THEN CASE WHEN %(order_basis)s IS NULL THEN %(expected_revenue)s ELSE %(actual_revenue)s END
                 ELSE 0 END
            """,
            **{name: self._field_to_sql(alias, name, query) for name in names},
        )

    @api.model
    def _of_members_sql(self, campaign_ids):
        """The leads and projects with one of the campaigns that belong to somebody in its target group, or who was in
        it when a step addressed them or a reaction was made something of.

        Each way by itself, so that each is looked up by its index.
        """
        self.flush_model(["campaign_id", "partner_id", "email_normalized"])
        self.env["res.partner"].flush_model(["commercial_partner_id", "email_normalized"])
        self.env["crm.campaign.dispatch"].flush_model(["member_id", "outcome"])
        self.env["crm.campaign.member"].flush_model(["campaign_id", "state", "partner_id", "lead_id", "result_lead_id"])
        return SQL(
            """
            WITH of_campaign AS (
                SELECT id, campaign_id, partner_id, email_normalized FROM crm_lead WHERE campaign_id = ANY(%(ids)s)
            ), member AS (
                SELECT member.campaign_id, member.lead_id, member.result_lead_id,
                       partner.commercial_partner_id AS customer_id,
                       COALESCE(partner.email_normalized, own.email_normalized) AS email
                  FROM crm_campaign_member member
                  LEFT JOIN res_partner partner ON partner.id = member.partner_id
                  LEFT JOIN crm_lead own ON own.id = member.lead_id
                 WHERE member.campaign_id = ANY(%(ids)s)
                   AND (member.state = 'in' OR member.result_lead_id IS NOT NULL
                        OR EXISTS (SELECT FROM crm_campaign_dispatch dispatch
                                    WHERE dispatch.member_id = member.id AND dispatch.outcome IN %(addressed)s))
            )
            SELECT lead.id FROM of_campaign lead JOIN member
                ON member.campaign_id = lead.campaign_id AND member.result_lead_id = lead.id
             UNION ALL
            SELECT lead.id FROM of_campaign lead JOIN member
                ON member.campaign_id = lead.campaign_id AND member.lead_id = lead.id
             UNION ALL
            SELECT lead.id FROM of_campaign lead
              JOIN res_partner customer ON customer.id = lead.partner_id
              JOIN member ON member.campaign_id = lead.campaign_id
                         AND member.customer_id = customer.commercial_partner_id
             UNION ALL
            SELECT lead.id FROM of_campaign lead JOIN member
                ON member.campaign_id = lead.campaign_id AND member.email = lead.email_normalized
            """,
            ids=list(campaign_ids),
            addressed=REACHED["addressed"],
        )
