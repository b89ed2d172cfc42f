from odoo import _, api, fields, models
from odoo.exceptions import AccessError, LockError, UserError, ValidationError

from .crm_lead import TOUCHING_FIELDS
from .crm_process_column import CLOSED_KINDS

# Writing one of these can move a project to another column.
MOVING_FIELDS = frozenset(
    {"board_column_id", "stage_id", "team_id", "type", "active", "probability", "is_cancelled", "lost_reason_id"}
    | {"cancel_reason_id", "date_closed"}
)
# What a move replaces, and undo brings back.
SNAPSHOT_FIELDS = (
    "type",
    "team_id",
    "stage_id",
    "active",
    "is_cancelled",
    "probability",
    "automated_probability",
    "date_closed",
    "lost_reason_id",
    "cancel_reason_id",
    "actual_revenue",
)
_REOPENED = {"active": True, "is_cancelled": False, "lost_reason_id": False, "cancel_reason_id": False}


class CrmLead(models.Model):
    """Closing, reopening and moving projects: whichever way a project changes column, by hand or by program."""

    _inherit = "crm.lead"

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        prepared = [self._prepare_create_on_board(vals) for vals in vals_list]
        leads = super().create([vals for vals, _dated in prepared])
        on_process = leads.filtered("process_id")
        on_process._check_stage_of_process()
        on_process._check_reason()
        undated = on_process.filtered(lambda lead: lead.board_column_id._is_closed() and not lead.date_closed)
        undated._write_native({"date_closed": fields.Datetime.now()})
        if dated := [lead.id for lead, (_vals, dated) in zip(leads, prepared, strict=True) if dated]:
            self.browse(dated)._check_may_set_closing_date()
        return leads

    def write(self, vals):
        if MOVING_FIELDS.isdisjoint(vals):
            return super().write(self._touched(vals))
        if self.env.context.get("salesboard_expected_column"):
            self._check_expected_column()  # once: what this write itself moves is expected
            return self.with_context(salesboard_expected_column=False).write(vals)
        before = {lead: lead._snapshot() for lead in self}
        if "date_closed" in vals:
            self._check_may_set_closing_date()
        for leads, native_vals in self._split_by_column(dict(vals)):
            super(CrmLead, leads).write(leads._touched(native_vals))
        self._after_move(before, vals)
        return True

    def _write_native(self, vals):
        """Write without the rules of moving: for what the rules themselves write."""
        return super().write(vals)

    def _touched(self, vals):
        """Add the time of the touch to values that a salesperson, not a job, changes."""
        if TOUCHING_FIELDS.isdisjoint(vals) or self.env.context.get("tracking_disable"):
            return vals
        return {**vals, "date_last_touch": self.env.cr.now()}

    def _message_post_after_hook(self, message, msg_vals):
        if message.message_type != "notification" or message.mail_activity_type_id:
            # sudo: whoever may write a message to the project thereby touches it, a customer who answers too
            touched = self.sudo().with_context(tracking_disable=True).filtered("process_id")
            touched._write_native({"date_last_touch": self.env.cr.now()})
        return super()._message_post_after_hook(message, msg_vals)

    # ------------------------------------------------------------
    # From a column to native values
    # ------------------------------------------------------------

    def _prepare_create_on_board(self, vals):
        """Native values for a project that is created in a column, and whether a closing date is among them."""
        vals = dict(vals)
        column = self.env["crm.process.column"].browse(vals.pop("board_column_id", False) or ())
        if column:
            if "team_id" not in vals:
                vals["team_id"] = self._default_team_of(column).id
            vals = {**self._column_vals(column), **vals}
        return vals, bool(vals.get("date_closed"))

    def _default_team_of(self, column):
        """The team in whose column a new project lands: the user's own, if it is on the process."""
        team = self.env["crm.team"]._get_default_team_id(domain=[("process_id", "=", column.process_id.id)])
        return team if team.process_id == column.process_id else column.process_id.team_ids[:1]

    def _split_by_column(self, vals):
        """Yield ``(leads, native values)``, with the column asked for turned into what it stands for."""
        if "board_column_id" not in vals:
            yield self, vals
            return
        column = self.env["crm.process.column"].browse(vals.pop("board_column_id") or ())
        if not column:
            raise UserError(_("A project leaves the board only with its team. Choose a column instead."))
        for lead in self:
            team = self.env["crm.team"].browse(vals["team_id"]) if vals.get("team_id") else lead.team_id
            if team.process_id != column.process_id:
                raise UserError(
                    _(
                        "%(column)s belongs to the process %(process)s, and the team of %(lead)s does not sell by it. "
                        "Move the project to another team first.",
                        column=column.name,
                        process=column.process_id.name,
                        lead=lead.name,
                    )
                )
        if column.kind in ("status", "order"):
            for lead in self.filtered(lambda lead: lead.type == "lead"):
                lead._write_native(lead._convert_opportunity_data(lead.partner_id, lead.team_id.id))
        open_stages = self._open_stages()
        for (closed, stage), leads in self.grouped(
            lambda lead: (lead.board_column_id._is_closed(), open_stages[lead])
        ).items():
            yield leads, {**self._column_vals(column, stage if closed else None), **vals}

    def _column_vals(self, column, reopened_to=None):
        """The native values that put a project in ``column``.

        :param reopened_to: of closed projects the open status they come from: a won project has to leave the won
            stage before it can be lost
        """
        if column.kind == "order":
            return {**_REOPENED, "stage_id": column.stage_id.id, "probability": 100}
        if column.kind in ("lost", "cancelled"):
            values = {**_REOPENED, "active": False, "probability": 0, "automated_probability": 0}
            if reopened_to:
                values["stage_id"] = reopened_to.id
            return {**values, "is_cancelled": column.kind == "cancelled"}
        return {**(_REOPENED if reopened_to is not None else {}), "stage_id": column.stage_id.id}

    def _open_stages(self):
        """Of each project the open status it has, or had before it was won.

        :return: ``{crm.lead: crm.stage}``
        """
        won = self.filtered(lambda lead: lead.stage_id.is_won)
        closings = won._last_closings()
        stages = {lead: lead.stage_id for lead in self - won}
        for lead in won:
            before = self.env["crm.stage"].browse((closings[lead].before or {}).get("stage_id") or ()).exists()
            process = lead.team_id.process_id
            same = before and not before.is_won and before.process_id == process
            stages[lead] = before if same else process.status_ids[-1:]
        return stages

    # ------------------------------------------------------------
    # Moves
    # ------------------------------------------------------------

    def _snapshot(self):
        """The column and, to be written back by undo, the values that a move may replace."""
        values = {name: self._fields[name].convert_to_write(self[name], self) for name in SNAPSHOT_FIELDS}
        values["date_closed"] = fields.Datetime.to_string(self.date_closed) if self.date_closed else False
        return self.board_column_id, values

    def _after_move(self, before, vals):
        """Hold the rules of closing and reopening, and keep the history, for all projects just written."""
        moved = self.filtered(lambda lead: lead.board_column_id != before[lead][0])
        self.filtered("process_id")._check_stage_of_process()
        self.filtered("process_id")._check_reason()
        reopened = moved.filtered(lambda lead: before[lead][0]._is_closed() and not lead.board_column_id._is_closed())
        reopened._after_reopening(vals)
        if closing_date := vals.get("date_closed"):
            closed = self.filtered(lambda lead: lead.won_status != "pending")
            closed._write_native({"date_closed": closing_date})
        # sudo: the history is written by the project, not by its user, who may not edit it
        self.env["crm.lead.move"].sudo().create(
            [
                {
                    "lead_id": lead.id,
                    "user_id": self.env.uid,
                    "from_column_id": before[lead][0].id,
                    "to_column_id": lead.board_column_id.id,
                    "before": before[lead][1],
                }
                for lead in moved
            ]
        )

    def _after_reopening(self, vals):
        """Clear the closing, which the history keeps, and bring back the weight of before."""
        closings = self._last_closings()
        for lead in self:
            before = closings[lead].before
            if before and "probability" not in vals:
                lead._write_native({name: before[name] for name in ("probability", "automated_probability")})
            elif "probability" not in vals:
                lead._compute_probabilities()
            stale = ("date_closed", "lost_reason_id", "cancel_reason_id", "is_cancelled")
            lead._write_native({name: False for name in stale if lead[name]})

    def _last_closings(self):
        """The move that closed each project last, empty where the history knows none.

        :return: ``{crm.lead: crm.lead.move}``
        """
        # sudo: the history is read on behalf of the project, which the caller may write
        moves = self.env["crm.lead.move"].sudo()
        closings = {lead: moves for lead in self}
        for move in moves.search(
            [
                ("lead_id", "in", self.ids),
                ("to_column_id.kind", "in", CLOSED_KINDS),
                "|",
                ("from_column_id", "=", False),
                ("from_column_id.kind", "not in", CLOSED_KINDS),
            ],
            order="id",
        ):
            closings[self.browse(move.lead_id.id)] = move
        return closings

    # ------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------

    def _check_may_set_closing_date(self):
        """Only a sales manager says on which day a project of a process was closed.

        :raise AccessError: for everybody else
        """
        if self.env.su or not self.process_id or self.env.user.has_group("sales_team.group_sale_manager"):
            return
        raise AccessError(_("Only a sales manager may set the closing date. Ask one to change it, or leave it out."))

    def _check_stage_of_process(self):
        for lead in self:
            if lead.stage_id and lead.stage_id.process_id != lead.team_id.process_id:
                raise ValidationError(
                    _(
                        "%(stage)s is not a status of %(process)s, the process that the team of %(lead)s sells by.",
                        stage=lead.stage_id.name,
                        process=lead.team_id.process_id.name,
                        lead=lead.name,
                    )
                )

    def _check_reason(self):
        """A project of a process is lost or cancelled for a reason, whoever or whatever closes it."""
        for lead in self:
            if lead.won_status == "lost" and not lead.lost_reason_id:
                raise ValidationError(
                    _("Why was %(lead)s lost? Choose a lost reason (lost_reason_id).", lead=lead.name)
                )
            if lead.won_status == "cancelled" and not lead.cancel_reason_id:
                raise ValidationError(
                    _("Why was %(lead)s cancelled? Choose a reason (cancel_reason_id).", lead=lead.name)
                )

    def _check_expected_column(self):
        """Refuse a move of a card that somebody else has moved since the mover saw it.

        The board says in the context which column it showed. The rows are locked first, so that of two users who move
        at the same moment the second sees what the first did.
        """
        expected = self.env.context["salesboard_expected_column"]
        self._lock_for_move()
        for lead in self.filtered(lambda lead: lead.board_column_id.id != expected):
            # sudo: the name of who moved it, nothing else of the history
            last = self.env["crm.lead.move"].sudo().search([("lead_id", "=", lead.id)], limit=1)
            raise UserError(
                _(
                    "%(user)s has moved %(lead)s to %(column)s in the meantime. Nothing was changed; the board shows "
                    "it where it is now.",
                    user=last.user_id.name or _("Somebody"),
                    lead=lead.name,
                    column=lead.board_column_id.name or _("another team"),
                )
            )

    def _lock_for_move(self):
        try:
            self.lock_for_update()
        except LockError as error:
            raise UserError(
                _("Somebody else is changing this project at this moment. Nothing was changed; try again.")
            ) from error
        self.invalidate_recordset()

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_set_lost(self, **additional_values):
        """Lose projects; those of a team on a process need ``lost_reason_id`` among the values.

        :raise ValidationError: a project of a process would be lost without a reason
        """
        on_process = self.filtered("process_id")
        for lost, leads in on_process.grouped(lambda lead: self._sibling_of_lead(lead, "lost")).items():
            leads.write({"lost_reason_id": False, **additional_values, "board_column_id": lost.id})
        others = self - on_process
        return super(CrmLead, others).action_set_lost(**additional_values) if others else True

    def action_set_cancelled(self, **additional_values):
        """Cancel projects of teams on a process: they end, and count neither as won nor as lost.

        :param additional_values: ``cancel_reason_id``, required
        :raise UserError: a project's team is on no process; ValidationError: without a reason
        """
        for lead in self.filtered(lambda lead: not lead.process_id):
            raise UserError(_("%(lead)s cannot be cancelled: its team is on no process.", lead=lead.name))
        for cancelled, leads in self.grouped(lambda lead: self._sibling_of_lead(lead, "cancelled")).items():
            leads.write({"cancel_reason_id": False, **additional_values, "board_column_id": cancelled.id})
        return True

    def _sibling_of_lead(self, lead, kind):
        # sudo: which column stands for lost does not depend on the user
        return lead.process_id.sudo().column_ids.filtered(lambda column: column.kind == kind)

    def action_reopen(self):
        """Take projects back to where they were before they were closed: status, weight, no reason, no actual value."""
        open_stages = self._open_stages()
        by_column = {}
        for lead in self:
            if not lead.board_column_id._is_closed():
                raise UserError(_("%(lead)s is open already.", lead=lead.name))
            stage = open_stages[lead] if lead.type == "opportunity" else self.env["crm.stage"]
            column = lead.process_id.column_ids.filtered(lambda column, stage=stage: column.stage_id == stage)
            column = column if stage else self._sibling_of_lead(lead, "unprocessed")
            by_column[column] = by_column.get(column, self.browse()) | lead
        for column, leads in by_column.items():
            leads.write({"board_column_id": column.id})
        return True

    def action_undo_move(self, from_column_id, to_column_id):
        """Take back the last move of this project, exactly.

        :param int from_column_id: where the card came from; :param int to_column_id: where it was put
        :return: True
        :raise UserError: it has been moved or closed differently since, or by somebody else
        """
        self.ensure_one()
        self.check_access("write")
        self._lock_for_move()
        # sudo: the user may write the project and made the move; the history itself is not theirs to read or edit
        move = self.env["crm.lead.move"].sudo().search([("lead_id", "=", self.id)], limit=1)
        same = (move.from_column_id.id, move.to_column_id.id) == (from_column_id or False, to_column_id or False)
        if not same or move.undone or move.user_id != self.env.user or self.board_column_id != move.to_column_id:
            raise UserError(_("%(lead)s has changed since. Move it by hand.", lead=self.name))
        before = self._snapshot()
        values = {**move.before, "date_last_touch": self.env.cr.now()}
        self._write_native({"active": values.pop("active"), "is_cancelled": values.pop("is_cancelled")})
        # Native code derives the weight and the closing date from the other values: these come last.
        late = {name: values.pop(name) for name in ("probability", "automated_probability", "date_closed", "actual_revenue")}
        self._write_native(values)
        self._write_native({"probability": late["probability"], "automated_probability": late["automated_probability"]})
        self._write_native({"date_closed": late["date_closed"], "actual_revenue": late["actual_revenue"]})
        move.create(
            {
                "lead_id": self.id,
                "user_id": self.env.uid,
                "from_column_id": before[0].id,
                "to_column_id": self.board_column_id.id,
                "before": before[1],
                "undone": True,
            }
        )
        return True

    def action_restore(self):
        """Restoring a lost project of a process also brings back its weight; native does so for the others."""
        closed = self.filtered(lambda lead: lead.process_id and lead.board_column_id._is_closed())
        closed.action_reopen()
        return super(CrmLead, self - closed).action_restore()

    def _track_subtype(self, init_values):
        if "won_status" in init_values and self.won_status == "cancelled":
            return self.env.ref("crm_salesboard.mt_lead_cancelled")
        return super()._track_subtype(init_values)
