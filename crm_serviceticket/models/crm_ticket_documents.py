from odoo import api, fields, models


class CrmTicket(models.Model):
    """The documents of a ticket: its attachments, counted for the head of their page."""

    _inherit = "crm.ticket"

    document_count = fields.Integer("Documents", compute="_compute_document_count", groups="base.group_user")

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_document_count(self):
        attachments = self.env["ir.attachment"]
        counts = dict(
            attachments._read_group(attachments._documents_domain(self._name, self.ids), ["res_id"], ["__count"])
        )
        for ticket in self:
            ticket.document_count = counts.get(ticket._origin.id, 0)

    def _get_mail_thread_data_attachments(self):
        """Leave replaced documents out of the chatter's files as well."""
        return super()._get_mail_thread_data_attachments().filtered(lambda attachment: not attachment.replaced_by_id)
