from odoo import api, models


class CrmLeadInbox(models.Model):
    """Who gets a lead, and why: decided for all records of a batch, and kept with each."""

    _inherit = "crm.lead.inbox"

    @api.model
    def _assign(self, config, entries, turns):
        """Set ``user_id``, ``team_id`` and ``assignment`` of each record.

        :param config: the source's configuration
        :param list entries: see tools/entry.py
        :param dict turns: whose turn it was, by rule and row, for when a batch is processed again in halves
        """
        source = self.env["crm.intake.source"].browse(config.id)
        user = source.user_id or source.team_id.user_id
        for entry in entries:
            entry.user_id, entry.team_id = user.id or None, source.team_id.id or None
