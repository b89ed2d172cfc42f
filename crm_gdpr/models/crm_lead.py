from odoo import models


class CrmLead(models.Model):
    """Leads are found by their address, whoever their customer is."""

    _inherit = "crm.lead"

    # the index that Odoo has on addresses is for parts of them, and slow for hundreds
    _gdpr_email_idx = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")
