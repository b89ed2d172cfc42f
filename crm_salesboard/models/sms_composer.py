from odoo import fields, models
from odoo.fields import NO_ACCESS


class SmsComposer(models.TransientModel):
    """Odoo's own composer, for the customers of a sending and the numbers that were shown before it was sent."""

    _inherit = "sms.composer"

    # Set by the job alone: who could set it would send to the recipients of a sending beside that job.
    crm_sending_id = fields.Many2one("crm.sms.sending", ondelete="cascade", groups=NO_ACCESS)

    def _crm_recipients(self, records):
        """``{project id: crm.sms.recipient}``, empty for a composer of another origin."""
        sending = self.sudo().crm_sending_id  # sudo: the field is for server code
        return sending._next_recipients(records) if sending else {}

    def _prepare_recipient_values(self, records):
        recipients = self._crm_recipients(records)
        if not recipients:
            return super()._prepare_recipient_values(records)
        return {
            lead_id: {
                "partner": recipient.partner_id,
                "sanitized": recipient.number,
                "number": recipient.number,
                "partner_store": False,
                "field_store": "phone",
            }
            for lead_id, recipient in recipients.items()
        }

    def _prepare_mass_sms_values(self, records):
        result = super()._prepare_mass_sms_values(records)
        for lead_id, recipient in self._crm_recipients(records).items():
            result[lead_id]["uuid"] = recipient.uuid
        return result

    def _get_blacklist_record_ids(self, records, recipients_info):
        if not self._crm_recipients(records):
            return super()._get_blacklist_record_ids(records, recipients_info)
        numbers = [info["sanitized"] for info in recipients_info.values()]
        blacklisted = self.env["crm.sms.sending"]._blacklisted_numbers(numbers)
        return [lead_id for lead_id, info in recipients_info.items() if info["sanitized"] in blacklisted]

    def _get_done_record_ids(self, records, recipients_info):
        # The database keeps a number from standing twice in a sending.
        if self._crm_recipients(records):
            return []
        return super()._get_done_record_ids(records, recipients_info)
