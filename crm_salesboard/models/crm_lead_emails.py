from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain


class CrmLead(models.Model):
    """The e-mails of a project: those on the project itself, and those linked to it from the customer's."""

    _inherit = "crm.lead"

    linked_message_ids = fields.Many2many(
        "mail.message",
        "crm_lead_mail_message_rel",
        "lead_id",
        "message_id",
        "Linked E-mails",
        copy=False,
        # Asking here would go through all messages, or through those that the user may not read: see linked_lead_ids.
        groups=fields.NO_ACCESS,
        # Views ask each field whether it can be grouped by: that would read every message of the database.
        bypass_search_access=True,
        help="E-mails that stand elsewhere and are shown on the project too, to those who may read them there.",
    )
    email_count = fields.Integer("E-mails", compute="_compute_email_count", groups="base.group_user")

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_email_count(self):
        messages = self.env["mail.message"]
        found = messages.search_fetch(messages._lead_emails_domain(self.ids), ["model", "res_id", "linked_lead_ids"])
        emails = defaultdict(set)
        for message in found:
            if message.model == self._name:
                emails[message.res_id].add(message.id)
            for lead_id in message.linked_lead_ids.ids:
                emails[lead_id].add(message.id)
        for lead in self:
            lead.email_count = len(emails[lead._origin.id])

    # ------------------------------------------------------------
    # Merge
    # ------------------------------------------------------------

    def _merge_dependences(self, opportunities):
        res = super()._merge_dependences(opportunities)
        # sudo: links to e-mails that this user may not read are kept for those who may.
        self.sudo().linked_message_ids |= opportunities.sudo().linked_message_ids
        return res

    # ------------------------------------------------------------
    # Linking
    # ------------------------------------------------------------

    def action_link_emails(self, message_ids):
        """Show e-mails that stand elsewhere on this project too. They are not copied and nobody gets rights on them.

        :param list message_ids: ids of messages that the user may read; those that the project has are left as they are
        :return: True
        :raise AccessError: the user may not change the project, or may not read one of the messages
        :raise UserError: one of the messages is no e-mail, or is gone
        """
        self.ensure_one()
        self.check_access("write")
        messages = self.env["mail.message"].browse(message_ids)
        if messages.exists() != messages:
            raise UserError(self.env._("One of the e-mails is not there any more. Choose again."))
        messages.check_access("read")
        for message in messages - messages.filtered("is_email"):
            raise UserError(
                self.env._(
                    "%(message)s is not an e-mail. Link what was received by mail or sent to people outside.",
                    message=message.subject or message.preview or message.id,
                )
            )
        elsewhere = messages.filtered(lambda message: not self._has_message(message))
        # sudo: nobody writes links but by these methods, which have asked for the rights on both ends.
        self.sudo().linked_message_ids = [Command.link(message.id) for message in elsewhere]
        return True

    def action_unlink_email(self, message_id):
        """Take an e-mail off this project: the link goes, and an e-mail that came in here moves to the customer.

        :param int message_id: an e-mail of this project
        :return: True
        :raise AccessError: the user may not read the message, or may not change the project or the customer it goes to
        :raise UserError: the e-mail stands on the project and there is no customer to move it to
        """
        self.ensure_one()
        self.check_access("write")
        message = self.env["mail.message"].browse(message_id).exists()
        message.check_access("read")
        # sudo: see action_link_emails
        self.sudo().linked_message_ids = [Command.unlink(message_id)]
        if message and self._has_message(message):
            self._move_email_to_customer(message)
        return True

    def _has_message(self, message):
        return message.model == self._name and message.res_id == self.id

    def _move_email_to_customer(self, message):
        """Move a message of this project, with its files, to the customer's own correspondence."""
        if not message.filtered("is_email"):
            raise UserError(self.env._("Only e-mails can be taken off a project."))
        if not self.partner_id:
            raise UserError(
                self.env._("This e-mail came in on the project. Choose a customer for the project to move it to first.")
            )
        self.partner_id.check_access("write")
        target = {"res_id": self.partner_id.id}
        files = message.attachment_ids.filtered(lambda file: (file.res_model, file.res_id) == (self._name, self.id))
        (files - self._files_of_other_messages(message)).write({**target, "res_model": "res.partner"})
        # sudo: only administrators move messages; here the rights on both ends were checked.
        message.sudo().write({**target, "model": "res.partner"})

    def _files_of_other_messages(self, message):
        """The files of a message that other messages of this project have as well: these stay."""
        # sudo: also those of messages that this user does not see.
        others = (
            self.env["mail.message"]
            .sudo()
            .search(Domain("attachment_ids", "in", message.attachment_ids.ids) & Domain("id", "!=", message.id))
        )
        return others.attachment_ids.sudo(False)
