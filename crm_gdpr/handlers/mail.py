"""What people wrote, and how it was sent. Other people's messages stay, without what identifies the person."""

from odoo.tools import SQL

from ..access import messages
from ..engine.treatments import EMPTY, SCRUB, keep, replace
from .base import SWEEP, Handler, Plain, Reason

ADDRESS_TEXTS = {"email_from": SCRUB, "reply_to": SCRUB}
PERSONAL_TRACKING = ("char", "text", "html")


class MailMessage(Handler):
    """The person's own messages on their own records are emptied; out of all others they are taken."""

    model = "mail.message"
    sequence = 60
    is_owned_by_document = False
    no_links = ("notified_partner_ids", "starred_partner_ids")
    has_documents = False
    fields = {
        "body": (replace("<p>…</p>"), SCRUB),
        "subject": SCRUB,
        "email_from": (EMPTY, SCRUB),
        "reply_to": (EMPTY, SCRUB),
        "message_id": SCRUB,  # a random number, at the domain of who wrote it
        "email_layout_xmlid": keep("the name of a layout"),
    }
    is_work = True
    export_fields = messages.FIELDS

    def find_last(self, run):
        """Which of the person's messages are on the person's own records, or on none."""
        authored = {row_id: row for row_id, row in run.found.get(self.model).items() if "author_id" in row.links}
        if not authored:
            return
        run.env.cr.execute(
            SQL("SELECT id, author_id, model, res_id FROM mail_message WHERE id = ANY(%s)", list(authored))
        )
        partners = run.found.own("res.partner")
        for row_id, author_id, model, res_id in run.env.cr.fetchall():
            authors = partners[author_id].owners
            document = run.found.get(model).get(res_id) if model else None
            authored[row_id].owners |= authors if not model else authors & document.owners if document else set()

    def choose_export(self, selection, rows):
        return messages.choose(selection, rows)

    def get_export(self, export, ids):
        return messages.read(export, ids)

    def get_kept(self, run, rows):
        """Odoo locks the log of what was booked where a company's audit trail is restrictive."""
        return _keep_locked(run, rows, {row_id: row_id for row_id in rows})

    def erase(self, run, rows):
        kept = self.get_kept(run, rows)
        held = {row_id: rows[row_id] for row_id in kept}
        fields = run.rewrite(self.model, held, is_kept=True)
        run.keep(self.model, {row_id: held[row_id] for row_id in fields}, kept, fields)
        run.kept_rows[self.model].update(kept)
        run.rewrite(self.model, {row_id: row for row_id, row in rows.items() if row_id not in kept})


def _keep_locked(run, rows, message_of):
    """Reasons of rows whose messages are locked: ``{row id: Reason}``.

    :param dict message_of: message's id by row's id
    """
    ends = _find_locked(run, set(message_of.values()))
    kept = {}
    for row_id, message_id in message_of.items():
        if own := ends.get(message_id):
            until = max(own, run.get_fiscal_until(rows[row_id].persons) or own)
            kept[row_id] = Reason("audit_trail", until)
    return {row_id: reason for row_id, reason in kept.items() if not run.is_over(reason)}


def _find_locked(run, ids):
    """Messages that Odoo locks, with the end of the period of what they were written about: ``{id: date}``."""
    if "account_audit_log_restricted" not in run.env["mail.message"]._fields:
        return {}
    # read for the officer, who need not be an accountant
    env = run.env(su=True)
    locked = env["mail.message"].search([("id", "in", list(ids)), ("account_audit_log_restricted", "=", True)])
    companies = env["res.company"].search([("restrictive_audit_trail", "=", True)]).ids
    env.cr.execute(
        SQL(
            """
            SELECT message.id, greatest(message.date::date, move.date), move.company_id
              FROM mail_message message
              LEFT JOIN account_move move ON message.model = 'account.move' AND move.id = message.res_id
             WHERE message.id = ANY(%s)
            """,
            locked.ids,
        )
    )
    return {
        row_id: max(run.settings.get_fiscal_until(each, day) for each in ([company_id] if company_id else companies))
        for row_id, day, company_id in env.cr.fetchall()
    }


