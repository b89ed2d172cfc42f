from datetime import timedelta

from odoo import _, api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.fields import Domain

# What a closing may have changed beside the status, and undoing it brings back.
SNAPSHOT_FIELDS = ("result", "measure_id")
# Said of a move that is taken back, so soon after it. An object of our own: no client can say so.
UNDO, UNDO_WITHIN = object(), timedelta(minutes=10)


class CrmTicket(models.Model):
    """What the ticket board asks for, and the moves of its cards."""

    _inherit = "crm.ticket"

    @api.model
    @api.readonly
    def get_ticket_board(self, domain):
        """The columns of the board, for the present search.

        :param domain: of the search
        :return: ``{"info": {status id: {name, closes, text_color, background_color}}, "overdue": {status id: count}}``
        """
        names = ["name", "closes", "text_color", "background_color"]
        # Archived statuses too: they are columns as long as tickets have them.
        statuses = self.env["crm.ticket.status"].with_context(active_test=False).search_fetch([], names)
        overdue = self._read_group(Domain(domain) & Domain("is_overdue", "=", True), ["status_id"], ["__count"])
        return {
            "info": {status.id: {name: status[name] for name in names} for status in statuses},
            "overdue": {status.id: count for status, count in overdue},
        }

    @api.model
    def _group_expand_status_id(self, statuses, domain):
        """The columns stand in the order of the statuses, whichever of them have tickets."""
        columns = super()._group_expand_status_id(statuses, domain)
        return columns.sorted(lambda status: (status.sequence, status.id))

    def write(self, vals):
        if "status_id" in vals and self.env.context.get("ticket_expected_status"):
            self._check_expected_status()
            # What is written besides, later on, was not moved by the user.
            self = self.with_context(ticket_expected_status=False)
        return super().write(vals)

    def action_undo_move(self, from_status_id, to_status_id, before=None):
        """Take back a move on the board.

        :param from_status_id: where the ticket was before
        :param to_status_id: where it is now; elsewhere it was moved by somebody else, and stays
        :param before: what the closing replaced, as its dialogue answered
        """
        self.ensure_one()
        vals = {name: value for name, value in (before or {}).items() if name in SNAPSHOT_FIELDS}
        undo = UNDO if self._is_just_closed() else None
        undone = self.with_context(ticket_expected_status=to_status_id, ticket_undo=undo)
        undone.write({**vals, "status_id": from_status_id})

    def _is_just_closed(self):
        return bool(self.closed_on and self.closed_on > fields.Datetime.now() - UNDO_WITHIN)

    def _count_reopening(self):
        """A closing that is taken back at once was none."""
        if self.env.context.get("ticket_undo") is not UNDO:
            super()._count_reopening()

    def _snapshot_before_closing(self):
        return {name: self._fields[name].convert_to_write(self[name], self) for name in SNAPSHOT_FIELDS}

    def _check_expected_status(self):
        """Refuse a move of a card that somebody else has moved since the mover saw it.

        :raise UserError: it says where the ticket is now
        """
        try:
            self.lock_for_update()
        except LockError as error:
            raise UserError(
                _("Somebody else is changing this ticket at this moment. Nothing was changed; try again.")
            ) from error
        self.invalidate_recordset(["status_id"])
        for ticket in self.filtered(lambda ticket: ticket.status_id.id != self.env.context["ticket_expected_status"]):
            raise UserError(
                _(
                    "%(ticket)s was moved to %(status)s in the meantime. Nothing was changed; the board shows it where "
                    "it is now.",
                    ticket=ticket.display_name,
                    status=ticket.status_id.name,
                )
            )
