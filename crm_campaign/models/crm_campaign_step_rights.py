from odoo import api, models
from odoo.exceptions import UserError, ValidationError

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
        return super().create(
            [
                vals if vals.get("company_id") else {**vals, "company_id": self._get_company(vals).id}
                for vals in vals_list
            ]
        )

    @api.model
    def _get_company(self, vals):
        """The campaign's company; of a campaign without one, the one in which the step is made."""
        campaign_id = vals.get("campaign_id") or self.env.context.get("default_campaign_id")
        return self.env["utm.campaign"].browse(campaign_id).company_id or self.env.company

    @api.constrains("campaign_id", "company_id")
    def _check_company_of_campaign(self):
        """
        :raise ValidationError: the campaign is another company's
        """
        # sudo: companies are compared, also where the user works in one of them alone
        for step in self.sudo():
            if step.campaign_id.company_id not in (step.company_id, self.env["res.company"]):
                raise ValidationError(
                    self.env._(
                        "The step %(step)s is another company's than the campaign %(campaign)s. A campaign and its "
                        "steps are one company's.",
                        step=step.display_name,
                        campaign=step.campaign_id.title,
                    )
                )

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
                    self.env._(
                        "This step was planned or started. Stop a planned one to change it; add a new step else."
                    )
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
            raise UserError(
                self.env._("Only a draft can be deleted: who was addressed is in the figures of the campaign.")
            )


class UtmCampaign(models.Model):
    _inherit = "utm.campaign"

    @api.constrains("company_id")
    def _check_company_of_steps(self):
        self.sudo().step_ids._check_company_of_campaign()  # sudo: also of steps that the user does not see
