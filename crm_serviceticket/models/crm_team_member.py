from odoo import api, models
from odoo.exceptions import AccessError


class CrmTeamMember(models.Model):
    """Who manages tickets says who works in their teams, and nothing of how these people sell."""

    _inherit = "crm.team.member"

    @api.model_create_multi
    def create(self, vals_list):
        """
        :raise AccessError: a manager of tickets would set up how a member gets leads
        """
        if self.env["crm.team"]._is_for_tickets_alone():
            self._check_member_fields(vals_list, {"crm_team_id", "user_id", "active"})
        return super().create(vals_list)

    def write(self, vals):
        """
        :raise AccessError: a manager of tickets would change more than whether somebody works in the team
        """
        if self.env["crm.team"]._is_for_tickets_alone():
            self._check_member_fields([vals], {"active"})
        return super().write(vals)

    @api.model
    def _check_member_fields(self, vals_list, allowed):
        if any(vals.keys() - allowed for vals in vals_list):
            raise AccessError(self.env._("Ask who manages sales: how a member gets leads is theirs to set up."))
