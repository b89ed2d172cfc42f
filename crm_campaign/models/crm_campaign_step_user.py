from odoo import api, fields, models
from odoo.exceptions import UserError

# A step in these takes other shares.
SHARED_IN = ("draft", "stopped")


class CrmCampaignStepUser(models.Model):
    """How much of a step's calls and to-dos a user takes."""

    _name = "crm.campaign.step.user"
    _description = "Share of a Campaign's To-Dos"
    _order = "sequence, id"

    step_id = fields.Many2one("crm.campaign.step", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    user_id = fields.Many2one("res.users", required=True, domain=[("share", "=", False)])
    per_day = fields.Integer(
        required=True,
        default=20,
        help="How many the user can do on a working day: shares and due dates follow from it.",
    )

    _user_once = models.UniqueIndex("(step_id, user_id)", "A user takes one share of a step.")
    _per_day_positive = models.Constraint("CHECK (per_day > 0)", "Say how many a day somebody does: one at least.")

    # ------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        shares = super().create(vals_list)
        self._check_may_share(shares.step_id)
        return shares

    def write(self, vals):
        self._check_may_share(self.step_id | self.step_id.browse(vals.get("step_id") or ()))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running(self):
        """
        :raise UserError: the step shares out at present, or is done
        """
        self._check_may_share(self.step_id)

    @api.model
    def _check_may_share(self, steps):
        """Shares are the step's: whoever may change it says who does it, before it is started or while it is stopped.

        :raise AccessError: a step is not for the user to change
        :raise UserError: a step was planned, runs or is done
        """
        if self.env.su:
            return
        steps.check_access("write")
        if any(step.state not in SHARED_IN for step in steps):
            raise UserError(self.env._("Stop the step first: then change who does it, and continue."))


class CrmCampaignStep(models.Model):
    _inherit = "crm.campaign.step"

    @api.model
    def _get_changeable(self):
        """Who does it, see above: somebody may have left while the step ran."""
        return super()._get_changeable() | {"user_ids"}
