from odoo import SUPERUSER_ID, api, models
from odoo.tools import SQL

# Handing a lead to somebody is not yet work on it, nor are the dates that addons keep of it.
_HANDING_ON = {"user_id", "team_id"}
# Where the ids of leads wait for the end of the transaction.
_WORKED_ON = "crm_leadintake.worked_on"


class CrmLead(models.Model):
    """When a person first worked on what came in."""

    _inherit = "crm.lead"

    def write(self, vals):
        # asked first, as Odoo adds dates to what it is given
        is_work = any(name not in _HANDING_ON and not self._fields[name].readonly for name in vals)
        result = super().write(vals)
        if is_work:
            self._take_up()
        return result

    def _message_post_after_hook(self, message, msg_vals):
        """Messages and mails to the customer, and activities that are done, which post one as well."""
        self._take_up()
        return super()._message_post_after_hook(message, msg_vals)

    def _take_up(self):
        """Have it noted when the transaction ends, once for all leads, that a person has worked on these."""
        if not self.ids or self.env.uid == SUPERUSER_ID or self.env.user.share:
            return
        precommit = self.env.cr.precommit
        lead_ids = precommit.data.setdefault(_WORKED_ON, set())
        if not lead_ids:
            precommit.add(self.env["crm.lead"]._note_take_up)
        lead_ids.update(self.ids)

    @api.model
    def _note_take_up(self):
        """Note the time on the rows of the inbox, the first time that it is a person who works on their leads."""
        lead_ids = self.env.cr.precommit.data.pop(_WORKED_ON, ())
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_lead_inbox
                   SET taken_up_at = now() AT TIME ZONE 'UTC',
                       take_up_hours = extract(epoch FROM now() AT TIME ZONE 'UTC' - received_at) / 3600
                 WHERE lead_id = ANY(%s) AND taken_up_at IS NULL
                """,
                list(lead_ids),
            )
        )
        if self.env.cr.rowcount:
            self.env["crm.lead.inbox"].invalidate_model(["taken_up_at", "take_up_hours"], flush=False)