class MailTrackingValue(Handler):
    """Changes that were noted: of the person's own fields, and the person's name wherever a contact was changed."""

    model = "mail.tracking.value"
    sequence = 61
    has_documents = False
    fields = {
        "old_value_char": (EMPTY, SCRUB),
        "new_value_char": (EMPTY, SCRUB),
        "old_value_text": (EMPTY, SCRUB),
        "new_value_text": (EMPTY, SCRUB),
        "field_info": keep("the name of a field"),
    }
    is_exported = False  # told with the message

    def find_last(self, run):
        messages = run.found.get("mail.message")
        run.env.cr.execute(
            SQL(
                """
                SELECT value.id, value.mail_message_id, message.model, message.res_id, field.name
                  FROM mail_tracking_value value
                  JOIN mail_message message ON message.id = value.mail_message_id
                  LEFT JOIN ir_model_fields field ON field.id = value.field_id
                 WHERE value.mail_message_id = ANY(%s)
                """,
                list(messages),
            )
        )
        for row_id, message_id, model, res_id, field in run.env.cr.fetchall():
            document = run.found.get(model).get(res_id) if model else None
            is_own = bool(document and document.is_own and self._is_personal(run, model, field))
            run.found.follow(self.model, row_id, document if is_own else messages[message_id], is_own=is_own)
        self._find_by_contact(run)

    @staticmethod
    def _is_personal(run, model, field):
        column = run.policy.get_columns(model).get(field)
        return field is None or bool(column and column.own.kind != "keep")

    def _find_by_contact(self, run):
        """A change of a contact keeps its id and its name, on whatever document."""
        partners = run.found.own("res.partner")
        run.env.cr.execute(
            SQL(
                """
                SELECT value.id, value.old_value_integer, value.new_value_integer FROM mail_tracking_value value
                 WHERE value.field_id IN (SELECT id FROM ir_model_fields
                                           WHERE relation = 'res.partner' AND ttype = 'many2one')
                   AND (value.old_value_integer = ANY(%(ids)s) OR value.new_value_integer = ANY(%(ids)s))
                """,
                ids=list(partners),
            )
        )
        for row_id, *sides in run.env.cr.fetchall():
            for partner_id in sides:
                if partner_id in partners:
                    run.found.follow(self.model, row_id, partners[partner_id], is_own=False)

    def get_kept(self, run, rows):
        """What hangs on a message that is locked stays with it, also where nothing but the value was found."""
        run.env.cr.execute(SQL("SELECT id, mail_message_id FROM mail_tracking_value WHERE id = ANY(%s)", list(rows)))
        message_of = dict(run.env.cr.fetchall())
        return _keep_locked(run, rows, message_of)

    def erase(self, run, rows):
        kept = self.get_kept(run, rows)
        held = {row_id: rows[row_id] for row_id in kept}
        fields = run.rewrite(self.model, held, is_kept=True)
        run.keep(self.model, {row_id: held[row_id] for row_id in fields}, kept, fields)
        run.rewrite(self.model, {row_id: row for row_id, row in rows.items() if row_id not in kept})


class MailMail(Handler):
    """An e-mail to the person alone goes, sent or not; out of others their address and name are taken."""

    model = "mail.mail"
    sequence = 62
    has_documents = False
    is_plain = True
    fields = {"references": SCRUB}
    is_exported = False  # told with the message

    def find_last(self, run):
        messages = run.found.get("mail.message")
        run.env.cr.execute(
            SQL("SELECT id, mail_message_id FROM mail_mail WHERE mail_message_id = ANY(%s)", list(messages))
        )
        for row_id, message_id in run.env.cr.fetchall():
            run.found.follow(self.model, row_id, messages[message_id], is_own=False)

    def get_deleted(self, run, rows):
        run.env.cr.execute(
            SQL(
                """
                SELECT mail.id, mail.email_to, mail.email_cc,
                       array_agg(recipient.res_partner_id) FILTER (WHERE recipient.res_partner_id IS NOT NULL)
                  FROM mail_mail mail
                  LEFT JOIN mail_mail_res_partner_rel recipient ON recipient.mail_mail_id = mail.id
                 WHERE mail.id = ANY(%s) GROUP BY mail.id
                """,
                list(rows),
            )
        )
        partners = run.found.own("res.partner")
        return {
            row_id
            for row_id, to, copy, recipients in run.env.cr.fetchall()
            if self._is_theirs(rows[row_id], to, copy, recipients or [], partners)
        }

    @staticmethod
    def _is_theirs(row, to, copy, recipients, partners):
        if any(partner_id not in partners for partner_id in recipients):
            return False
        addressed = [address for address in f"{to or ''},{copy or ''}".split(",") if address.strip()]
        return bool(recipients or addressed) and all(
            any(person.matcher.find(address) for person in row.persons) for address in addressed
        )


class MailNotification(Handler):
    model = "mail.notification"
    own_links = ("res_partner_id",)
    has_documents = False
    fields = {"mail_email_address": (EMPTY, SCRUB), "sms_number": (EMPTY, SCRUB), "failure_reason": SCRUB}
    is_work = True
    export_fields = (
        "mail_message_id", "notification_type", "notification_status", "mail_email_address", "sms_number", "read_date",
        "failure_reason",
    )  # fmt: skip

    def find_last(self, run):
        """Whom a text message was sent to that has no contact: it is found by what was sent."""
        messages = run.found.get("mail.message")
        run.env.cr.execute(
            SQL(
                "SELECT id, mail_message_id FROM mail_notification"
                " WHERE mail_message_id = ANY(%s) AND res_partner_id IS NULL",
                list(messages),
            )
        )
        for row_id, message_id in run.env.cr.fetchall():
            run.found.follow(self.model, row_id, messages[message_id], is_own=False)


