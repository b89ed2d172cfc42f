from odoo import api, models
from odoo.exceptions import UserError


class UtmCampaign(models.Model):
    """A campaign that has begun is archived, not deleted: whom it addressed and what came of it is kept."""

    _inherit = "utm.campaign"

    @api.ondelete(at_uninstall=False)
    def _unlink_with_group(self):
        """Of one that has not begun steps and members go first, with all that hangs on them.

        :raise UserError: a step was planned or started
        """
        campaigns = self.sudo()  # sudo: also steps and members that the user does not see
        for campaign in campaigns if not self.env.su else ():
            if any(step.state != "draft" for step in campaign.step_ids):
                raise UserError(
                    self.env._("Steps of %s were planned or started. Archive it: its figures stay.", campaign.title)
                )
        campaigns.step_ids.mailing_id.unlink()
        campaigns.step_ids.unlink()
        campaigns.member_ids.unlink()
