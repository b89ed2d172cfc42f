from odoo import api, models
from odoo.tools import SQL

from ..tools.records import as_external_id
from .crm_lead_inbox import WITH_LEAD


class CrmLeadInbox(models.Model):
    """What became of leads, as their sender may know it: nothing personal, and nothing of other sources."""

    _inherit = "crm.lead.inbox"

    @api.model
    def _get_status(self, source_id, external_ids):
        """What became of leads of a source.

        :param list external_ids: texts, or numbers
        :return: for each one that the source has sent, in the order asked for, ``external_id``; ``state``: that of its
            lead, ``open`` (a lead), ``promoted`` (a project), ``won`` or ``lost`` (or archived), also while an update
            of it waits or after one was rejected; without a lead ``waiting`` (not processed yet, or to be corrected),
            ``rejected`` or ``deleted``; and ``changed``, when that was last so, in UTC, and never earlier than it was
            received, as that would tell since when the customer is known
        """
        asked = list(filter(None, map(as_external_id, external_ids)))
        self.env["crm.lead"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT inbox.external_id,
                       CASE WHEN lead.won_status = 'won' THEN 'won'
                            WHEN lead.won_status = 'lost' OR NOT lead.active THEN 'lost'
                            WHEN lead.type = 'opportunity' THEN 'promoted'
                            WHEN lead.id IS NOT NULL THEN 'open'
                            WHEN inbox.state IN ('new', 'failed') THEN 'waiting'
                            WHEN inbox.state = 'rejected' THEN 'rejected'
                            ELSE 'deleted' END,
                       GREATEST(inbox.received_at,
                                COALESCE(lead.date_closed, lead.date_conversion, lead.date_last_stage_update,
                                         lead.create_date, inbox.processed_at))
                  FROM crm_lead_inbox inbox
                  LEFT JOIN crm_lead lead ON lead.id = inbox.lead_id AND inbox.action = ANY(%s)
                 WHERE inbox.source_id = %s AND inbox.dedup_key = ANY(%s)
                """,
                list(WITH_LEAD),
                source_id,
                [f"id:{external_id}" for external_id in asked],
            )
        )
        found = {
            external_id: {
                "external_id": external_id,
                "state": state,
                "changed": changed.isoformat(timespec="seconds") + "Z",
            }
            for external_id, state, changed in self.env.cr.fetchall()
        }
        return [found[external_id] for external_id in dict.fromkeys(asked) if external_id in found]
