from odoo import models


class SmsComposer(models.TransientModel):
    """An SMS to many treats numbers of anonymised persons like ones on the blacklist."""

    _inherit = "sms.composer"

    def _get_blacklist_record_ids(self, records, recipients_info):
        blocked = super()._get_blacklist_record_ids(records, recipients_info)
        if not self.use_exclusion_list:
            return blocked
        numbers = {record.id: [recipients_info[record.id]["sanitized"]] for record in records}
        return [*blocked, *self.env["crm.gdpr.suppression"]._find_records(records, numbers, "phone")]
