from odoo import api, models
from odoo.fields import Domain

from .crm_customer_page import LINES

MESSAGE_FIELDS = ["subject", "body", "date", "author_id", "email_from", "message_type", "subtype_id", "model", "res_id"]
# What happened to a project, told without words of its own.
STAGE_SUBTYPES = (
    "crm.mt_lead_stage",
    "crm.mt_lead_won",
    "crm.mt_lead_lost",
    "crm.mt_lead_restored",
    "crm_salesboard.mt_lead_cancelled",
)
DOCUMENT_FIELDS = [
    "name",
    "mimetype",
    "type",
    "url",
    "checksum",
    "document_type_id",
    "create_date",
    "create_uid",
    "res_model",
    "res_id",
]


class CrmCustomerPage(models.AbstractModel):
    """What was written: messages and e-mails, and documents; and the contact persons."""

    _inherit = "crm.customer.page"

    @api.model
    def _get_counted(self, customer):
        counted = super()._get_counted(customer)
        # sudo: who may read a document may read what is written on it; see mail.message._search
        counted["history"] = self.env["mail.message"].sudo(), self._history_domain(customer)
        if self.env["ir.attachment"].has_access("read"):
            counted["documents"] = self.env["ir.attachment"], self._documents_domain(customer)
        return counted

    # ------------------------------------------------------------
    # History
    # ------------------------------------------------------------

    @api.model
    def _history_domain(self, customer):
        """Messages, e-mails and moves of the customer and its projects; not notifications, nor mere changes of data."""
        xml_ids = self.env["ir.model.data"]
        subtypes = [xml_ids._xmlid_to_res_id(xml_id, raise_if_not_found=False) for xml_id in STAGE_SUBTYPES]
        told = Domain("subtype_id", "in", [subtype_id for subtype_id in subtypes if subtype_id])
        written = Domain("message_type", "!=", "notification") & Domain("body", "not in", (False, ""))
        return (
            self._on_documents(customer, model_field="model", id_field="res_id")
            & Domain("message_type", "!=", "user_notification")
            & (written | told)
        )

    @api.model
    def _block_history(self, customer):
        order, title = "date desc, id desc", self.env._("History")
        found, domain, count = self._first(customer, "history", MESSAGE_FIELDS, order, limit=2 * LINES)
        views = {"list_view_ref": "crm_salesboard.mail_message_view_list_email"}
        return self._block(
            title,
            "fa-comments-o",
            3,
            count,
            [self._message_line(customer, message) for message in found],
            self.env._("Nothing was written yet."),
            action=self._list_action(title, "mail.message", domain, ("list", "kanban", "form"), **views),
            add=self._add_email(customer),
        )

    @api.model
    def _message_line(self, customer, message):
        is_email = message.message_type in ("email", "email_outgoing")
        preview, subtype = message.preview, message.subtype_id
        return self._line(
            message,
            message.subject or preview or subtype.description or subtype.name,
            text=message.subject and preview,
            icon="fa-envelope-o" if is_email else "fa-comment-o" if preview else "fa-exchange",
            date=message.date,
            user=not message.author_id and message.email_from,
            author_id=message.author_id.id,
            **self._stands_on(customer, message.model, message.res_id),
        )

    @api.model
    def _add_email(self, customer):
        partner = customer.partner
        if not partner.has_access(partner._mail_post_access):
            return False
        context = {
            "default_model": partner._name,
            "default_res_ids": partner.ids,
            "default_partner_ids": partner.ids,
            "default_composition_mode": "comment",
            "default_subtype_xmlid": "mail.mt_comment",
        }
        title = self.env._("Write an e-mail")
        return {"label": title, "action": self._form_action(title, "mail.compose.message", "new", **context)}

    # ------------------------------------------------------------
    # Documents
    # ------------------------------------------------------------

    @api.model
    def _documents_domain(self, customer):
        return self._on_documents(customer) & Domain("res_field", "=", False) & Domain("replaced_by_id", "=", False)

    @api.model
    def _block_documents(self, customer):
        if "documents" not in customer.counted:
            return None
        found, domain, count = self._first(customer, "documents", DOCUMENT_FIELDS, "id desc")
        title = self.env._("Documents")
        views = {
            "list_view_ref": "crm_salesboard.ir_attachment_view_list_document",
            "kanban_view_ref": "crm_salesboard.ir_attachment_view_kanban_document",
        }
        return self._block(
            title,
            "fa-file-text-o",
            3,
            count,
            [self._document_line(customer, document) for document in found],
            self.env._("No documents yet."),
            action=self._list_action(title, "ir.attachment", domain, ("list", "kanban"), **views),
            add=self._add_document(customer),
        )

    @api.model
    def _add_document(self, customer):
        if not customer.partner.has_access("write") or not self.env["ir.attachment"].has_access("create"):
            return False
        return {"label": self.env._("Upload documents"), "upload": True}

    @api.model
    def _document_line(self, customer, document):
        names = ("name", "mimetype", "type", "url", "checksum")
        return self._line(
            document,
            document.name,
            badge=self._badge(document.document_type_id, "name"),
            date=document.create_date,
            user_id=document.create_uid.id,
            file={name: document[name] or False for name in names},
            **self._stands_on(customer, document.res_model, document.res_id),
        )

    # ------------------------------------------------------------
    # Contact persons
    # ------------------------------------------------------------

    @api.model
    def _block_contacts(self, customer):
        partner = customer.partner
        below = (customer.family - partner).filtered("active")
        if not below and not partner.is_company:
            return None
        title = self.env._("Contacts and Addresses")
        types = dict(partner._fields["type"]._description_selection(self.env))
        return self._block(
            title,
            "fa-address-book-o",
            3,
            len(below),
            [self._contact_line(contact, types) for contact in below[: 2 * LINES]],
            self.env._("No contact persons yet."),
            action=self._list_action(title, "res.partner", [("id", "in", below.ids)], ("list", "kanban", "form")),
            add=self._add(
                "res.partner",
                self.env._("New contact"),
                self._form_action(
                    self.env._("New Contact"), "res.partner", default_parent_id=partner.id, default_type="contact"
                ),
            ),
        )

    @api.model
    def _contact_line(self, contact, types):
        kind = types.get(contact.type) if contact.type != "contact" else False
        return self._line(
            contact,
            contact.name or kind,
            text=contact.function or (contact.name and kind),
            phone=contact.phone,
            email=contact.email,
            customer=contact.id,
        )
