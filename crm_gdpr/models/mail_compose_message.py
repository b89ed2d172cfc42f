from odoo import models


class MailComposeMessage(models.TransientModel):
    """A mailing treats anonymised persons as ones who are on the blacklist."""

    _inherit = "mail.compose.message"

    def _get_blacklist_record_ids(self, mail_values_dict, recipients_info=None):
        blocked = super()._get_blacklist_record_ids(mail_values_dict, recipients_info)
        if not self.use_exclusion_list or self.composition_mode != "mass_mail" or not recipients_info:
            return blocked
        emails = {res_id: info["mail_to_normalized"] for res_id, info in recipients_info.items()}
        records = self.env[self.model].browse(emails)
        return blocked | self.env["crm.gdpr.suppression"]._find_records(records, emails, "email")
