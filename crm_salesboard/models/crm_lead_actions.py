from odoo import _, fields, models
from odoo.exceptions import UserError


class CrmLead(models.Model):
    """What the buttons do: native ones keep their meaning on the board, which adds cancelling, reopening and undo."""

    _inherit = "crm.lead"

    def _column_of_kind(self, kind):
        """The column of this project's process for an outcome or for the unprocessed, empty without a process."""
        # sudo: which column stands for lost does not depend on the user
        return self.team_id.process_id.sudo().column_ids.filtered(lambda column: column.kind == kind).sudo(False)

    def _move_to_kind(self, kind, **values):
        for column, leads in self.grouped(lambda lead: lead._column_of_kind(kind)).items():
            leads.write({**values, "board_column_id": column.id})

    def action_set_lost(self, **additional_values):
        """Lose projects; those of a team on a process need ``lost_reason_id`` among the values.

        :raise ValidationError: a project of a process would be lost without a reason
        """
        on_process = self.filtered("team_id.process_id")
        on_process._move_to_kind("lost", **additional_values)
        others = self - on_process
        return super(CrmLead, others).action_set_lost(**additional_values) if others else True

    def action_set_won(self):
        """Win projects; those of a team on a process go to its Order column."""
        on_process = self.filtered("team_id.process_id")
        on_process._move_to_kind("order")
        others = self - on_process
        return super(CrmLead, others).action_set_won() if others else True

    def action_set_cancelled(self, **additional_values):
        """Cancel projects of teams on a process: they end, and count neither as won nor as lost.

        :param additional_values: ``cancel_reason_id``, required
        :raise UserError: a project's team is on no process; ValidationError: without a reason
        """
        for lead in self.filtered(lambda lead: not lead.team_id.process_id):
            raise UserError(_("%(lead)s cannot be cancelled: its team is on no process.", lead=lead.name))
        self._move_to_kind("cancelled", **additional_values)
        return True

    def action_reopen(self):
        """Take projects back to where they were before they were closed: status, weight, no reason, no actual value.

        :raise UserError: a project is open already
        """
        for lead in self.filtered(lambda lead: not lead.board_column_id._is_closed()):
            raise UserError(_("%(lead)s is open already.", lead=lead.name))
        open_stages = self._open_stages()
        columns = {lead: lead._open_column(open_stages[lead]) for lead in self}
        for column, leads in self.grouped(columns.get).items():
            leads.write({"board_column_id": column.id})
        return True

    def _open_column(self, stage):
        if self.type == "lead" or not stage:
            return self._column_of_kind("unprocessed")
        return self.team_id.process_id.column_ids.filtered(lambda column: column.stage_id == stage)

    def action_unarchive(self):
        """Take closed projects of a process back to where they were; native code would weigh them anew."""
        closed = self.filtered(
            lambda lead: lead.team_id.process_id and lead.board_column_id._is_closed() and not lead.active
        )
        closed.action_reopen()
        return super(CrmLead, self - closed).action_unarchive()

    def action_restore(self):
        """As :meth:`action_unarchive`: native code would forget that a weight was set by hand."""
        closed = self.filtered(lambda lead: lead.team_id.process_id and lead.board_column_id._is_closed())
        closed.action_reopen()
        return super(CrmLead, self - closed).action_restore()

    def action_undo_move(self, from_column_id, to_column_id):
        """Take back the last move of this project, exactly.

        :param int from_column_id: where the card came from
        :param int to_column_id: where it was put
        :return: True
        :raise UserError: it has been moved or closed differently since, or by somebody else
        """
        self.ensure_one()
        self.check_access("write")
        self._lock_for_move()
        # sudo: the user may write the project and made the move; the history itself is not theirs to read or edit
        move = self.env["crm.lead.move"].sudo().search([("lead_id", "=", self.id)], limit=1)
        same = (move.from_column_id.id, move.to_column_id.id) == (from_column_id or False, to_column_id or False)
        # What a project came onto the board by replaced nothing.
        if (
            not same
            or move.undone
            or not move.before
            or move.user_id != self.env.user
            or self.board_column_id != move.to_column_id
        ):
            raise UserError(_("%(lead)s has changed since. Move it by hand.", lead=self.name))
        column, snapshot = self.board_column_id, self._snapshot()
        for names in self._get_snapshot_fields():
            self._write_native({name: move.before[name] for name in names if name in move.before})
        self._write_native({"date_last_touch": fields.Datetime.now()})
        self._unplan(move)
        move.undone = True
        move.create(self._prepare_move(column, snapshot, undone=True))
        return True

    def _track_subtype(self, init_values):
        if "won_status" in init_values and self.won_status == "cancelled":
            return self.env.ref("crm_salesboard.mt_lead_cancelled")
        return super()._track_subtype(init_values)
