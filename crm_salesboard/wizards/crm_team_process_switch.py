from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CrmTeamProcessSwitch(models.TransientModel):
    """Shows how many projects go where before a team sells by a process."""

    _name = "crm.team.process.switch"
    _description = "Switch Teams to a Process"

    team_ids = fields.Many2many("crm.team", string="Teams", required=True, default=lambda self: self._default_teams())
    mode = fields.Selection(
        [
            ("process", "Sell by an existing process"),
            ("own", "Keep the present stages as a process of their own"),
        ],
        default="process",
        required=True,
    )
    process_id = fields.Many2one(
        "crm.process",
        default=lambda self: self.env["crm.process"].search([("status_ids", "!=", False)], limit=1),
        domain="[('status_ids', '!=', False)]",
    )
    own_name = fields.Char("Name of the Process", compute="_compute_own_name", store=True, readonly=False)
    line_ids = fields.One2many(
        "crm.team.process.switch.line", "wizard_id", "Stages", compute="_compute_line_ids", store=True, readonly=False
    )
    lead_count = fields.Integer("Projects", compute="_compute_lead_count")

    def _default_teams(self):
        return self.env["crm.team"].search([("use_opportunities", "=", True), ("process_id", "=", False)])

    @api.depends("team_ids")
    def _compute_own_name(self):
        for wizard in self:
            wizard.own_name = ", ".join(wizard.team_ids.mapped("name"))

    @api.depends("team_ids", "process_id", "mode")
    def _compute_line_ids(self):
        for wizard in self:
            lines = [Command.clear()]
            if wizard.mode == "process" and wizard.process_id:
                lines += [Command.create(vals) for vals in wizard._prepare_lines()]
            wizard.line_ids = lines

    def _prepare_lines(self):
        counts = {}
        for team in self.team_ids._origin:
            for stage, count in team._switch_stages().items():
                counts[stage] = counts.get(stage, 0) + count
        return [
            {"stage_id": stage.id, "status_id": self.process_id._matching_stage(stage).id, "lead_count": counts[stage]}
            for stage in self.env["crm.stage"].browse(stage.id for stage in counts).sorted()
        ]

    @api.depends("team_ids")
    def _compute_lead_count(self):
        for wizard in self:
            wizard.lead_count = sum(
                count for team in wizard.team_ids._origin for count in team._switch_stages().values()
            )

    def action_apply(self):
        """Switch the teams on, and open the board.

        :raise UserError: a process is missing, or a stage would lose its outcome
        """
        self.ensure_one()
        if self.mode == "own":
            process, mapping = self._create_own_process()
        else:
            process, mapping = self.process_id, {line.stage_id: line.status_id for line in self.line_ids}
        if not process:
            raise UserError(self.env._("Choose the process that the teams are to sell by."))
        for team in self.team_ids:
            team.switch_process(process, mapping)
        return self.env["ir.actions.act_window"]._for_xml_id("crm_salesboard.crm_lead_action_salesboard")

    def _create_own_process(self):
        """A process whose statuses are copies of the stages that the teams use now.

        Copies, because other teams may share the stages.
        """
        used = Domain("team_ids", "in", self.team_ids.ids)
        if self.team_ids.filtered(lambda team: not team.process_id):
            used |= Domain("team_ids", "=", False) & Domain("process_id", "=", False)
        stages = self.env["crm.stage"].search(used)
        for team in self.team_ids:
            stages |= self.env["crm.stage"].browse(stage.id for stage in team._switch_stages())
        won = stages.filtered("is_won")
        opens = (stages - won).sorted()
        if not opens:
            raise UserError(
                self.env._("These teams have no open stage to make a process of. Choose a process instead.")
            )
        process = self.env["crm.process"].create(
            {
                "name": self.own_name,
                "order_name": won[:1].name,
                "status_ids": [
                    Command.create({**stage._prepare_process_copy(), "sequence": at})
                    for at, stage in enumerate(opens, 100)
                ],
            }
        )
        mapping = dict(zip(opens, process.status_ids.sorted(), strict=True))
        return process, {**mapping, **dict.fromkeys(won, process.won_stage_id)}


class CrmTeamProcessSwitchLine(models.TransientModel):
    _name = "crm.team.process.switch.line"
    _description = "Stage that becomes a Status"

    wizard_id = fields.Many2one("crm.team.process.switch", required=True, ondelete="cascade")
    stage_id = fields.Many2one("crm.stage", "Stage now", required=True, readonly=True, ondelete="cascade")
    is_won = fields.Boolean(related="stage_id.is_won")
    process_id = fields.Many2one(related="wizard_id.process_id")
    lead_count = fields.Integer("Projects", readonly=True)
    status_id = fields.Many2one(
        "crm.stage",
        "Becomes",
        required=True,
        ondelete="cascade",
        domain="[('process_id', '=', process_id), ('is_won', '=', is_won)]",
    )
