from odoo import Command

from ..models import crm_campaign_step_todo_job
from .common import CampaignCase


class TodoCase(CampaignCase):
    """Two who call, who see all customers; a step is shared out as the job does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.callers = cls.sales | cls.other
        cls.choices = {
            name: cls.env.ref(f"crm_campaign.crm_choice_campaign_result_{name}")
            for name in ("interested", "later", "not_interested", "not_reached", "wrong_number")
        }

    def _make_calls(self, records, channel="phone", start=True, **values):
        """A step of calls to customers or leads, shared out."""
        self._make_members(records)
        values.setdefault("user_ids", [Command.create({"user_id": user.id, "per_day": 2}) for user in self.callers])
        step = self._make_step(channel, **values)
        if start:
            self._start(step)
        return step

    def _start(self, step, user=None):
        self._as(user or self.manager, step).action_start()
        self._share_out()

    def _share_out(self, **kwargs):
        self._in_worker("crm.campaign.step", "_share_out_waiting", **kwargs)

    def _calls_of(self, step, user=None):
        calls = step.dispatch_ids.sorted("id")
        return calls.filtered(lambda call: call.user_id == user) if user else calls

    def _small_chunks(self, size=2):
        self.patch(crm_campaign_step_todo_job, "CHUNK", size)
