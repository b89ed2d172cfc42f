from odoo import fields, models


class CrmLetterBatch(models.Model):
    _inherit = "crm.letter.batch"

    campaign_step_id = fields.Many2one(
        "crm.campaign.step", "Step of the Campaign", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
