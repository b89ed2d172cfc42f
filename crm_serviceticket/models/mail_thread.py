from odoo import api, models
from odoo.tools.mail import email_normalize_all

from odoo.addons.crm_salesboard.tools import automatic_mails

from ..tools import mail_texts
from .crm_ticket_mail import HANDED_IN


class MailThread(models.AbstractModel):
    """What tickets need of the mail gateway, which knows the headers of a mail when the ticket does not yet."""

    _inherit = "mail.thread"

    def _message_parse_extract_payload(self, message, message_dict, save_original=False):
        """Keep a text that no screen can show as a file, before it is cleaned, which takes minutes for such a text."""
        long_texts = ()
        if mail_texts.may_be_long(message) and self._is_for_tickets(message_dict):
            long_texts = mail_texts.take_out_long_texts(message)
        payload = super()._message_parse_extract_payload(message, message_dict, save_original=save_original)
        for name, text in long_texts:
            payload["attachments"].append(self._Attachment(name, text, {"encoding": "utf-8"}))
        return payload

    @api.model
    def _is_for_tickets(self, message_dict):
        """Whether a mail is to the address of a team, or answers what was sent from a ticket."""
        parent = self.env["mail.message"].sudo().browse(message_dict.get("parent_id") or ())
        if parent.model == "crm.ticket":
            return True
        # sudo: the gateway asks whose address it is
        aliases = self.env["mail.alias"].sudo()
        addresses = email_normalize_all(message_dict.get("recipients"))
        domain = [("alias_model_id.model", "=", "crm.ticket"), ("alias_full_name", "in", addresses)]
        return bool(addresses and aliases.search_count(domain, limit=1))

    def _detect_loop_sender(self, message, message_dict, routes):
        """Count what a program sends by whom it writes for, as well, whose the tickets are."""
        if super()._detect_loop_sender(message, message_dict, routes):
            return True
        tickets = self.env["crm.ticket"]
        if not any(route[0] == tickets._name for route in routes or ()):
            return False
        for_whom = tickets._find_for_whom(message, message_dict)
        is_bulk = for_whom and tickets._kind_of_mail(message, message_dict) == automatic_mails.BULK
        return is_bulk and super()._detect_loop_sender(message, {**message_dict, "email_from": for_whom}, routes)

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """Tell tickets which of their mails a program sent, and give a mail to each but once."""
        if any(route[0] == "crm.ticket" for route in routes or ()):
            tickets = self.env["crm.ticket"]
            kind = tickets._kind_of_mail(message, message_dict)
            for_whom = tickets._find_for_whom(message, message_dict) if kind == automatic_mails.BULK else None
            self = self.with_context(crm_ticket_automatic=kind, crm_ticket_for_whom=for_whom)
            if tickets._is_among_colleagues(message_dict, routes):
                message_dict["is_internal"] = True
                self = self.with_context(crm_ticket_handed_in=HANDED_IN)
            once = {(route[0], route[1], not route[1] and index): route for index, route in enumerate(routes)}
            routes = list(once.values())
        return super()._message_route_process(message, message_dict, routes)
