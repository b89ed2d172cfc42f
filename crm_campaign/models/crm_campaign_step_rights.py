from odoo import api, models
from odoo.exceptions import UserError

# Written by starting, stopping and finishing, and by nobody's hand.
PROTECTED = frozenset(
    {
        "state",
        "stop_reason",
        "started_on",
        "planned_by_id",
        "shared_out_on",
        "mailing_id",
        "letter_batch_id",
        "dispatch_ids",
    }
)
# What may be changed of a step that was started.
CHANGEABLE = frozenset({"name", "sequence", "user_id"})


class CrmCampaignStep(models.Model):
    """Drafts are edited by who may write steps; what a step has done cannot be written."""

    _inherit = "crm.campaign.step"

    @api.model_create_multi
    def create(self, vals_list):
        """A step is of its campaign's company.

        :raise UserError: it is to be made as if it had been started, or its campaign is over
        """
        if not self.env.su and any(vals.keys() & PROTECTED for vals in vals_list):
            raise UserError(self._message_protected())
        # Nor by a default of the request, which is for what the request is about.
        defaults = {f"default_{name}" for name in PROTECTED}
        if defaults & self.env.context.keys():
            self = self.with_context({key: value for key, value in self.env.context.items() if key not in defaults})
        for vals in vals_list:
            campaign = self.env["utm.campaign"].browse(vals.get("campaign_id"))
            if "company_id" not in vals and campaign.company_id:
                vals["company_id"] = campaign.company_id.id
        return super().create(vals_list)

    def write(self, vals):
        """
        :raise UserError: the step was started, or what is to be written is for starting and stopping to write
        """
        if not self.env.su:
            if vals.keys() & (PROTECTED | {"company_id"}):
                raise UserError(self._message_protected())
            changes = vals.keys() - self._get_changeable()
            if changes and any(step.state != "draft" for step in self):
                raise UserError(
                    self.env._("This step was planned or started. Stop a planned one to change it; add a new step else.")
                )
        return super().write(vals)

    @api.model
    def _get_changeable(self):
        """Names of the fields that may be changed once a step was started; channels may add some of theirs."""
        return CHANGEABLE

    @api.model
    def _message_protected(self):
        return self.env._("What a step has done cannot be written: start, stop and continue it.")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        """
        :raise UserError: members were addressed by it
        """
        if not self.env.su and any(step.state != "draft" for step in self):
            raise UserError(self.env._("Only a draft can be deleted: who was addressed is in the figures of the campaign."))
