from odoo import models


class MailMessage(models.Model):
    """A message is hidden with its project, also from its author and from those whom it was sent to."""

    _name = "mail.message"
    _inherit = ["mail.message", "crm.lead.hidden.mixin"]
    _document_fields = ("model", "res_id")
