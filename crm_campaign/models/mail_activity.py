from odoo import api, fields, models


class MailActivity(models.Model):
    """What becomes of an activity becomes of its member in the campaign.

    Done, the member was dealt with; given to somebody else or opened again, the step follows. Deleted by hand, the
    member is left out: whoever deletes it wants it to be done by nobody.
    """

    _inherit = "mail.activity"

    campaign_dispatch_id = fields.Many2one(
        "crm.campaign.dispatch", "Campaign", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )

    @api.model_create_multi
    def create(self, vals_list):
        # A default of the context is for what the context is about, not for a member of a campaign.
        context = {key: value for key, value in self.env.context.items() if key != "default_campaign_dispatch_id"}
        return super(MailActivity, self.with_context(context)).create(vals_list)

    @api.model
    def _without_asker(self, vals):
        """Nor is it for the caller to say which member of a campaign it is about."""
        vals = super()._without_asker(vals)
        return {name: value for name, value in vals.items() if name != "campaign_dispatch_id"}

    def write(self, vals):
        res = super().write(vals)
        if vals.keys() & {"user_id", "active"}:
            # sudo: the member follows whoever may change the activity
            for activity in self.sudo().filtered("campaign_dispatch_id"):
                activity.campaign_dispatch_id._follow_activity(activity)
        return res

    def unlink(self):
        # sudo: as above; the right to delete is asked by super
        dispatches = self.sudo().filtered("active").campaign_dispatch_id
        res = super().unlink()
        if dispatches:
            dispatches._give_up()
        return res


class CrmCampaignDispatch(models.Model):
    _inherit = "crm.campaign.dispatch"

    def _follow_activity(self, activity):
        """
        :param activity: ``mail.activity`` of this member, which was done, opened again or given to somebody else
        """
        if self.state not in ("waiting", "sent"):
            return
        state = "waiting" if activity.active else "sent"
        changes = {"user_id": activity.user_id.id, "state": state}
        if state == "waiting" and self.state == "sent":
            changes["result_id"] = False
        self.write({name: value for name, value in changes.items() if self._differs_in(name, value)})
        self.step_id._finish_todos()

    def _differs_in(self, name, value):
        field = self._fields[name]
        return field.convert_to_write(self[name], self) != value

    def _give_up(self):
        """The activity was deleted by hand."""
        waiting = self.exists().filtered(lambda dispatch: dispatch.state == "waiting")
        waiting.write({"state": "left_out", "reason": "removed", "user_id": False})
        waiting.step_id._finish_todos()
