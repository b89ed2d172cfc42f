from odoo import fields, models


class ResUsersSettings(models.Model):
    _inherit = "res.users.settings"

    # Written and read by the web client only: what this user last chose in the bar of the Sales Board.
    salesboard_kinds = fields.Char(
        "Sales Board Columns",
        help="Comma separated kinds of columns shown besides the statuses; empty: the default ones.",
    )
    salesboard_period = fields.Char("Sales Board Period", help="The period last chosen, as JSON; empty: all dates.")
    salesboard_export = fields.Char(
        "Sales Board Export", help="Columns, format and kind of rows of the last export of customers, as JSON."
    )
    customer_page_folded = fields.Char(
        "Folded on the Customer's Page", help="Comma separated names of the blocks that are folded there."
    )
