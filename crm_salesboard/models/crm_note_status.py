from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CrmNoteStatus(models.Model):
    """What became of a note: whether its action is done, and how the customer stands by it."""

    _name = "crm.note.status"
    _description = "Status of Notes"
    _inherit = "crm.badge.mixin"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    short_name = fields.Char(translate=True, help="Shown where there is little room.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, help="An archived status is kept where it is used and offered no more.")
    text_color = fields.Char(default="#1F2937")
    background_color = fields.Char(default="#E5E7EB")
    closes = fields.Boolean(
        "Closes the Action",
        help="A note with this status needs nothing more to be done: its activity is marked as done.",
    )
    is_sales_status = fields.Boolean(
        "Status of the Customer", help="The latest of these that a note has shows on its customer."
    )
    use_count = fields.Integer("Uses", compute="_compute_use_count")

    def _compute_use_count(self):
        counts = self._uses()
        for status in self:
            status.use_count = counts.get(status.id, 0)

    def _uses(self, field="status_id"):
        """How many notes have each status, whoever may see them.

        :param field: the field of ``crm.note`` that they have it in
        :return: ``{status id: count}``, without statuses that are not used
        """
        # sudo: a status must not go because its uses are hidden from the manager
        counts = self.env["crm.note"].sudo()._read_group([(field, "in", self.ids)], [field], ["__count"])
        return {status.id: count for status, count in counts}

    @api.model
    def _closing_status(self):
        """The status of a note whose activity was marked as done in Odoo's own list: the first that closes."""
        return self.search([("closes", "=", True)], limit=1)

    @api.constrains("name", "active")
    def _check_name_once(self):
        seen = set()
        for status in self.search([]):
            key = (status.name or "").strip().casefold()
            if not key:
                raise ValidationError(self.env._("A status needs a name."))
            if key in seen:
                raise ValidationError(
                    self.env._("There is a status %(status)s already. Choose another name.", status=status.name)
                )
            seen.add(key)

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

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if "name" not in (default or {}):
            for status, vals in zip(self, vals_list, strict=True):
                vals["name"] = self.env._("%(status)s (copy)", status=status.name)
        return vals_list
