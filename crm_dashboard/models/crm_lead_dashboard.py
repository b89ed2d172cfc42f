from odoo import models


class CrmLead(models.Model):
    """What the dashboards count within a period stands in one index, that of the board with some columns more."""

    _inherit = "crm.lead"

    _salesboard_date_index = models.Index(
        "(board_date) INCLUDE (board_column_id, won_status, active, user_id, team_id, company_id, source_id, "
        "country_id, lost_reason_id, expected_revenue, prorated_revenue, actual_revenue, is_restricted, id) "
        "WHERE board_column_id IS NOT NULL"
    )
