from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty

UNFINISHED = ("planned", "running")
# What a step that comes into a state makes of a campaign that is in one of these phases.
FOLLOWED = {"planned": ("planned", ("preparation",)), "running": ("running", ("preparation", "planned"))}


class UtmCampaign(models.Model):
    """The phases of a campaign: its stages, each of which stands for one."""

    _inherit = "utm.campaign"

    @api.model_create_multi
    def create(self, vals_list):
        campaigns = super().create(vals_list)
        campaigns.filtered(lambda campaign: campaign.phase == "evaluated")._check_evaluated()
        return campaigns

    def write(self, vals):
        evaluated = self.filtered(lambda campaign: campaign.phase == "evaluated")
        res = super().write(vals)
        if "stage_id" in vals:
            (self - evaluated).filtered(lambda campaign: campaign.phase == "evaluated")._check_evaluated()
        return res

    def _check_evaluated(self):
        """Only what is over can be evaluated, and to evaluate it is to say what was learnt.

        :raise UserError: it says which step still goes on, or what is to be written
        """
        self._check_finished()
        # sudo: whether something was learnt, also for whom it is not to read
        for campaign in self.sudo():
            if is_html_empty(campaign.conclusion):
                raise UserError(
                    self.env._(
                        "What was learnt from %(campaign)s? Press Evaluate on the campaign and write it down.",
                        campaign=campaign.title,
                    )
                )

    def _check_finished(self):
        # sudo: steps that go on, also those that the user does not see
        for campaign in self.sudo():
            if going_on := campaign.step_ids.filtered(lambda step: step.state in UNFINISHED):
                raise UserError(
                    self.env._(
                        "The step “%(step)s” of %(campaign)s is not finished. Stop it, or wait until it is done.",
                        step=going_on[0].name,
                        campaign=campaign.title,
                    )
                )

    def _check_not_evaluated(self):
        """:raise UserError: the campaign is evaluated, in which nothing starts any more"""
        for campaign in self:
            if campaign.phase == "evaluated":
                raise UserError(
                    self.env._(
                        "%(campaign)s is evaluated: nothing is sent in it any more. Put it back to a running stage "
                        "first.",
                        campaign=campaign.title,
                    )
                )

    @api.model
    def _get_stage(self, phase):
        """The first stage of a phase, or none."""
        return self.env["utm.stage"].search([("phase", "=", phase)], limit=1)

    def _follow_steps(self, state):
        """Go to the first stage of the phase that steps have come to; never back, and nowhere without such a stage."""
        phase, earlier = FOLLOWED.get(state, (None, ()))
        behind = self.filtered(lambda campaign: campaign.phase in earlier)
        if behind and (stage := self._get_stage(phase)):
            behind.stage_id = stage

    def action_evaluate(self):
        """Ask for what was learnt and for the cost, in a dialog.

        :return: an action
        :raise UserError: a step is not finished
        """
        self.ensure_one()
        self.check_access("write")
        self._check_finished()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Evaluate %(campaign)s", campaign=self.title),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(self.env.ref("crm_campaign.utm_campaign_view_form_evaluate").id, "form")],
            "target": "new",
        }

    def action_set_evaluated(self):
        """Move to the first stage that is evaluated. Pressed again, nothing happens.

        :return: an action that closes the dialog
        :raise UserError: a step is not finished, nothing was concluded, or there is no such stage
        """
        self._check_evaluated()
        stage = self._get_stage("evaluated")
        if not stage:
            raise UserError(self.env._("No stage stands for evaluated campaigns. Make one, under Campaign Stages."))
        self.filtered(lambda campaign: campaign.phase != "evaluated").stage_id = stage
        return {"type": "ir.actions.act_window_close"}


class CrmCampaignStep(models.Model):
    """Whatever starts a step, its campaign follows; in an evaluated one nothing starts."""

    _inherit = "crm.campaign.step"

    def write(self, vals):
        state = vals.get("state")
        if state in UNFINISHED:
            self.campaign_id._check_not_evaluated()
        res = super().write(vals)
        if state in UNFINISHED:
            # sudo: who may start a step thereby moves its campaign
            self.campaign_id.sudo()._follow_steps(state)
        return res
