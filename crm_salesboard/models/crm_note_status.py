from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmNoteStatus(models.Model):
    """What became of a note: whether its action is done, and how the customer stands by it."""

    _name = "crm.note.status"
    _description = "Status of Notes"
    _inherit = "crm.status.mixin"
    _used_by = "crm.note"

    short_name = fields.Char(translate=True, help="Shown where there is little room.")
    closes = fields.Boolean(
        "Closes the Action",
        help="A note with this status needs nothing more to be done: its activity is marked as done.",
    )
    is_sales_status = fields.Boolean(
        "Status of the Customer", help="The latest of these that a note has shows on its customer."
    )

    @api.model
    def _closing_status(self):
        """The status of a note whose activity was marked as done in Odoo's own list: the first that closes."""
        return self.search([("closes", "=", True)], limit=1)

    def write(self, vals):
        """Change statuses.

        :raise UserError: whether a status closes would change while notes have it, or none would close any more
        """
        if "closes" in vals:
            self.filtered(lambda status: status.closes != bool(vals["closes"]))._check_unused_to_change()
        res = super().write(vals)
        if "closes" in vals or "active" in vals:
            self._check_one_closes()
        return res

    def _check_unused_to_change(self):
        for status_id, count in self._uses().items():
            raise UserError(
                self.env._(
                    "%(count)s notes have the status %(status)s, and their actions would be opened or closed by this. "
                    "Archive it and make another status instead.",
                    count=count,
                    status=self.browse(status_id).name,
                )
            )

    @api.model
    def _check_one_closes(self):
        if not self._closing_status():
            raise UserError(
                self.env._("Keep one status that closes the action: notes get it when their activity is done.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Refuse to delete statuses that notes have, and the last one that closes.

        :raise UserError: it names the status, and counts its uses
        """
        for status_id, count in (self._uses() or self._uses("sales_status_id")).items():
            raise UserError(
                self.env._(
                    "%(status)s is the status of %(count)s notes. Archive it instead: it stays where it is used and "
                    "is offered no more.",
                    status=self.browse(status_id).name,
                    count=count,
                )
            )
        if not self.search([("closes", "=", True), ("id", "not in", self.ids)], limit=1):
            raise UserError(
                self.env._("Keep one status that closes the action: notes get it when their activity is done.")
            )
