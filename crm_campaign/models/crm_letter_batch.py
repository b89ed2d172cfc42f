from odoo import fields, models


class CrmLetterBatch(models.Model):
    """The letters of a campaign's step, which runs, stops and ends with them."""

    _inherit = "crm.letter.batch"

    campaign_step_id = fields.Many2one(
        "crm.campaign.step", "Step of the Campaign", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )

    def write(self, vals):
        res = super().write(vals)
        if "state" in vals:
            # sudo: the job, or whoever stops the letters, need not be allowed to change campaigns
            for batch in self.sudo().filtered("campaign_step_id"):
                batch.campaign_step_id._follow_letters(batch)
        return res
