import json
import logging
from contextlib import contextmanager

from markupsafe import Markup

from odoo import models
from odoo.tools import SQL

from odoo.addons.mail.models.mail_thread import generate_tracking_message_id

from ..tools.transactions import is_outage
from .crm_lead_notify import ASSIGNED

_logger = logging.getLogger(__name__)

# As many leads a person is told of one by one; more are told in one e-mail.
ONE_BY_ONE = 5
# As many of them stand in it, else it takes long and nobody reads it.
LISTED = 50


class CrmLead(models.Model):
    """What Odoo does for each new lead, one after the other, for all leads of a batch together."""

    _inherit = "crm.lead"

    def _announce_intake(self, source):
        """Give new leads what Odoo gives each one: followers, a note of their creation, and word to who they are for.

        E-mails leave through the queue, so that who sent the leads does not wait for a mail server.

        :param source: the ``crm.intake.source`` that they came from
        """
        leads = self.with_context(mail_notify_force_send=False)
        leads._follow_intake()
        message_of = leads._log_intake()
        leads.invalidate_recordset(["message_ids", "message_follower_ids", "message_partner_ids"])
        told = leads._tell_followers(message_of)
        if source.notify:
            told += leads._tell_assignees()
        if told:
            leads.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _follow_intake(self):
        """Salespeople follow their leads, and who follows a team the leads of it.

        Odoo decides this for one lead of each team and salesperson; the others get the same in one statement.
        """
        Followers = self.env["mail.followers"]
        first_of, firsts = {}, self.browse()
        for group in self.grouped(lambda lead: (lead.user_id, lead.team_id)).values():
            firsts |= group[0]
            first_of.update(dict.fromkeys(group[1:].ids, group[0].id))
        followed = Followers.search([("res_model", "=", self._name), ("res_id", "in", firsts.ids)])
        for lead in firsts.with_context(mail_auto_subscribe_no_notify=True):
            lead._message_auto_subscribe({"user_id": lead.user_id.id, "team_id": lead.team_id.id}, "update")
        if first_of:
            self._copy_followers(first_of, followed.ids)

    def _copy_followers(self, first_of, others):
        """Give leads the followers of others.

        :param dict first_of: ``{lead id: the id of the one whose followers it gets}``
        :param list others: ids of followers that it does not get
        """
        self.env["mail.followers"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                WITH new AS (SELECT * FROM unnest(%(leads)s::int[], %(firsts)s::int[]) AS new (lead_id, first_id)),
                follower AS (
                    SELECT new.lead_id, follower.* FROM new JOIN mail_followers follower
                        ON follower.res_model = %(model)s AND follower.res_id = new.first_id
                       AND follower.id <> ALL (%(others)s::int[])),
                copied AS (
                    INSERT INTO mail_followers (res_model, res_id, partner_id)
                    SELECT res_model, lead_id, partner_id FROM follower ON CONFLICT DO NOTHING
                    RETURNING id, res_id, partner_id)
                INSERT INTO mail_followers_mail_message_subtype_rel (mail_followers_id, mail_message_subtype_id)
                SELECT copied.id, subtype.mail_message_subtype_id
                  FROM copied
                  JOIN follower ON follower.lead_id = copied.res_id AND follower.partner_id = copied.partner_id
                  JOIN mail_followers_mail_message_subtype_rel subtype ON subtype.mail_followers_id = follower.id
                """,
                leads=list(first_of),
                firsts=list(first_of.values()),
                model=self._name,
                others=others,
            )
        )

    def _log_intake(self):
        """The note of its creation that Odoo leaves in each lead.

        It says the team and nothing else of a lead: one is made for each team, and its copies in one statement.

        :return: ``{lead id: message}``
        """
        teams = self.grouped("team_id")
        firsts = self.browse([group[0].id for group in teams.values()])
        messages = self.sudo()._message_create([lead._prepare_creation_note() for lead in firsts])
        message_of = dict(zip(firsts.ids, messages, strict=True))
        copies = [
            (
                message.id,
                lead.id,
                generate_tracking_message_id("message-notify"),
                lead.display_name if message.subject else None,
            )
            for message, group in zip(messages, teams.values(), strict=True)
            for lead in group[1:]
        ]
        return message_of | self._copy_messages(copies) if copies else message_of

    def _prepare_creation_note(self):
        """The values of the note that Odoo posts for a new lead."""
        author_id, email_from = self._message_compute_author(self.env.user.partner_id.id)
        return {
            "author_id": author_id,
            "email_from": email_from,
            "model": self._name,
            "res_id": self.id,
            "body": Markup('<div summary="o_mail_notification"><p>%s</p></div>') % self._creation_message(),
            "message_type": "notification",
            "subtype_id": self._creation_subtype().id,
            "record_alias_domain_id": self._mail_get_alias_domains(default_company=self.env.company)[self.id].id,
            "record_company_id": self._mail_get_companies(default=self.env.company)[self.id].id,
            "reply_to": self._notify_get_reply_to(default=email_from, author_id=author_id)[self.id],
        }

    def _copy_messages(self, copies):
        """Copy messages to other leads, with all that other addons keep with a message.

        :param list copies: tuples of the message's id, the lead's, the Message-Id and the subject of the copy
        :return: ``{lead id: message}``
        """
        Message = self.env["mail.message"].sudo()  # sudo: as Odoo does for what it logs itself
        own = ("id", "res_id", "message_id", "subject")
        stored = [name for name, field in Message._fields.items() if field.store and field.column_type]
        same = [name for name in stored if name not in own]
        Message.flush_model()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO mail_message (res_id, message_id, subject, %s)
                SELECT new.res_id, new.message_id, new.subject, %s
                  FROM jsonb_to_recordset(%s::jsonb) AS new (id int, res_id int, message_id varchar, subject varchar)
                  JOIN mail_message message ON message.id = new.id
                RETURNING res_id, id
                """,
                SQL(", ").join(map(SQL.identifier, same)),
                SQL(", ").join(SQL.identifier("message", name) for name in same),
                json.dumps([dict(zip(own, copy, strict=True)) for copy in copies]),
            )
        )
        return {lead_id: Message.browse(message_id) for lead_id, message_id in self.env.cr.fetchall()}

    # ------------------------------------------------------------
    # Telling people: whatever fails here, the leads stay
    # ------------------------------------------------------------

    def _tell_followers(self, message_of):
        """Tell who follows the creation of leads; who would get more than a few messages at once gets one.

        :param dict message_of: the note of each lead's creation, by its id
        :return: how many people were told
        """
        subtype_id, author = self._creation_subtype().id, self.env.user.partner_id
        leads_of, data_of = {}, {}
        recipients = self.env["mail.followers"]._get_recipient_data(self, "notification", subtype_id)
        for lead_id, of_lead in recipients.items():
            for partner_id, data in of_lead.items():
                if data["active"] and partner_id != author.id:
                    leads_of.setdefault(partner_id, []).append(lead_id)
                    data_of.setdefault(lead_id, []).append(data)
        many = {partner_id: ids for partner_id, ids in leads_of.items() if len(ids) > ONE_BY_ONE}
        for partner_id, lead_ids in many.items():
            self.browse(lead_ids)._send_digest(partner_id, is_theirs=False)
        for lead_id, of_lead in data_of.items():
            if few := [data for data in of_lead if data["id"] not in many]:
                self.browse(lead_id)._tell_of_creation(message_of[lead_id], few)
        return len(leads_of)

    def _tell_of_creation(self, message, recipients):
        with self._keep_leads():
            lead = self._fallback_lang()
            msg_vals = {"model": self._name, "res_id": self.id}
            lead._notify_thread_by_inbox(message, recipients, msg_vals=msg_vals)
            lead._notify_thread_by_email(message, recipients, msg_vals=msg_vals)
            lead._notify_thread_by_web_push(message, recipients, msg_vals=msg_vals)

    def _tell_assignees(self):
        """Tell salespeople which leads they got: by Odoo's own e-mail, or of many leads in one.

        :return: how many people were told
        """
        assigned = self._filter_told_of_assignment().filtered("user_id").grouped("user_id")
        willing = self._filter_wanting_assignments([user.partner_id.id for user in assigned])
        for user, leads in assigned.items():
            if user.partner_id.id not in willing:
                continue
            if len(leads) > ONE_BY_ONE:
                leads._send_digest(user.partner_id.id)
            else:
                with self._keep_leads():
                    leads.with_context(lang=user.lang)._message_auto_subscribe_notify(user.partner_id.ids, ASSIGNED)
        return len(assigned)

    def _send_digest(self, partner_id, is_theirs=True):
        """One message about several leads, in the language of who gets it."""
        with self._keep_leads():
            leads = self.with_context(lang=self.env["res.partner"].browse(partner_id).lang)
            _, count = leads.env._, len(leads)
            if is_theirs:
                subject = _("You have been assigned %(count)s new leads", count=count)
            else:
                subject = _("%(count)s new leads came in", count=count)
            values = {"leads": leads[:LISTED], "subject": subject, "more": count - LISTED}
            body = leads.env["ir.qweb"]._render("crm_leadintake.crm_lead_digest", values, minimal_qcontext=True)
            leads.env["mail.thread"].message_notify(
                subject=subject,
                body=leads.env["mail.render.mixin"]._replace_local_links(body),
                partner_ids=[partner_id],
                email_layout_xmlid="mail.mail_notification_layout",
            )

    @contextmanager
    def _keep_leads(self):
        """What cannot be told is logged, and nothing else is lost by it."""
        try:
            with self.env.cr.savepoint():
                yield
        except Exception as error:  # a template that somebody changed, an address, another addon
            if is_outage(error):
                raise
            _logger.exception("Lead intake: people could not be told of leads %s", self.ids)
