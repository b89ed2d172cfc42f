from odoo import fields, models

LEFT_OUT = ("open", "double", "company", "subject", "archived", "own")


class CrmBoardPutLine(models.TransientModel):
    """What became of one customer. Written by the run alone: undoing goes by it."""

    _name = "crm.board.put.line"
    _description = "Customer Put on the Board"
    _order = "id"
    _rec_name = "partner_id"

    put_id = fields.Many2one("crm.board.put", required=True, index=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", "Customer", required=True, index=True, ondelete="cascade")
    team_id = fields.Many2one("crm.team", "Board of", ondelete="cascade")
    lead_id = fields.Many2one("crm.lead", "Project", index="btree_not_null", ondelete="set null")
    result = fields.Selection(
        [
            ("made", "Put on the board"),
            ("open", "Has an open project there"),
            ("double", "Same company as another of these customers"),
            ("company", "Belongs to another company than the team"),
            ("subject", "The subject is none of this team's"),
            ("archived", "Archived"),
            ("own", "A colleague, or your own company"),
            ("kept", "Not removed: somebody has worked on it"),
            ("removed", "Removed again"),
        ],
        required=True,
        readonly=True,
    )
