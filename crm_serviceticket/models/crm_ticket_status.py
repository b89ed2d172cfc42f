from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CrmTicketStatus(models.Model):
    """How far a ticket is: a column of the ticket board."""

    _name = "crm.ticket.status"
    _description = "Status of Tickets"
    _inherit = "crm.status.mixin"
    _used_by = "crm.ticket"

    fold = fields.Boolean("Folded on the Board")
    closes = fields.Boolean("Closes the Ticket", help="A ticket with this status is done with, and has a result.")
    is_waiting = fields.Boolean(
        "Waits for the Customer", help="When the customer answers, a ticket with this status is worked on again."
    )

    # ------------------------------------------------------------
    # Which status when
    # ------------------------------------------------------------

    @api.model
    def _first_open(self):
        """The status of a new ticket, and of one that the customer has opened again."""
        return self.search([("closes", "=", False), ("is_waiting", "=", False)], limit=1)

    def _after_waiting(self):
        """The status of a ticket whose customer has answered: that before this one, as it was worked on already."""
        self.ensure_one()
        working = self.search([("closes", "=", False), ("is_waiting", "=", False)])
        before = working.filtered(lambda status: (status.sequence, status.id) < (self.sequence, self.id))
        return before[-1:] or working[:1]

    # ------------------------------------------------------------
    # What has to stay
    # ------------------------------------------------------------

    @api.constrains("closes", "is_waiting")
    def _check_waits_or_closes(self):
        if both := self.filtered(lambda status: status.closes and status.is_waiting):
            raise ValidationError(
                self.env._("%(status)s closes the ticket. It cannot wait for the customer, too.", status=both[0].name)
            )

    def write(self, vals):
        """Change statuses.

        :raise UserError: whether a status closes would change while tickets have it, or none to begin or to end with
            would be left
        """
        if "closes" in vals:
            self.filtered(lambda status: status.closes != bool(vals["closes"]))._check_unused_to_change()
        res = super().write(vals)
        if vals.keys() & {"closes", "is_waiting", "active"}:
            self._check_both_ends()
        return res

    def _check_unused_to_change(self):
        for status_id, count in self._uses().items():
            raise UserError(
                self.env._(
                    "%(count)s tickets have the status %(status)s, and would be opened or closed by this. Archive it "
                    "and make another status instead.",
                    count=count,
                    status=self.browse(status_id).name,
                )
            )

    @api.model
    def _check_both_ends(self, without=()):
        """
        :raise UserError: there is no status to begin with, or none to close with
        """
        left = self.search([("id", "not in", list(without))])
        if not left.filtered(lambda status: not status.closes and not status.is_waiting):
            raise UserError(
                self.env._("Keep one status that is open and does not wait for the customer: tickets begin with it.")
            )
        if not left.filtered("closes"):
            raise UserError(self.env._("Keep one status that closes the ticket."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Refuse to delete statuses that tickets have, and the last one to begin or to close with.

        :raise UserError: it names the status, and counts its uses
        """
        for status_id, count in self._uses().items():
            raise UserError(
                self.env._(
                    "%(status)s is the status of %(count)s tickets. Archive it instead: it stays where it is used and "
                    "is offered no more.",
                    status=self.browse(status_id).name,
                    count=count,
                )
            )
        self._check_both_ends(without=self.ids)
