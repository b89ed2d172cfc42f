from odoo import fields, models


class CrmLetterBatch(models.Model):
    """The letters of a campaign's step, which runs, stops and ends with them."""

    _inherit = "crm.letter.batch"

    campaign_step_id = fields.Many2one(
        "crm.campaign.step",
        "Step of the Campaign",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    def write(self, vals):
        res = super().write(vals)
        if "state" in vals:
            # sudo: the job, or whoever stops the letters, need not be allowed to change campaigns
            for batch in self.sudo().filtered("campaign_step_id"):
                batch.campaign_step_id._follow_letters(batch)
        return res

    def _run(self):
        """Continued or printed again from here, the step is asked as if it were continued there.

        :raise UserError: the campaign is over
        """
        for batch in self:
            # sudo: which step it is; whether its members may be addressed is asked as the user
            step = batch.sudo().campaign_step_id.sudo(False)
            if step and step.state != "running":
                step._check_phase()
                step._leave_out_unwanted()
                step._leave_out_letters()
        return super()._run()
