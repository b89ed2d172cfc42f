from odoo import models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _on_access_change(self):
        """Take out of the calendars of others what they may not see any more, and what was written out of all."""
        res = super()._on_access_change()
        # sudo: to tell calendars, by the rights of their owners
        leads = self.sudo().with_context(active_test=False)
        leads.calendar_event_ids._touch_invitations()
        leads.activity_history_ids._touch_invitations()
        return res
