from datetime import timedelta

from odoo import fields, models
from odoo.tools.mail import email_normalize

from .crm_ticket_mail import HANDED_IN

# Two systems that confirm each other's mails stop at this: so many receipts to an address in an hour.
RECEIPTS_PER_HOUR = 3
NOT_TO_BE_ANSWERED = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}


class CrmTicket(models.Model):
    """Mails out: to the person who complained, with the number in the subject, and answers come back to the ticket."""

    _inherit = "crm.ticket"

    receipt_on = fields.Datetime(
        "Confirmed", readonly=True, copy=False, help="When whoever complained by e-mail was told the number."
    )

    # ------------------------------------------------------------
    # To whom, from where
    # ------------------------------------------------------------

    def _mail_get_partners(self, introspect_fields=False):
        """The person who complained; the customer only where no person is known."""
        return {ticket.id: ticket.contact_id or ticket.partner_id for ticket in self}

    def _notify_get_reply_to_batch(self, defaults=None, author_ids=None):
        """Answers go to the address of the team, which makes tickets, and not to one for all kinds of mail."""
        reply_to = super()._notify_get_reply_to_batch(defaults=defaults, author_ids=author_ids)
        for ticket in self:
            # sudo: the address of the team is told to customers anyway
            if address := ticket.sudo().team_id.ticket_alias_email:
                author = (author_ids or {}).get(ticket.id, False)
                reply_to[ticket.id] = self._notify_get_reply_to_formatted_email(address, author_id=author)
        return reply_to

    def message_post(self, **kwargs):
        """Tell colleagues who follow a ticket, or are responsible, of what another one handed in by e-mail."""
        if self.env.context.get("crm_ticket_handed_in") is HANDED_IN and kwargs.get("message_type") == "email":
            # sudo: who follows it
            ticket = self.sudo()
            colleagues = (ticket.message_partner_ids | ticket.user_id.partner_id).filtered(
                lambda partner: not partner.partner_share and partner.id != kwargs.get("author_id")
            )
            kwargs["partner_ids"] = [*(kwargs.get("partner_ids") or ()), *colleagues.ids]
        return super().message_post(**kwargs)

    def _notify_by_email_get_base_mail_values(self, message, recipients_data, additional_values=None):
        """Put the number into the subject: an answer finds its ticket by it when mail programs lose the thread."""
        values = super()._notify_by_email_get_base_mail_values(message, recipients_data, additional_values)
        subject = values.get("subject") or message.subject or ""
        if self and self.number not in subject:
            values["subject"] = f"[{self.number}] {subject}".strip()
        return values

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """What a program has sent goes to colleagues alone: another program at the customer's may answer it.

        Nor is the company told of an answer to a receipt, though Odoo tells the author of what is answered.
        """
        ourselves = self.sudo().company_id.partner_id.ids
        only_colleagues = bool(self.env.context.get("crm_ticket_automatic"))
        return [
            recipient
            for recipient in super()._notify_get_recipients(message, msg_vals, **kwargs)
            if recipient["id"] not in ourselves and not (only_colleagues and recipient["share"])
        ]

    def _notify_thread_with_out_of_office(self, message, recipients_data, msg_vals=False, **kwargs):
        """Nor does a program of ours answer a program of theirs."""
        if self.env.context.get("crm_ticket_automatic"):
            return self.env["mail.message"]
        return super()._notify_thread_with_out_of_office(message, recipients_data, msg_vals, **kwargs)

    # ------------------------------------------------------------
    # Receipt
    # ------------------------------------------------------------

    def _send_receipt(self, message):
        """Tell the number to whoever complained by e-mail, in their language, once.

        :param message: ``mail.message`` that made the ticket
        """
        self.ensure_one()
        template = self.env.ref("crm_serviceticket.mail_template_ticket_receipt", raise_if_not_found=False)
        address = email_normalize(message.email_from)
        if not template or not address or self.receipt_on or not self._wants_receipt(message.author_id, address):
            return
        self.receipt_on = fields.Datetime.now()
        values = template._generate_template(self.ids, ["subject", "body_html", "email_from"])[self.id]
        self.message_post(
            subject=values["subject"],
            body=values["body_html"],
            author_id=self.company_id.partner_id.id,
            email_from=values.get("email_from") or self._notify_get_reply_to()[self.id] or None,
            message_type="auto_comment",
            subtype_xmlid="mail.mt_comment",
            parent_id=message.id,
            partner_ids=message.author_id.ids,
            outgoing_email_to=False if message.author_id else message.email_from,
            notify_skip_followers=True,
            mail_headers=NOT_TO_BE_ANSWERED,
            email_layout_xmlid="mail.mail_notification_light",
            email_add_signature=False,
        )

    def _wants_receipt(self, author, address):
        """Whether the team confirms mails, whoever wrote is no colleague, and had not too many of them just now."""
        if self.team_id and not self.team_id.ticket_receipt:
            return False
        if author and not author.partner_share:
            return False
        since = fields.Datetime.now() - timedelta(hours=1)
        domain = [("email_from_normalized", "=", address), ("receipt_on", ">=", since)]
        return self.search_count(domain, limit=RECEIPTS_PER_HOUR) < RECEIPTS_PER_HOUR

    # ------------------------------------------------------------
    # Question
    # ------------------------------------------------------------

    def action_question(self):
        """Write to the customer; when it is sent the ticket waits for the answer.

        :return: an action
        """
        self.ensure_one()
        self.check_access("write")
        template = self.env.ref("crm_serviceticket.mail_template_ticket_question", raise_if_not_found=False)
        return {
            "name": self.env._("Question the Customer"),
            "type": "ir.actions.act_window",
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_composition_mode": "comment",
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_template_id": template.id if template else False,
                "default_subtype_id": self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment"),
                "crm_ticket_asks": True,
                "force_email": True,
            },
        }
