from odoo import models


class CrmLead(models.Model):
    """Leads without a contact are found by their address."""

    _inherit = "crm.lead"

    # the index that Odoo has on addresses is for parts of them, and slow for hundreds
    _gdpr_nobodys_email_idx = models.Index(
        "(email_normalized) WHERE partner_id IS NULL AND email_normalized IS NOT NULL"
    )
