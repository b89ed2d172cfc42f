from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import ormcache

from .crm_process import FIRST_SEQUENCE


class CrmStage(models.Model):
    _name = "crm.stage"
    _inherit = ["crm.stage", "crm.badge.mixin"]

    process_id = fields.Many2one(
        "crm.process",
        index="btree_not_null",
        ondelete="cascade",
        help="The process that this is a status of. Teams on another process, or on none, do not see it.",
    )
    text_color = fields.Char(help="Colour of the status' name, as hex value.")
    background_color = fields.Char(help="Colour behind the status' name, as hex value.")

    @api.constrains("process_id", "is_won")
    def _check_one_order_status(self):
        for process in self.process_id:
            won = process.stage_ids.filtered("is_won")
            if len(won) > 1:
                raise ValidationError(
                    self.env._(
                        "%(process)s has two statuses for orders, %(stages)s. Keep one of them as Order.",
                        process=process.name,
                        stages=", ".join(won.mapped("name")),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        last = {}  # of each process the sequence that its last status has, or will have
        for vals in vals_list:
            process = vals.get("process_id")
            if process and vals.get("sequence", 0) < FIRST_SEQUENCE:
                if process not in last:
                    statuses = self.search([("process_id", "=", process), ("is_won", "=", False)])
                    last[process] = max(statuses.mapped("sequence"), default=FIRST_SEQUENCE - 1)
                last[process] += 1
                vals["sequence"] = last[process]
        stages = super().create(vals_list)
        stages._forget_cached()
        stages.filtered("process_id")._follow_process()
        return stages

    def write(self, vals):
        """Keep each status in its process and each outcome in its column.

        :raise UserError: a status would change process, or what its process' orders stand in
        """
        if "process_id" in vals or "is_won" in vals:
            self._check_keeps_place(vals)
        res = super().write(vals)
        if not {"process_id", "sequence", "team_ids"}.isdisjoint(vals):
            self._forget_cached()
        if "process_id" in vals:
            self._follow_process()
        return res

    def _check_keeps_place(self, vals):
        for stage in self:
            process = stage.process_id
            if process and vals.get("process_id", process.id) != process.id:
                raise UserError(
                    self.env._(
                        "%(status)s stays a status of %(process)s. Add a status to the other process instead.",
                        status=stage.name,
                        process=process.name,
                    )
                )
            if process and not vals.get("is_won", True) and stage == process.won_stage_id:
                raise UserError(
                    self.env._(
                        "%(status)s holds the orders of %(process)s. Rename it, but leave it a won status.",
                        status=stage.name,
                        process=process.name,
                    )
                )

    def _follow_process(self):
        """Bring the columns of the board and the native list of teams in line with the process."""
        self.process_id._sync_columns()
        self.process_id._sync_team_ids()

    def unlink(self):
        self._forget_cached()
        return super().unlink()

    def _forget_cached(self):
        """Let scoring, and the forms on which fields are mandatory from a status on, ask for the stages anew."""
        self.env.registry.clear_cache()
        if self.process_id:
            self.env.registry.clear_cache("templates")

    @api.model
    @ormcache()
    def _scoring_stage_ids(self):
        """The stages whose counts can stand for all deals of a team: first those of all teams, then of processes."""
        stages = self.sudo()
        shared = stages.search([("team_ids", "=", False)], order="sequence, id", limit=1)
        return tuple((shared | stages.search([("process_id", "!=", False)])).ids)

    def _siblings(self):
        """The open stages in a row with this one: of its process, of its teams, or those that all teams share."""
        self.ensure_one()
        if self.process_id:
            return self.process_id.status_ids
        teams = [("team_ids", "in", self.team_ids.ids)] if self.team_ids else [("team_ids", "=", False)]
        return self.search([("process_id", "=", False), ("is_won", "=", False), *teams])

    def _counterpart(self, stages):
        """Of other open stages the one that is as far along as this one, empty where there are none."""
        own = self._siblings().ids
        at = own.index(self.id) if self.id in own else 0
        return stages[at * len(stages) // max(len(own), 1) :][:1]

    def _prepare_process_copy(self):
        """Values for a status of a process of its own that starts as a copy of this stage."""
        self.ensure_one()
        return {
            "name": self.name,
            "sequence": self.sequence,
            "fold": self.fold,
            "requirements": self.requirements,
            "rotting_threshold_days": self.rotting_threshold_days,
            "text_color": self.text_color,
            "background_color": self.background_color,
        }

    def _release(self):
        """Remove the statuses of processes from native CRM, except those that still hold projects."""
        # sudo: also projects that no user of the current company sees keep their status
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        used = leads._read_group([("stage_id", "in", self.ids)], ["stage_id"])
        (self - self.browse(stage.id for (stage,) in used)).unlink()
