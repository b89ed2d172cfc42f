from odoo import api, fields, models


class CrmNote(models.Model):
    """The status that a note gives its customer, apart from what became of what was to be done."""

    _inherit = "crm.note"

    sales_status_id = fields.Many2one(
        "crm.note.status",
        "Sales Status Given",
        compute="_compute_sales_status",
        store=True,
        precompute=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        exportable=False,
        help="The status that the note has given the customer. It stays when what is to be done is closed.",
    )
    sales_status_date = fields.Datetime(
        "Sales Status Since",
        compute="_compute_sales_status",
        store=True,
        precompute=True,
        readonly=False,
        copy=False,
        exportable=False,
    )

    _sales_status_index = models.Index(
        "(commercial_partner_id, sales_status_date, id) WHERE sales_status_id IS NOT NULL"
    )

    @api.depends("status_id.is_sales_status", "status_date")
    def _compute_sales_status(self):
        """A status that says nothing of the customer leaves what the note said of it; emptied, it takes it back."""
        for note in self:
            if note.status_id.is_sales_status or not note.status_id:
                note.sales_status_id = note.status_id
                note.sales_status_date = note.status_date
            else:
                note.sales_status_id = note.sales_status_id
                note.sales_status_date = note.sales_status_date
