from odoo import api, fields, models
from odoo.fields import Domain

# What customers may know of a ticket, also by program. Neither the project, nor the colleagues, nor the deadline.
PORTAL_FIELDS = frozenset(
    (
        "id", "display_name", "number", "name", "description", "partner_id", "commercial_partner_id", "contact_id",
        "status_id", "is_closed", "product_id", "measure_id", "result", "create_date", "closed_on", "company_id",
        "access_url", "access_warning", "website_message_ids", "message_ids",
    )
)  # fmt: skip


class CrmTicket(models.Model):
    """The customer's side: the own company's tickets, whatever colleagues keep to themselves of its projects."""

    _inherit = "crm.ticket"
    # Customers answer on their tickets, though they change nothing.
    _mail_post_access = "read"

    result = fields.Text(
        help="What came of it. A ticket is not closed without. The customer reads it in the portal once it is closed."
    )

    def _compute_access_url(self):
        super()._compute_access_url()
        for ticket in self:
            ticket.access_url = f"/my/tickets/{ticket.id}"

    @api.model
    def _get_access_domain(self):
        """Of customers the record rule says it all: what is restricted is so among colleagues."""
        return Domain.TRUE if self.env.user.share else super()._get_access_domain()

    def _filter_out_of_reach(self, operation):
        return self.browse() if self.env.user.share else super()._filter_out_of_reach(operation)

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        """Customers get their tickets in an order of what they may know."""
        if order == self._order and self.env.user.share and not self.env.su:
            order = "id desc"
        return super()._search(domain, offset, limit, order, **kwargs)

    @api.model
    def _has_field_access(self, field, operation):
        if not super()._has_field_access(field, operation):
            return False
        if self.env.su or not self.env.user.share:
            return True
        return operation == "read" and field.name in PORTAL_FIELDS

    def _get_portal_attachments(self):
        """The documents that the customer may see: those of messages that are none of colleagues' among themselves.

        :return: ``ir.attachment``, the oldest first, each with a token
        """
        self.ensure_one()
        # sudo: called for who may see the ticket; which messages are the customer's to see is asked here
        messages = self.sudo().message_ids.filtered(lambda message: self._is_for_customer(message))
        attachments = messages.attachment_ids.sorted("id")
        attachments.generate_access_token()
        return attachments

    def _is_for_customer(self, message):
        """Whether it is part of the conversation that Odoo shows in the portal, as the complaint by e-mail is.

        A note never is, whoever wrote the e-mail that a colleague has put there.
        """
        is_note = message.is_internal or not message.subtype_id or message.subtype_id.internal
        return not is_note and message.message_type in ("email", "comment", "email_outgoing", "auto_comment")
