from odoo import fields, models


class CrmChoiceList(models.Model):
    _inherit = "crm.choice.list"

    usage = fields.Selection(
        selection_add=[("campaign_result", "Results of calls in campaigns")], ondelete={"campaign_result": "cascade"}
    )
