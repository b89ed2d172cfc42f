from odoo import fields, models


class CrmChoiceList(models.Model):
    _inherit = "crm.choice.list"

    usage = fields.Selection(
        selection_add=[("ticket_measure", "Measures of tickets")], ondelete={"ticket_measure": "cascade"}
    )
