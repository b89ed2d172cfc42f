import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .crm_process import FIRST_SEQUENCE

_HEX_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


class CrmStage(models.Model):
    _inherit = "crm.stage"

    process_id = fields.Many2one(
        "crm.process",
        "Process",
        index="btree_not_null",
        ondelete="cascade",
        help="The process that this is a status of. Teams on another process, or on none, do not see it.",
    )
    text_color = fields.Char(help="Colour of the status' name, as hex value.")
    background_color = fields.Char(help="Colour behind the status' name, as hex value.")

    @api.constrains("text_color", "background_color")
    def _check_colors(self):
        for stage in self:
            for color in (stage.text_color, stage.background_color):
                if color and not _HEX_COLOR.fullmatch(color):
                    raise ValidationError(
                        self.env._(
                            "%(color)s is not a colour. Write it as a hex value such as #1E40AF.", color=color
                        )
                    )

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
        for vals in vals_list:
            if vals.get("process_id") and "sequence" not in vals:
                vals["sequence"] = FIRST_SEQUENCE + self.search_count(
                    [("process_id", "=", vals["process_id"]), ("is_won", "=", False)]
                )
        stages = super().create(vals_list)
        stages.filtered("process_id")._follow_process()
        return stages

    def write(self, vals):
        res = super().write(vals)
        if "process_id" in vals or "is_won" in vals:
            self._follow_process()
        return res

    def _follow_process(self):
        """Bring the columns of the board and the native list of teams in line with the process."""
        self.process_id._sync_columns()
        self.process_id._sync_team_ids()

    def _position(self):
        """How many open statuses stand before this one in its process, or in the native pipeline."""
        self.ensure_one()
        siblings = self.process_id.status_ids or self.search([("process_id", "=", False), ("is_won", "=", False)])
        return next((at for at, stage in enumerate(siblings) if stage == self), len(siblings))

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
