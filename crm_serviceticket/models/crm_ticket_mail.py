import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.mail import decode_message_header, email_normalize, email_split_and_format

from odoo.addons.crm_salesboard.tools import automatic_mails

from ..tools import mail_texts

# Said by the gateway of a mail that makes a ticket. An object of our own: no client can say so.
NEW_MAIL = object()
# Said of a mail that a colleague handed in: a note.
HANDED_IN = object()
# A program that sends mail after mail fills one ticket in this time, as Odoo stops a sender in it.
LOOP_PARAMETER, LOOP_MINUTES = "mail.gateway.loop.minutes", 120
# What may be the number of a ticket: a word with a digit in it, without what people put around it.
_WORDS = re.compile(r"[^\s\[\](){}<>,;:\"'#|]*\d[^\s\[\](){}<>,;:\"'#|]*")
# How it stands in the subject of a mail of ours.
_IN_BRACKETS = re.compile(r"\[(\d+)\]")
MAX_WORDS = 20


class CrmTicket(models.Model):
    """Mails in: a complaint becomes a ticket, an answer lands on it, and what programs send moves nothing."""

    _inherit = "crm.ticket"
    _primary_email = "email_from"
    _mail_thread_customer = True

    email_from_normalized = fields.Char(
        "Normalised E-mail",
        compute="_compute_email_from_normalized",
        store=True,
        index="btree_not_null",
        help="Mails of one sender are known by it.",
    )

    @api.depends("email_from")
    def _compute_email_from_normalized(self):
        for ticket in self:
            ticket.email_from_normalized = email_normalize(ticket.email_from)

    # ------------------------------------------------------------
    # Where a mail goes
    # ------------------------------------------------------------

    @api.model
    def _routing_check_route(self, message, message_dict, route, raise_exception=True):
        """Lead a mail to the ticket that it is about, also when it does not say which mail it answers."""
        route = super()._routing_check_route(message, message_dict, route, raise_exception=raise_exception)
        if not route or route[0] != self._name or route[1]:
            return route
        kind = self._kind_of_mail(message, message_dict)
        for_whom = self._find_for_whom(message, message_dict) if kind == automatic_mails.BULK else None
        ticket = self._find_quoted(message_dict, for_whom)
        if not ticket and kind == automatic_mails.BULK:
            ticket = self._find_last_alike(message_dict, for_whom)
        if ticket:
            return (route[0], ticket.id, *route[2:])
        # An answer that a program gave to a mail of which no ticket knows is no complaint.
        return () if kind == automatic_mails.ANSWER else route

    @api.model
    def _kind_of_mail(self, message, message_dict):
        """What a mail was sent for by itself, see ``automatic_mails``; one from our own address comes from a loop."""
        kind = automatic_mails.kind_of(message)
        sender = email_normalize(message_dict.get("email_from"))
        # sudo: the gateway asks whose address it is
        if sender and self.env["mail.alias.domain"].sudo()._find_aliases([sender]):
            return automatic_mails.ANSWER
        return kind

    @api.model
    def _find_for_whom(self, message, message_dict):
        """Of a mail that a program sent: for whom it wrote. A form sends what all customers fill in from one address.

        :return: the address to answer to, or None where it is the sender's or one of ours
        """
        for address in email_split_and_format(decode_message_header(message, "Reply-To", separator=",")):
            normalized = email_normalize(address)
            if normalized == email_normalize(message_dict.get("email_from")):
                return None
            # sudo: the gateway asks whose address it is
            if normalized and not self.env["mail.alias.domain"].sudo()._find_aliases([normalized]):
                return address
        return None

    @api.model
    def _find_quoted(self, message_dict, for_whom=None):
        """The ticket whose number is in the subject of a mail, where its sender has a part in it.

        :param message_dict: the mail
        :param str for_whom: the address of whoever filled in what a program sent
        """
        words = self._numbers_in(message_dict.get("subject") or "")
        if not words:
            return self.browse()
        # sudo: the gateway looks for anybody's ticket, and asks then who has a part in it
        found = self.sudo().search([("number", "in", [*words, *(word.upper() for word in words)])])
        author_id = None if for_whom else message_dict.get("author_id")
        author = self.env["res.partner"].sudo().browse(author_id or ())
        for ticket in found.sorted(lambda ticket: -ticket.id):
            if ticket._has_part(author, for_whom or message_dict.get("email_from")):
                return ticket.sudo(False)
        return self.browse()

    @api.model
    def _numbers_in(self, subject):
        """What may be numbers of tickets; mere digits, of which mails are full, only where an answer has them."""
        words = [word.strip(".-_/*") for word in _WORDS.findall(subject)[:MAX_WORDS]]
        if mail_texts.is_answer(subject):
            return words
        return [word for word in words if not word.isdigit()] + _IN_BRACKETS.findall(subject)[:MAX_WORDS]

    def _has_part(self, author, email_from):
        """Whether somebody is of the customer, or a colleague who may see the ticket."""
        self.ensure_one()
        colleague = author.user_ids.filtered(lambda user: not user.share)[:1]
        if colleague:
            as_colleague = self.with_user(colleague).with_context(allowed_company_ids=colleague.company_ids.ids)
            return as_colleague.has_access("read")
        return self._is_of_customer(author, email_from)

    def _is_of_customer(self, author, email_from):
        """Whether somebody belongs to who complained: by the customer that the ticket has, or by the address.

        :param author: ``res.partner``, may be empty
        :param str email_from: the address that they wrote from
        """
        self.ensure_one()
        # sudo: compared, not shown
        ticket, author = self.sudo(), author.sudo()
        if author and not author.partner_share:
            return False
        customer = ticket.commercial_partner_id | ticket.contact_id.commercial_partner_id
        if author and author.commercial_partner_id in customer:
            return True
        address = email_normalize(email_from)
        known = {
            email_normalize(ticket.email_from),
            *(ticket.contact_id | ticket.partner_id).mapped("email_normalized"),
        }
        return bool(address) and address in known

    @api.model
    def _is_among_colleagues(self, message_dict, routes):
        """Whether a colleague hands something in, and answers nothing that was sent from the ticket.

        Anybody can write as a colleague, and a number is easily known: the customer is told what answers a mail.
        """
        # sudo: the gateway asks who wrote, and what is answered
        author = self.env["res.partner"].sudo().browse(message_dict.get("author_id") or ())
        parent = self.env["mail.message"].sudo().browse(message_dict.get("parent_id") or ())
        if not author.user_ids.filtered(lambda user: not user.share):
            return False
        answered = parent.model == self._name and parent.res_id
        return all(not route[1] or route[1] != answered for route in routes if route[0] == self._name)

    @api.model
    def _find_last_alike(self, message_dict, for_whom=None):
        """The open ticket that a program made of the same in the last hours, for the same person.

        :param message_dict: the mail
        :param str for_whom: the address of whoever filled in what a program sent
        """
        address = email_normalize(for_whom or message_dict.get("email_from"))
        domain = self._detect_loop_sender_domain(address)
        if not domain:
            return self.browse()
        alike = Domain("name", "=", self._subject_of(message_dict))
        # sudo: a parameter of the gateway
        minutes = int(self.env["ir.config_parameter"].sudo().get_param(LOOP_PARAMETER, LOOP_MINUTES))
        since = fields.Datetime.now() - timedelta(minutes=minutes)
        recent = Domain("create_date", ">=", since) & Domain("is_closed", "=", False)
        # sudo: the gateway, as above
        ticket = self.sudo().search(Domain(domain) & alike & recent, order="id desc", limit=1)
        persons = ticket.partner_id | ticket.contact_id
        # Whose ticket it has turned out to be reads all of it.
        is_theirs = not persons or address in persons.mapped("email_normalized")
        return ticket.sudo(False) if is_theirs else self.browse()

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        """The tickets of a sender, of whom Odoo takes no more mails after many in a short time."""
        if not email_from_normalized:
            return None
        return [("email_from_normalized", "=", email_from_normalized)]

    # ------------------------------------------------------------
    # What a mail brings
    # ------------------------------------------------------------

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Make a ticket of a mail. Its text is filled in with the message, see ``_message_post_after_hook``."""
        values = dict(custom_values or {})
        # sudo: the gateway
        team = self.env["crm.team"].sudo().browse(values.get("team_id") or ()).exists()
        company = self.env["res.company"].browse(values.get("company_id") or ()) or team.company_id or self.env.company
        values["company_id"] = company.id
        values["name"] = self._subject_of(msg_dict)
        # Our own addresses are nobody's copy.
        message = {**msg_dict, "cc": msg_dict.get("cc_filtered", msg_dict.get("cc"))}
        if for_whom := self.env.context.get("crm_ticket_for_whom"):
            # Who they say they are is not who sent it: whose complaint it is, is for a colleague to say.
            message["email_from"] = for_whom
        else:
            values.update(self._prepare_sender_values(msg_dict, company))
        ticket = super(CrmTicket, self.with_company(company)).message_new(message, values)
        return ticket.with_context(crm_ticket_mail=NEW_MAIL)

    @api.model
    def _subject_of(self, message_dict):
        return " ".join((message_dict.get("subject") or "").split()) or self.env._("No subject")

    @api.model
    def _prepare_sender_values(self, message_dict, company):
        """The customer and the person, where the sender is known, is no colleague, and is of this company."""
        author = self.env["res.partner"].sudo().browse(message_dict.get("author_id") or ())
        customer = author.commercial_partner_id
        if not author or not author.partner_share or (author | customer).company_id - company:
            return {}
        return {"partner_id": customer.id, "contact_id": author.id if author != customer else False}

    def _message_post_after_hook(self, message, msg_values):
        """Follow what was said: fill in the complaint of a new mail, take up what the customer answered."""
        super()._message_post_after_hook(message, msg_values)
        # sudo: of a message that was posted just now by somebody who may
        message = message.sudo()
        if message.message_type == "email" and self.env.context.get("crm_ticket_handed_in") is HANDED_IN:
            if self.env.context.get("crm_ticket_mail") is NEW_MAIL and not self.description:
                self.sudo().description = mail_texts.quoted_part(message.body)
            return
        if message.message_type not in ("email", "comment") or message.is_internal or message.subtype_id.internal:
            return
        if self.env.context.get("crm_ticket_mail") is NEW_MAIL:
            self.with_context(crm_ticket_mail=None)._begin_with(message)
        elif self.env.context.get("crm_ticket_automatic"):
            return
        elif self._is_of_customer(message.author_id, message.email_from):
            self._take_answer()
        elif self.env.context.get("crm_ticket_asks") and not self.env.user.share:
            self._wait_for_customer()

    def _begin_with(self, message):
        # sudo: the gateway makes the ticket
        ticket = self.sudo()
        if not ticket.description and mail_texts.says_something(message.body):
            is_forwarded = mail_texts.is_forwarded(message.subject)
            ticket.description = message.body if is_forwarded else mail_texts.without_quotes(message.body)
        if not self.env.context.get("crm_ticket_automatic"):
            ticket._send_receipt(message)