class MailMessageReaction(Handler):
    model = "mail.message.reaction"
    has_documents = False
    is_work = True
    export_links = ("partner_id",)
    export_fields = ("message_id", "content")


class MailGuest(Handler):
    """Who came into a talk by a link, with an address of the person."""

    model = "mail.guest"
    export_fields = ("name", "email", "country_id", "lang", "timezone", "create_date")

    def find(self, run):
        by_email = run.by_value("emails")
        run.env.cr.execute(SQL("SELECT id, lower(email) FROM mail_guest WHERE lower(email) = ANY(%s)", list(by_email)))
        for row_id, email in run.env.cr.fetchall():
            for person in by_email[email]:
                run.found.add(self.model, row_id, person, "email", is_own=True)


class MailFollowers(Plain):
    """The person follows nothing any more; who follows the person's records goes on."""

    model = "mail.followers"
    no_links = ("res_id",)
    is_work = True
    export_links = ("partner_id",)
    export_fields = ("res_model", "res_id")


class MailActivity(Handler):
    """What colleagues had to do stays in their lists, without the person."""

    model = "mail.activity"
    sequence = 55
    export_fields = (
        "activity_type_id", "summary", "note", "feedback", "date_deadline", "date_done", "user_id", "create_date",
    )  # fmt: skip


class MailScheduledMessage(Handler):
    """A message that waits to be sent to the person is not sent."""

    model = "mail.scheduled.message"
    is_work = True
    export_links = ("partner_ids",)
    export_fields = ("scheduled_date", "subject", "body")

    def get_deleted(self, run, rows):
        run.env.cr.execute(
            SQL(
                """
                SELECT message.id FROM mail_scheduled_message message WHERE message.id = ANY(%s) AND NOT EXISTS (
                    SELECT FROM mail_scheduled_message_res_partner_rel recipient
                     WHERE recipient.mail_scheduled_message_id = message.id
                       AND NOT recipient.res_partner_id = ANY(%s))
                """,
                list(rows),
                list(run.found.own("res.partner")),
            )
        )
        alone = {row_id for (row_id,) in run.env.cr.fetchall()}
        return alone | {row_id for row_id, row in rows.items() if row.is_own}


class MailMessageTranslation(Plain):
    """Made again when somebody asks for it."""

    model = "mail.message.translation"
    is_exported = False

    def find_last(self, run):
        messages = run.found.get("mail.message")
        run.env.cr.execute(
            SQL("SELECT id, message_id FROM mail_message_translation WHERE message_id = ANY(%s)", list(messages))
        )
        for row_id, message_id in run.env.cr.fetchall():
            run.found.follow(self.model, row_id, messages[message_id], is_own=False)


class MailPushDevice(Plain):
    model = "mail.push.device"
    export_links = ("partner_id",)
    export_fields = ("create_date", "expiration_time")


class MailPresence(Plain):
    model = "mail.presence"
    export_links = ("user_id",)


class DiscussChannelRtcSession(Plain):
    model = "discuss.channel.rtc.session"
    is_exported = False


class DiscussChannel(Handler):
    """A talk with the person: its messages are treated; a channel for many is searched only."""

    model = "discuss.channel"
    is_work = True
    is_exported = False  # told of its members and messages

    def find(self, run):
        members = run.found.get("discuss.channel.member")
        run.env.cr.execute(
            SQL(
                """
                SELECT channel.id, member.id FROM discuss_channel channel
                  JOIN discuss_channel_member member ON member.channel_id = channel.id
                 WHERE member.id = ANY(%s) AND channel.channel_type <> 'channel'
                """,
                list(members),
            )
        )
        for channel_id, member_id in run.env.cr.fetchall():
            run.found.follow(self.model, channel_id, members[member_id], is_own=False)


class DiscussChannelMember(Handler):
    model = "discuss.channel.member"
    sequence = 56
    has_documents = False
    is_work = True
    export_links = ("partner_id",)
    export_fields = ("channel_id", "custom_channel_name", "create_date", "last_seen_dt")

    def find_last(self, run):
        """How a colleague calls a talk with the person."""
        channels = run.found.get("discuss.channel")
        run.env.cr.execute(
            SQL("SELECT id, channel_id FROM discuss_channel_member WHERE channel_id = ANY(%s)", list(channels))
        )
        for row_id, channel_id in run.env.cr.fetchall():
            run.found.follow(self.model, row_id, channels[channel_id], is_own=False)


class BusBus(Plain):
    """What was told to browsers, and is thrown away within a day."""

    model = "bus.bus"
    is_log = True
    deleted_by = (SWEEP,)
    is_exported = False
