from odoo import fields, models


class CrmTeamStageMap(models.Model):
    """Which status of the process took over from which stage, for the way back."""

    _name = "crm.team.stage.map"
    _description = "Stage before the Process"
    _order = "id"

    team_id = fields.Many2one("crm.team", required=True, index=True, ondelete="cascade")
    native_stage_id = fields.Many2one("crm.stage", "Stage before", required=True, ondelete="cascade")
    status_id = fields.Many2one("crm.stage", required=True, ondelete="cascade")

    _unique_native = models.Constraint(
        "UNIQUE(team_id, native_stage_id)", "A stage of a team has become one status only."
    )
