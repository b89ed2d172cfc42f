from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime


class MailMessage(models.Model):
    """E-mails as a mailbox shows them, linked to projects without being copied.

    A link gives nobody rights: a linked message is read by those who may read it where it stands.
    """

    _inherit = "mail.message"

    linked_lead_ids = fields.Many2many(
        "crm.lead",
        string="Linked Projects",
        compute="_compute_linked_lead_ids",
        search="_search_linked_lead_ids",
        groups="base.group_user",
        help="Projects that show this e-mail, as far as the user may see them.",
    )
    is_email = fields.Boolean("Is an E-mail", compute="_compute_is_email", search="_search_is_email")
    email_direction = fields.Selection(
        [("in", "Received"), ("out", "Sent")], "Direction", compute="_compute_email_direction"
    )
    email_recipients = fields.Char("Sent To", compute="_compute_email_recipients")
    email_attachment_count = fields.Integer("Number of Attachments", compute="_compute_email_attachment_count")
    email_is_linked = fields.Boolean("Linked from Elsewhere", compute="_compute_email_is_linked")
    customer_id = fields.Many2one(
        "res.partner",
        "Correspondence of Customer",
        compute="_compute_customer_id",
        search="_search_customer_id",
        groups="base.group_user",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_linked_lead_ids(self):
        Lead = self.env["crm.lead"].with_context(active_test=False)
        # sudo: the links themselves are of no user; of the projects only those are told that this user may read.
        linking = Lead.sudo().search([("linked_message_ids", "in", self.ids)])
        readable = linking.sudo(False)._filtered_access("read") if Lead.has_access("read") else Lead
        for message in self:
            message.linked_lead_ids = readable.filtered(
                lambda lead, message=message: message._origin in lead.sudo().linked_message_ids
            )

    @api.model
    def _search_linked_lead_ids(self, operator, value):
        if operator != "in":
            return NotImplemented
        Lead = self.env["crm.lead"].with_context(active_test=False)
        if not Lead.has_access("read"):
            return Domain.FALSE
        leads = Lead._search(Domain("id", "in", list(filter(None, value))))
        links = SQL("SELECT message_id FROM crm_lead_mail_message_rel WHERE lead_id IN %s", leads.subselect())
        return Domain("id", "in", SQL("(%s)", links))

    def _compute_is_email(self):
        emails = self.search(Domain("id", "in", self.ids) & Domain("is_email", "=", True))
        for message in self:
            message.is_email = message._origin in emails

    @api.model
    def _search_is_email(self, operator, value):
        """Find what came by mail, and what was written to or by people outside.

        Notifications to people outside are never cleaned up, so an e-mail stays one.
        """
        if operator != "in":
            return NotImplemented
        # Rights on partners do not make an e-mail less of an e-mail, hence any! that does not ask for them.
        outside = Domain("partner_share", "=", True)
        crossing = (
            Domain("author_id", "any!", outside)
            | Domain("partner_ids", "any!", outside)
            | Domain("outgoing_email_to", "not in", (False, ""))
            | Domain("notification_ids", "any!", Domain("res_partner_id", "any!", outside))
        )
        emails = Domain("message_type", "in", ("email", "email_outgoing")) | (
            Domain("message_type", "=", "comment") & crossing
        )
        return emails if True in value else ~emails

    def _compute_email_direction(self):
        # sudo: who of the partners is a colleague is no secret to those who may read the message.
        for message in self.sudo():
            author = message.author_id
            message.email_direction = "in" if not author or author.partner_share else "out"

    def _compute_email_recipients(self):
        # sudo: the names of the recipients are part of the message.
        for message in self.sudo():
            people = message.partner_ids or message.notification_ids.res_partner_id.filtered("partner_share")
            addresses = (message.outgoing_email_to, message.incoming_email_to)
            message.email_recipients = ", ".join(filter(None, [*people.mapped("name"), *addresses]))

    @api.depends("model", "res_id")
    @api.depends_context("email_lead_id")
    def _compute_email_is_linked(self):
        """Tell on a project's page what only is linked to it from what stands on it, which moves when taken off."""
        lead_id = self.env.context.get("email_lead_id")
        for message in self:
            message.email_is_linked = (message.model, message.res_id) != ("crm.lead", lead_id)

    def _compute_email_attachment_count(self):
        for message in self:
            message.email_attachment_count = len(message.attachment_ids)

    @api.depends("model", "res_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_customer_id(self):
        customers = {}
        for model, messages in self.grouped("model").items():
            if model in ("res.partner", "crm.lead") and self.env[model].has_access("read"):
                records = self.env[model].browse(filter(None, set(messages.mapped("res_id"))))
                for record in records.exists()._filtered_access("read"):
                    customers[model, record.id] = record if model == "res.partner" else record.partner_id
        for message in self:
            message.customer_id = customers.get((message.model, message.res_id), False)

    @api.model
    def _search_customer_id(self, operator, value):
        """Find the messages on customers, their contact persons and their projects."""
        if operator != "in":
            return NotImplemented
        return self.env["res.partner"].browse(filter(None, value))._customer_records_domain("model", "res_id")

    @api.model
    def _lead_emails_domain(self, lead_ids):
        """The e-mails of projects: those on the project itself and those linked to it."""
        own = Domain("model", "=", "crm.lead") & Domain("res_id", "in", lead_ids)
        return (own | Domain("linked_lead_ids", "in", lead_ids)) & Domain("is_email", "=", True)

    # ------------------------------------------------------------
    # Buttons of the e-mails page
    # ------------------------------------------------------------

    def action_take_off_project(self):
        """Take the e-mail off the project on whose page it is shown, see ``crm.lead.action_unlink_email``.

        :return: True
        """
        self.ensure_one()
        return self._shown_on_project().action_unlink_email(self.id)

    def action_reply_email(self):
        """Answer the e-mail from the project on whose page it is shown, so that the answer stands there.

        :return: action that opens Odoo's composer with the recipients and the e-mail below
        """
        self.ensure_one()
        self.check_access("read")
        lead = self._shown_on_project()
        lead.check_access("write")
        recipients = lead._message_get_suggested_recipients(reply_message=self, no_create=False)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reply"),
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": lead._name,
                "default_res_ids": lead.ids,
                "default_composition_mode": "comment",
                "default_composition_comment_option": "reply_all",
                "default_subtype_xmlid": "mail.mt_comment",
                "default_subject": self._reply_subject(),
                "default_body": self._reply_body(),
                "default_partner_ids": [info["partner_id"] for info in recipients if info["partner_id"]],
            },
        }

    def _shown_on_project(self):
        lead = self.env["crm.lead"].browse(self.env.context.get("email_lead_id")).exists()
        if not lead:
            raise UserError(self.env._("Open the e-mail from the page of a project."))
        lead.check_access("read")
        return lead

    def _reply_subject(self):
        subject = self.subject or self.record_name or ""
        return subject if subject.lower().startswith("re:") else self.env._("Re: %(subject)s", subject=subject)

    def _reply_body(self):
        wrote = self.env._(
            "On %(date)s %(name)s wrote:",
            date=format_datetime(self.env, self.date, dt_format="short"),
            name=self.author_id.name or self.email_from or "",
        )
        return Markup("<div><br/></div><div class='o_mail_reply_content'>%s<blockquote>%s</blockquote></div>") % (
            wrote,
            self.body,
        )
