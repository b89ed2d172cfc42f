from odoo import api, fields, models


class CrmLeadMove(models.Model):
    """One row each time a project changes column: for undo, for reopening, and for the history of the sale.

    ``before`` holds what the move replaced. Written once by the project itself; nobody edits it.
    """

    _name = "crm.lead.move"
    _description = "Move on the Sales Board"
    _order = "id desc"
    _log_access = False

    lead_id = fields.Many2one("crm.lead", "Project", required=True, index=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", "Moved by", required=True, ondelete="restrict")
    date = fields.Datetime("Moved on", required=True, default=lambda self: self.env.cr.now())
    from_column_id = fields.Many2one("crm.process.column", "From", ondelete="set null")
    to_column_id = fields.Many2one("crm.process.column", "To", ondelete="set null")
    before = fields.Json(help="The values of the project that the move replaced.")
    undone = fields.Boolean(help="The move was taken back, or takes the one before it back.")

    @api.depends("from_column_id", "to_column_id")
    def _compute_display_name(self):
        for move in self:
            move.display_name = f"{move.from_column_id.name or '-'} → {move.to_column_id.name or '-'}"
