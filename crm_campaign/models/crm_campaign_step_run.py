from odoo import fields, models


class CrmCampaignStep(models.Model):
    """How a step is started, stopped and finished. A channel says in methods named after it

    - ``_check_<channel>()``: raise a UserError that says what is missing before anybody is addressed,
    - ``_get_reasons_<channel>(members)``: ``{crm.campaign.member id: reason}`` of those who cannot be reached by it,
    - ``_launch_<channel>()``: hand those who are waiting to whatever sends, by a job; called again after a stop,
    - ``_halt_<channel>()``: have it send no more.
    """

    _inherit = "crm.campaign.step"

    def action_start(self):
        """Write down whom the step goes to, and begin. Pressed twice, or by two at once, it starts once.

        :raise UserError: something is missing; nobody is addressed then
        """
        self.check_access("write")
        for step in self:
            step.lock_for_update()
            if step.state in ("draft", "planned"):
                step._by_channel("check")()
                step._freeze()
                # sudo: what is not for the user to set; the right to start was checked
                step.sudo().write({"state": "running", "started_on": fields.Datetime.now(), "stop_reason": False})
                step._by_channel("launch")()

    def _by_channel(self, what):
        return getattr(self, f"_{what}_{self.channel}")

    def _freeze(self):
        """Write down the members that the step goes to, and of those who are left out the reason."""
        members = self._get_audience()
        reasons = self._by_channel("get_reasons")(members)
        # sudo: the list is written by this addon alone; who is on it was decided with the user's rights
        self.env["crm.campaign.dispatch"].sudo().create(
            [
                {
                    "step_id": self.id,
                    "member_id": member.id,
                    "campaign_id": self.campaign_id.id,
                    "channel": self.channel,
                    "is_repeat": self.is_repeat,
                    "state": "left_out" if member.id in reasons else "waiting",
                    "reason": reasons.get(member.id),
                }
                for member in members
            ]
        )

    def _get_audience(self):
        return self.env["crm.campaign.member"].search([("campaign_id", "=", self.campaign_id.id), ("state", "=", "in")])
