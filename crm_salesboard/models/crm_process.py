from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

# Statuses of processes stand behind the native stages that all teams share: native code takes "the first stage
# without a team" for its statistics, and a process that no team uses yet has stages without a team.
FIRST_SEQUENCE = 100
WON_SEQUENCE = 900


class CrmProcess(models.Model):
    """The statuses, in order, and the outcomes that a team sells by.

    The statuses are native stages (``crm.stage``), so that the native pipeline, its reports and its rules show the
    same projects. Each belongs to one process.
    """

    _name = "crm.process"
    _description = "CRM Process"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Leave empty to let teams of every company use the process.")
    stage_ids = fields.One2many("crm.stage", "process_id", "All Statuses")
    status_ids = fields.One2many(
        "crm.stage",
        "process_id",
        "Statuses",
        domain=[("is_won", "=", False)],
        help="The columns of the board, in order.",
    )
    won_stage_id = fields.Many2one(
        "crm.stage", "Order Status", copy=False, ondelete="restrict", help="The status of projects closed as an order."
    )
    order_name = fields.Char(
        "Name of Order", related="won_stage_id.name", readonly=False, help="What a won project is called."
    )
    lost_name = fields.Char("Name of Lost", required=True, translate=True, default=lambda self: self.env._("Lost"))
    cancelled_name = fields.Char(
        "Name of Cancelled",
        required=True,
        translate=True,
        default=lambda self: self.env._("Cancelled"),
        help="What a project is called that ended without a winner. It counts neither as won nor as lost.",
    )
    subject_list_id = fields.Many2one(
        "crm.choice.list",
        "Subjects",
        domain=[("usage", "=", "subject")],
        ondelete="restrict",
        help="The subjects that a project may have. Leave empty for free text.",
    )
    chance_list_id = fields.Many2one(
        "crm.choice.list",
        "Weights",
        domain=[("usage", "=", "chance")],
        ondelete="restrict",
        help="The chances, each with its weight, that a project may have. Leave empty for any number.",
    )
    allow_sms = fields.Boolean(
        "SMS to Customers", help="Salespeople may send an SMS to all customers in the present view of the board."
    )
    column_ids = fields.One2many("crm.process.column", "process_id", "Columns")
    team_ids = fields.One2many("crm.team", "process_id", "Teams")
    lead_count = fields.Integer("Projects", compute="_compute_lead_count")

    def _compute_lead_count(self):
        counts = dict(
            self.env["crm.lead"]
            .with_context(active_test=False)
            ._read_group([("board_column_id.process_id", "in", self.ids)], ["board_column_id"], ["__count"])
        )
        for process in self:
            process.lead_count = sum(count for column, count in counts.items() if column.process_id == process)

    @api.model_create_multi
    def create(self, vals_list):
        order_names = [vals.pop("order_name", None) for vals in vals_list]
        processes = super().create(vals_list)
        for process, order_name in zip(processes, order_names, strict=True):
            process._ensure_won_stage(order_name)
        processes.won_stage_id._follow_process()
        processes._sync_columns()
        return processes

    def write(self, vals):
        res = super().write(vals)
        if not {"subject_list_id", "chance_list_id"}.isdisjoint(vals):
            self.env["crm.lead"]._follow_lists(self.team_ids)
        return res

    @api.constrains("subject_list_id", "chance_list_id")
    def _check_lists(self):
        for process in self:
            for choice_list, usage in ((process.subject_list_id, "subject"), (process.chance_list_id, "chance")):
                if choice_list and choice_list.usage != usage:
                    raise ValidationError(
                        self.env._(
                            "%(list)s cannot be used in %(process)s: it is a list of another kind.",
                            list=choice_list.name,
                            process=process.name,
                        )
                    )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for process, vals in zip(self, vals_list, strict=True):
            vals.setdefault("order_name", process.order_name)
            if "name" not in (default or {}):
                vals["name"] = self.env._("%(process)s (copy)", process=process.name)
            vals.setdefault(
                "status_ids", [Command.create(stage._prepare_process_copy()) for stage in process.status_ids]
            )
        return vals_list

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        """Refuse to delete a process that teams sell by or that still holds projects.

        :raise UserError: it names the teams, or says how many projects there are
        """
        for process in self:
            if process.team_ids:
                raise UserError(
                    self.env._(
                        "%(process)s is in use by %(teams)s. Switch these teams to another process first.",
                        process=process.name,
                        teams=", ".join(process.team_ids.mapped("name")),
                    )
                )
            count = self.env["crm.lead"].sudo().with_context(active_test=False)  # sudo: count what the user cannot see
            if count := count.search_count([("stage_id", "in", process.stage_ids.ids)]):
                raise UserError(
                    self.env._(
                        "%(count)s projects still have a status of %(process)s. Archive the process instead.",
                        count=count,
                        process=process.name,
                    )
                )

    def unlink(self):
        stages = self.stage_ids | self.won_stage_id
        res = super().unlink()
        stages.exists().unlink()
        return res

    @api.model
    def _browse_existing(self, process_id):
        """The process that a caller names, empty for none.

        :raise UserError: there is none of that id
        """
        process = self.browse(process_id).exists() if isinstance(process_id, int) else self.browse()
        if process_id and not process:
            raise UserError(self.env._("There is no process %(process)s. Choose another one.", process=process_id))
        return process

    def _check_sellable(self):
        for process in self.filtered(lambda process: not process.status_ids):
            raise UserError(
                self.env._("%(process)s has no status yet. Add one before a team sells by it.", process=process.name)
            )

    def _ensure_won_stage(self, order_name=None):
        """Give the process the one stage that holds its orders."""
        self.ensure_one()
        if not self.won_stage_id:
            won = self.stage_ids.filtered("is_won")[:1]
            self.won_stage_id = won or self.env["crm.stage"].create(
                {
                    "name": order_name or self.env._("Order"),
                    "process_id": self.id,
                    "is_won": True,
                    "sequence": WON_SEQUENCE,
                    "text_color": "#065F46",
                    "background_color": "#D1FAE5",
                }
            )
        self.won_stage_id.process_id = self
        if order_name and self.won_stage_id.name != order_name:
            self.won_stage_id.name = order_name

    def _sync_columns(self):
        """Make the columns that are missing: one per status and one per outcome."""
        vals_list = []
        for process in self:
            known = {(column.kind, column.stage_id) for column in process.column_ids}
            empty = self.env["crm.stage"]
            wanted = [(kind, empty) for kind in ("unprocessed", "lost", "cancelled")]
            wanted += [("order" if stage.is_won else "status", stage) for stage in process.stage_ids]
            vals_list += [
                {"process_id": process.id, "kind": kind, "stage_id": stage.id}
                for kind, stage in wanted
                if (kind, stage) not in known
            ]
        # sudo: columns follow the statuses; who may change those has been checked on the stage or process itself
        self.env["crm.process.column"].sudo().create(vals_list)

    def _matching_stage(self, stage):
        """The status of this process that stands for ``stage``, a status of another process or a native stage.

        By outcome, then by name, then by how far along the status stands, so that a project that changes team keeps
        its place in the sale.

        :param stage: ``crm.stage``, may be empty
        :return: ``crm.stage`` of this process, empty where ``stage`` is
        """
        self.ensure_one()
        if not stage or stage.process_id == self:
            return stage
        if stage.is_won:
            return self.won_stage_id
        same_name = self.status_ids.filtered(lambda own: own.name.casefold() == stage.name.casefold())
        return same_name[:1] or stage._counterpart(self.status_ids)

    def _first_status(self):
        """Where a new project starts."""
        return self.status_ids.filtered(lambda stage: not stage.fold)[:1] or self.status_ids[:1]

    def action_open_leads(self):
        """Open the board on the projects of this process."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_salesboard.crm_lead_action_salesboard")
        action["domain"] = [("board_column_id.process_id", "=", self.id)]
        return action

    def _sync_team_ids(self):
        """Let native screens offer the statuses to the teams of the process and to no other."""
        for process in self:
            # sudo: follows what was decided on the team; a manager of one company may not see all teams of a process
            process = process.sudo()
            teams = process.with_context(active_test=False).team_ids
            process.stage_ids.filtered(lambda stage, teams=teams: stage.team_ids != teams).team_ids = teams
