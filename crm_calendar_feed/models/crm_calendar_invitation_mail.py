from odoo import Command, api, fields, models
from odoo.tools import email_normalize, format_date, format_datetime

from ..tools import ics

# That many changes at once go out as an e-mail each; of more a user gets one, with all of them.
SINGLE_MAILS = 5
# Of more cancellations at once a file each would be too many.
CANCEL_FILES = 50


class CrmCalendarInvitation(models.Model):
    """The e-mails that calendar programs take appointments out of: iMIP, RFC 6047."""

    _inherit = "crm.calendar.invitation"

    @api.model
    def _send_news(self, news):
        """Send what is new, in few e-mails.

        :param news: dicts of ``_get_news``
        """
        per_user = {}
        for item in news:
            per_user.setdefault(item["user"], []).append(item)
        values = []
        for user, items in per_user.items():
            together = [items] if len(items) > SINGLE_MAILS else [[item] for item in items]
            values += [self._prepare_mail(user, group) for group in together]
        if values:
            self.env["mail.mail"].create(values).send_after_commit()

    @api.model
    def _prepare_mail(self, user, items):
        own = self.env["crm.calendar.feed"].new({"user_id": user.id})._for_owner()
        subject = self._mail_subject(own.env, items)
        sender = user.company_id.email_formatted or self.env.user.company_id.email_formatted or user.email_formatted
        body = own.env["ir.qweb"]._render(
            "crm_calendar_feed.invitation_mail",
            {
                "items": [{**item, "when": self._when(own.env, item)} for item in items],
                "is_cancelled": items[0]["method"] == "CANCEL",
            },
            minimal_qcontext=True,
        )
        return {
            "subject": subject,
            "body_html": body,
            "email_from": sender,
            "email_to": user.email_formatted,
            "reply_to": sender,
            "author_id": user.company_id.partner_id.id,
            "auto_delete": True,
            "attachment_ids": [
                Command.create(self._prepare_attachment(user, group, method, sender, number))
                for number, (method, group) in enumerate(self._group_files(items))
            ],
        }

    @api.model
    def _group_files(self, items):
        """What goes into one file: a request or a cancellation is about one record (RFC 5546, section 3.2).

        :return: a list of pairs of a method and items
        """
        cancelled = [item for item in items if item["method"] == "CANCEL"]
        if len(cancelled) > CANCEL_FILES:
            return [("PUBLISH", items)]
        others = [item for item in items if item["method"] != "CANCEL"]
        together = [("REQUEST" if len(others) == 1 else "PUBLISH", others)] if others else []
        return together + [("CANCEL", [item]) for item in cancelled]

    @api.model
    def _prepare_attachment(self, user, items, method, sender, number):
        return {
            "name": f"invitation-{number + 1}.ics" if number else "invitation.ics",
            "raw": self._file(user, items, method, sender).encode(),
            "mimetype": f"text/calendar; method={method}; charset=utf-8",
            # Deleted with the message, which is when it has been sent.
            "res_model": "mail.message",
        }

    @api.model
    def _mail_subject(self, env, items):
        if len(items) > 1:
            return env._("%(number)s changes for your calendar", number=len(items))
        [item] = items
        when = self._when(env, item)
        if item["method"] == "CANCEL":
            return env._("Cancelled: your appointment of %(when)s", when=when)
        return env._("%(subject)s, %(when)s", subject=item["title"], when=when)

    @api.model
    def _when(self, env, item):
        if item["is_allday"]:
            return format_date(env, item["start"].date())
        return format_datetime(env, item["start"], tz=env.context.get("tz"), dt_format="short")

    @api.model
    def _file(self, user, items, method, sender):
        """The file of an e-mail.

        The organizer is the company that sends it and the only one invited is who gets it: calendars do not take in
        what one invites oneself to, and answers would go to the participants, who were invited by Odoo already.
        """
        stamp = ics.utc(fields.Datetime.now())
        organizer = ics.quoted(user.company_id.name)
        people = [f"ORGANIZER;CN={organizer}:mailto:{email_normalize(sender)}"]
        if method != "PUBLISH":  # in which nobody takes part, section 3.2.1
            people.append(
                f"ATTENDEE;CN={ics.quoted(user.name)};ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE"
                f":mailto:{user.email_normalized}"
            )
        parts = [list(ics.time_zone(zone)) for zone in sorted({zone for item in items for zone in item["zones"]})]
        for item in items:
            head = [f"UID:{item['row'].uid}", f"DTSTAMP:{stamp}", f"SEQUENCE:{item['row'].sequence}", *people]
            state = [] if item["method"] == "CANCEL" else ["STATUS:CONFIRMED"]
            parts += [ics.component("VEVENT", [*head, *lines, *state]) for lines in item["parts"]]
        return ics.calendar(parts, [f"METHOD:{method}"])
