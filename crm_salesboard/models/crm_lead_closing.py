import contextlib

from odoo import _, api, fields, models
from odoo.exceptions import AccessError, LockError, MissingError, UserError, ValidationError

from .crm_lead import TOUCHING_FIELDS
from .crm_process_column import CLOSED_KINDS

# Writing one of these can move a project to another column; a new owner may bring another team.
MOVING_FIELDS = frozenset(
    {"board_column_id", "stage_id", "team_id", "user_id", "type", "active", "probability", "is_cancelled"}
    | {"lost_reason_id", "cancel_reason_id", "date_closed"}
)
# What a move replaces, and undo brings back; the second ones last, as native code derives them from the first.
SNAPSHOT_FIELDS = (
    ("type", "user_id", "team_id", "stage_id", "active", "is_cancelled", "lost_reason_id", "cancel_reason_id"),
    ("probability", "automated_probability"),
    ("date_closed", "date_conversion", "date_last_stage_update", "actual_revenue"),
    ("order_basis", "chance_id"),
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
        context = dict(self.env.context)
        default_column = context.pop("default_board_column_id", False)
        vals_list = [self._prepare_create_on_board({"board_column_id": default_column, **vals}) for vals in vals_list]
        model = self.with_context(context) if default_column else self
        leads = super(CrmLead, model).create(vals_list).with_env(self.env)
        on_process = leads.filtered("team_id.process_id")
        on_process._check_reason()
        dated = [lead.id for lead, vals in zip(leads, vals_list, strict=True) if vals.get("date_closed")]
        (on_process & self.browse(dated))._check_may_set_closing_date()
        undated = on_process.filtered(lambda lead: lead.board_column_id._is_closed() and not lead.date_closed)
        undated._write_native({"date_closed": fields.Datetime.now()})
        on_process._schedule_column_plans()
        return leads

    def write(self, vals):
        vals = self._touched(vals)
        if MOVING_FIELDS.isdisjoint(vals) or not self._concerns_board(vals):
            return super().write(vals)
        self._check_expected_column()
        # Checked once: what native code writes on the way must not be taken for a move by somebody else.
        return self.with_context(salesboard_expected_column=None)._write_moving(vals)

    def _write_moving(self, vals):
        """Write values that can change the column, with the rules and the history that go with it."""
        if "date_closed" in vals:
            self._check_may_set_closing_date(vals["date_closed"])
        before = {lead: (lead.board_column_id, lead.won_status, lead._snapshot()) for lead in self}
        for leads, native_vals in self._split_by_target(dict(vals)):
            leads._write_native(native_vals)
        self._after_move(before, vals)
        return True

    def _write_native(self, vals):
        """Write without the rules of moving: for what the rules themselves write."""
        return super().write(vals)

    def _concerns_board(self, vals):
        """Whether a process is involved: what teams without one do shall cost nothing more than natively."""
        if "board_column_id" in vals or self.team_id.process_id:
            return True
        target = vals.get("team_id")
        return isinstance(target, int) and bool(self.env["crm.team"].browse(target).process_id)

    def _touched(self, vals):
        """Add the time of the touch to values that a salesperson, not a job, changes."""
        if TOUCHING_FIELDS.isdisjoint(vals) or self.env.context.get("tracking_disable"):
            return vals
        return {**vals, "date_last_touch": self.env.cr.now()}

    def _message_post_after_hook(self, message, msg_vals):
        if message.message_type != "notification" or message.mail_activity_type_id:
            # sudo: whoever may write a message to the project thereby touches it, a customer who answers too
            self.sudo().filtered("team_id.process_id")._write_native({"date_last_touch": self.env.cr.now()})
        return super()._message_post_after_hook(message, msg_vals)

    # ------------------------------------------------------------
    # From a column to native values
    # ------------------------------------------------------------

    def _prepare_create_on_board(self, vals):
        """Native values for a project that is created in a column."""
        column = self._target_column(vals.pop("board_column_id", False))
        if not column:
            return vals
        if not vals.get("team_id"):
            vals["team_id"] = self._default_team_of(column, vals.get("user_id")).id
        self._check_column_of_team(column, self.env["crm.team"].browse(vals["team_id"]), vals.get("name"))
        qualified = {"type": "opportunity"} if column.kind in ("status", "order") else {}
        return {**qualified, **self._column_vals(column), **vals}

    @api.model
    def default_get(self, fields):
        """As natively; a card that is added in a column starts with a team that sells by the column's process."""
        values = super().default_get(fields)
        column = self._target_column(self.env.context.get("default_board_column_id"))
        if column and "team_id" in fields and not values.get("team_id"):
            values["team_id"] = self._default_team_of(column, values.get("user_id")).id
        return values

    def _default_team_of(self, column, user_id):
        """The team in whose column a new project lands: the owner's own, if it is on the process."""
        team = self.env["crm.team"]._get_default_team_id(
            user_id=user_id, domain=[("process_id", "=", column.process_id.id)]
        )
        return team if team.process_id == column.process_id else column.process_id.team_ids[:1]

    def _target_column(self, column_id):
        """The column that a caller names.

        :raise UserError: there is none of that id
        """
        column = self.env["crm.process.column"]
        if not column_id:
            return column
        if isinstance(column_id, int):
            column = column.browse(column_id)
            with contextlib.suppress(MissingError):
                # Read once for all projects, unlike what exists() does.
                if column.kind:
                    return column
        raise UserError(
            _("There is no column %(column)s on the board. Reload it, and choose one of its columns.", column=column_id)
        )

    def _check_column_of_team(self, column, team, name):
        if not team or team.process_id != column.process_id:
            raise UserError(
                _(
                    "%(column)s belongs to the process %(process)s, and the team of %(lead)s does not sell by it. "
                    "Move the project to another team first.",
                    column=column.name,
                    process=column.process_id.name,
                    lead=name or _("the new project"),
                )
            )

    def _split_by_target(self, vals):
        """Yield ``(leads, native values)``, with the column asked for turned into what it stands for."""
        if "board_column_id" not in vals:
            yield from self._split_unprocessed(vals)
            return
        column = self._target_column(vals.pop("board_column_id"))
        if not column:
            raise UserError(_("A project leaves the board only with its team. Choose a column instead."))
        team = self.env["crm.team"].browse(vals.get("team_id") or ())
        for lead in self:
            self._check_column_of_team(column, team or lead.team_id, lead.name)
        open_stages = self._open_stages()
        for (closed, stage, kind), leads in self.grouped(
            lambda lead: (lead.board_column_id._is_closed(), open_stages[lead], lead.type)
        ).items():
            native = self._column_vals(column, stage if closed else None, kind)
            if kind == "lead" and column.kind in ("status", "order"):
                native = {**leads[0]._convert_opportunity_data(leads[0].partner_id), **native}
            yield leads, {**native, **vals}

    def _split_unprocessed(self, vals):
        """Native code gives a stage to whatever changes team; on the board the unprocessed stay so."""
        unprocessed = self.browse()
        if not {"team_id", "user_id"}.isdisjoint(vals) and "stage_id" not in vals:
            unprocessed = self.filtered(
                lambda lead: lead.team_id.process_id and not lead.stage_id and lead.type != "lead"
            )
        if unprocessed:
            yield unprocessed, {**vals, "stage_id": False}
            # Those that left the board are native again.
            unprocessed.filtered(lambda lead: not lead.team_id.process_id)._compute_stage_id()
        if others := self - unprocessed:
            yield others, vals

    def _column_vals(self, column, reopened_to=None, kind="opportunity"):
        """The native values that put a project in ``column``.

        :param reopened_to: of closed projects the open status they come from, empty if they had none: a won project
            has to leave the won stage before it can be lost
        :param kind: the project's present ``type``: a lead has a stage while it is unprocessed
        """
        if column.kind == "order":
            return {**_REOPENED, "stage_id": column.stage_id.id, "probability": 100}
        closed = {} if reopened_to is None else {"stage_id": reopened_to.id}
        if column.kind in ("lost", "cancelled"):
            lost = {"active": False, "probability": 0, "automated_probability": 0}
            return {**_REOPENED, **lost, **closed, "is_cancelled": column.kind == "cancelled"}
        reopened = {} if reopened_to is None else _REOPENED
        if column.kind == "unprocessed" and kind == "lead":
            return {**reopened, **closed}
        return {**reopened, "stage_id": column.stage_id.id}

    def _open_stages(self):
        """Of each project the open status it has, or had before it was won; empty if it was unprocessed.

        :return: ``{crm.lead: crm.stage}``
        """
        won = self.filtered(lambda lead: lead.stage_id.is_won)
        closings = won._last_closings()
        stages = {lead: lead.stage_id for lead in self - won}
        for lead in won:
            before = closings[lead].before or {}
            statuses = lead.team_id.process_id.status_ids
            # Found among these, as it may be gone, or of another process by now.
            stage = statuses.filtered(lambda status, before=before: status.id == before.get("stage_id"))
            unprocessed = "stage_id" in before and not before["stage_id"]
            stages[lead] = stage if stage or unprocessed else statuses[-1:]
        return stages

    # ------------------------------------------------------------
    # Moves
    # ------------------------------------------------------------

    @api.model
    def _get_snapshot_fields(self):
        """What a move replaces, in the groups in which undo writes them back. To be extended.

        :return: tuple of tuples of names
        """
        return SNAPSHOT_FIELDS

    def _snapshot(self):
        """The values that a move may replace, as JSON can keep them and undo writes them back."""
        return {name: self._snapshot_value(name) for names in self._get_snapshot_fields() for name in names}

    def _snapshot_value(self, name):
        field = self._fields[name]
        value = field.convert_to_write(self[name], self)
        return field.to_string(value) if value and field.type in ("date", "datetime") else value

    def _after_move(self, before, vals):
        """Hold the rules of closing and reopening, and keep the history, for all projects just written."""
        if closing_date := vals.get("date_closed"):
            # Native code closes now; a manager may give another day.
            closed = self.filtered(lambda lead: lead.won_status != "pending")
            closed._write_native({"date_closed": closing_date})
        asked = not {"lost_reason_id", "cancel_reason_id"}.isdisjoint(vals)
        self.filtered(
            lambda lead: lead.team_id.process_id and (asked or lead.won_status != before[lead][1])
        )._check_reason()
        moved = self.filtered(lambda lead: lead.board_column_id != before[lead][0])
        moved.filtered(
            lambda lead: before[lead][0]._is_closed() and not lead.board_column_id._is_closed()
        )._after_reopening(vals)
        # sudo: the history is written by the project, not by its user, who may not edit it
        moves = (
            self.env["crm.lead.move"]
            .sudo()
            .create([lead._prepare_move(before[lead][0], before[lead][2]) for lead in moved])
        )
        moved._schedule_column_plans(dict(zip(moved, moves, strict=True)))

    def _prepare_move(self, column, snapshot, **extra):
        return {
            "lead_id": self.id,
            "user_id": self.env.uid,
            "from_column_id": column.id,
            "to_column_id": self.board_column_id.id,
            "before": snapshot,
            **extra,
        }

    def _after_reopening(self, vals):
        """Clear the closing, which the history keeps, and bring back the weight of before."""
        if "probability" not in vals:
            closings = self._last_closings()
            weights = {lead: lead._weight_before(closings[lead]) for lead in self}
            for weight, leads in self.grouped(weights.get).items():
                if weight:
                    leads._write_native(dict(zip(("probability", "automated_probability"), weight, strict=True)))
                else:
                    leads._compute_probabilities()
        closing = ("date_closed", "lost_reason_id", "cancel_reason_id", "is_cancelled")
        self.filtered(lambda lead: any(lead[name] for name in closing))._write_native(dict.fromkeys(closing, False))

    def _weight_before(self, closing):
        return closing.before and (closing.before["probability"], closing.before["automated_probability"])

    def _last_closings(self):
        """The move that closed each project last, empty where the history knows none. What was undone never happened.

        :return: ``{crm.lead: crm.lead.move}``
        """
        # sudo: the history is read on behalf of the project, which the caller may write
        moves = self.env["crm.lead.move"].sudo()
        closings = dict.fromkeys(self, moves)
        if not self:
            return closings
        from_open = ["|", ("from_column_id", "=", False), ("from_column_id.kind", "not in", CLOSED_KINDS)]
        to_closed = [("lead_id", "in", self.ids), ("to_column_id.kind", "in", CLOSED_KINDS), ("undone", "=", False)]
        for move in moves.search(to_closed + from_open, order="id"):
            closings[self.browse(move.lead_id.id)] = move
        return closings

    # ------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------

    @api.constrains("stage_id", "team_id")
    def _check_stage_of_process(self):
        """A project has a status of the very process that its team sells by.

        :raise ValidationError: a stage of another process, or of none, was written
        """
        for lead in self:
            process = lead.team_id.process_id
            if not lead.stage_id or lead.stage_id.process_id == process:
                continue
            if process:
                message = _(
                    "%(stage)s is not a status of %(process)s, the process that the team of %(lead)s sells by.",
                    stage=lead.stage_id.name,
                    process=process.name,
                    lead=lead.name,
                )
            else:
                message = _(
                    "%(stage)s is a status of %(process)s, and the team of %(lead)s does not sell by that process.",
                    stage=lead.stage_id.name,
                    process=lead.stage_id.process_id.name,
                    lead=lead.name,
                )
            raise ValidationError(message)

    def _check_may_set_closing_date(self, date=None):
        """Only a sales manager says on which day a project of a process was closed.

        :param date: the date to be written; closing itself writes the present moment, which is anybody's
        :raise AccessError: for everybody else
        """
        if self.env.su or not self.team_id.process_id or self.env.user.has_group("sales_team.group_sale_manager"):
            return
        moment = fields.Datetime.to_datetime(date)
        now = fields.Datetime.now()
        if moment and abs((now - moment).total_seconds()) < 60 and not any(self.mapped("date_closed")):
            return
        raise AccessError(_("Only a sales manager may set the closing date. Ask one to change it, or leave it out."))

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
        expected = self.env.context.get("salesboard_expected_column")
        if not expected:
            return
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
