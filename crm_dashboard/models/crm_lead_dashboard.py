from odoo import api, models


class CrmLead(models.Model):
    """What the dashboards count within a period stands in one index, that of the board with some columns more.

    What they count of open projects, and which of these nobody has touched, is in another one, without closed ones.
    """

    _inherit = "crm.lead"

    _salesboard_date_index = models.Index(
        "(board_date) INCLUDE (board_column_id, won_status, active, user_id, team_id, company_id, source_id, "
        "country_id, lost_reason_id, expected_revenue, prorated_revenue, actual_revenue, is_restricted, id) "
        "WHERE board_column_id IS NOT NULL"
    )
    _dashboard_open_index = models.Index(
        "(date_last_touch) INCLUDE (board_column_id, won_status, active, user_id, team_id, company_id, board_date, "
        "expected_revenue, prorated_revenue, is_restricted, id) "
        "WHERE board_column_id IS NOT NULL AND won_status = 'pending'"
    )

    @api.model
    @api.readonly
    def web_search_read(self, domain, specification, offset=0, limit=None, order=None, count_limit=None):
        """The list of a dashboard shows its first records, and drops how many there are."""
        if self.env.context.get("dashboard_list"):
            count_limit = count_limit or limit
        return super().web_search_read(domain, specification, offset, limit, order, count_limit)
