from odoo import fields, models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    campaign_dispatch_id = fields.Many2one(
        "crm.campaign.dispatch", "Campaign", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
