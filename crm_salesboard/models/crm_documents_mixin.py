from odoo import api, fields, models


class CrmDocumentsMixin(models.AbstractModel):
    """The documents of a record: its attachments, counted for the head of their page."""

    _name = "crm.documents.mixin"
    _description = "Documents"

    document_count = fields.Integer("Documents", compute="_compute_document_count", groups="base.group_user")

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_document_count(self):
        attachments = self.env["ir.attachment"]
        counts = dict(
            attachments._read_group(attachments._documents_domain(self._name, self.ids), ["res_id"], ["__count"])
        )
        for record in self:
            record.document_count = counts.get(record._origin.id, 0)

    def _get_mail_thread_data_attachments(self):
        """Leave replaced documents out of the chatter's files as well."""
        return super()._get_mail_thread_data_attachments().filtered(lambda attachment: not attachment.replaced_by_id)
