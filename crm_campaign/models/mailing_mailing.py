from odoo import fields, models


class MailingMailing(models.Model):
    _inherit = "mailing.mailing"

    campaign_step_id = fields.Many2one(
        "crm.campaign.step", "Step of the Campaign", readonly=True, copy=False, index="btree_not_null", ondelete="cascade"
    )
