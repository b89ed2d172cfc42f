from odoo import models


class ResPartner(models.Model):
    """What customers are found by when a lead comes in."""

    _inherit = "res.partner"

    _intake_email_idx = models.Index("(email_normalized) WHERE active AND email_normalized IS NOT NULL")
    _intake_phone_idx = models.Index("(phone_sanitized) WHERE active AND phone_sanitized IS NOT NULL")
    _intake_name_idx = models.Index("(lower(name)) WHERE active")
