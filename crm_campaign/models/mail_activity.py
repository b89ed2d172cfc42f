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
            activities = self.sudo().filtered("campaign_dispatch_id")
            activities.campaign_dispatch_id._follow_activities(activities)
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

    def _follow_activities(self, activities):
        """Few queries, however many of them were done, opened again or given to somebody else at once.

        :param activities: ``mail.activity`` of these members
        """
        activity_of = {activity.campaign_dispatch_id: activity for activity in activities}
        concerned = self.filtered(lambda dispatch: dispatch.state in ("waiting", "sent"))

        def changes(dispatch):
            activity = activity_of[dispatch]
            state = "waiting" if activity.active else "sent"
            new = {"user_id": activity.user_id.id, "state": state}
            if state == "waiting" and dispatch.state == "sent":
                new["result_id"] = False
            return tuple((name, value) for name, value in new.items() if dispatch._differs_in(name, value))

        for new, dispatches in concerned.grouped(changes).items():
            if new:
                dispatches.write(dict(new))
        concerned.step_id._finish_todos()

    def _differs_in(self, name, value):
        field = self._fields[name]
        return field.convert_to_write(self[name], self) != value

    def _give_up(self):
        """The activity was deleted by hand."""
        waiting = self.exists().filtered(lambda dispatch: dispatch.state == "waiting")
        waiting.write({"state": "left_out", "reason": "removed", "user_id": False})
        waiting.step_id._finish_todos()
