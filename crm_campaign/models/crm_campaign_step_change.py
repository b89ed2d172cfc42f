from odoo import models
from odoo.exceptions import UserError


class CrmCampaignStep(models.Model):
    """What hangs on a step is of its campaign and for its channel: above all its mailing, which would stay behind."""

    _inherit = "crm.campaign.step"

    def write(self, vals):
        """
        :raise UserError: it is to go to another campaign, or its message is written for another channel
        """
        if not self.env.su:
            if "campaign_id" in vals and any(step.campaign_id.id != vals["campaign_id"] for step in self):
                raise UserError(self.env._("A step stays in its campaign. Add a new one in the other campaign."))
            # sudo: whether there is one
            if "channel" in vals and any(step.channel != vals["channel"] for step in self.sudo() if step.mailing_id):
                raise UserError(
                    self.env._(
                        "Its message is begun already. Delete this step and add a new one for the other channel."
                    )
                )
        return super().write(vals)
