from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, get_lang

from .res_users_settings import TOKENS

# How often a user's contacts are looked at.
INTERVAL = timedelta(hours=1)
A_MOMENT = timedelta(seconds=1)
# After what went wrong: longer each time, up to a day.
FIRST_DELAY, LONGEST_DELAY = timedelta(minutes=10), timedelta(days=1)
ERRORS = [
    ("throttled", "Microsoft asks to wait"),
    ("network", "Microsoft was not reached"),
    ("server", "Microsoft could not do it"),
    ("grant", "Microsoft does not let Odoo in any more"),
    ("refused", "Microsoft refuses the access to contacts"),
    ("client", "Microsoft does not know Odoo's application"),
]
# Only the user can mend it, by connecting anew.
BROKEN = ("grant", "refused")


class CrmOutlookConnection(models.Model):
    """That a user has the own contacts in Outlook: in which folder, what was done last, when it goes on.

    Written by the server alone. Tokens are with the user's settings.
    """

    _name = "crm.outlook.connection"
    _description = "Connection to Outlook Contacts"
    _rec_name = "user_id"

    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="cascade", index=True)
    state = fields.Selection(
        [("on", "Connected"), ("broken", "Not Connected Any More"), ("leaving", "Being Switched Off")],
        required=True,
        readonly=True,
        default="on",
    )
    folder_ref = fields.Char(readonly=True, groups=fields.NO_ACCESS, export_string_translation=False)
    next_sync = fields.Datetime(readonly=True, required=True, default=fields.Datetime.now)
    turn_on = fields.Datetime(readonly=True, groups=fields.NO_ACCESS, export_string_translation=False)
    last_sync = fields.Datetime(readonly=True)
    is_running = fields.Boolean(readonly=True, help="More than fits into one turn of the job.")
    # Of what is running; those of the last time that it was done completely are below.
    turn_counts = fields.Json(readonly=True, groups=fields.NO_ACCESS, export_string_translation=False)
    created_count = fields.Integer("Added", readonly=True)
    updated_count = fields.Integer("Changed", readonly=True)
    removed_count = fields.Integer("Removed", readonly=True)
    error = fields.Selection(ERRORS, readonly=True)
    failures = fields.Integer(readonly=True, groups=fields.NO_ACCESS, export_string_translation=False)

    _user_unique = models.UniqueIndex("(user_id)")

    @api.model
    def _connect(self, user, access_token, refresh_token, seconds):
        """Begin, or go on, to keep a user's contacts in step.

        :param user: ``res.users``
        :param int seconds: how long the token is good
        """
        self.env["res.users.settings"]._find_or_create_for_user(user).sudo().write(
            {
                "outlook_contacts_rtoken": refresh_token,
                "outlook_contacts_token": access_token,
                "outlook_contacts_token_validity": fields.Datetime.now() + timedelta(seconds=seconds or 0),
            }
        )
        values = {"state": "on", "error": False, "failures": 0, "next_sync": fields.Datetime.now()}
        connection = self.search([("user_id", "=", user.id)])
        if connection:
            connection.write(values)
        else:
            self.create({"user_id": user.id, **values})
        self._wake()

    @api.model
    def _wake(self, at=None):
        # sudo: the job is woken by whoever changes something
        self.env.ref("crm_mailplugin_contacts.ir_cron_sync").sudo()._trigger(at)

    def _hurry(self):
        """Look at these as soon as the job can, but not before the time until which Microsoft asks to wait."""
        waiting = Domain("error", "=", "throttled") & Domain("next_sync", ">", fields.Datetime.now())
        hurried = self - self.filtered_domain(waiting)
        hurried.next_sync = fields.Datetime.now()
        if hurried:
            self._wake()
        return hurried

    def _switch_off(self, is_removed):
        """End it: with the folder at Outlook, which the job removes, or without it.

        :param bool is_removed: whether the contacts are removed there
        """
        if is_removed:
            self.state = "leaving"
            self._hurry().write({"error": False, "failures": 0})
        else:
            self._forget()

    def _forget(self):
        """Leave nothing of it here: no token, no link."""
        self.env["crm.outlook.contact"].search([("user_id", "in", self.user_id.ids)]).unlink()
        self.user_id.res_users_settings_ids.sudo().write(dict.fromkeys(TOKENS, False))
        self.unlink()

    @api.model
    def _hurry_users_of(self, link_ids):
        """Have contacts removed that are no business of anybody any more, as those of who was anonymised.

        In SQL: by who takes part in a transaction that writes nothing by the ORM.

        :param list link_ids: of ``crm.outlook.contact``
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_outlook_connection SET next_sync = %(now)s
                 WHERE (next_sync <= %(now)s OR error IS DISTINCT FROM 'throttled')
                   AND user_id IN (SELECT user_id FROM crm_outlook_contact WHERE id = ANY(%(ids)s))
                """,
                now=fields.Datetime.now(),
                ids=link_ids,
            )
        )
        self._wake()

    def _begin_turn(self):
        """Stay due, at a time that nobody else sets: what is asked for from now on is seen by it."""
        now = fields.Datetime.now()
        self.write({"turn_on": now, "next_sync": now - A_MOMENT})

    def _is_asked_again(self):
        """Whether somebody wants another turn since this one began."""
        return self.next_sync != self.turn_on - A_MOMENT

    # ------------------------------------------------------------
    # What went wrong
    # ------------------------------------------------------------

    def _note_stop(self, stop):
        """Put the user's next turn off, or wait until the user connects anew."""
        self = self.exists()  # it may be switched off by now
        now = fields.Datetime.now()
        values = {"error": stop.code, "failures": self.failures + 1}
        if stop.code in BROKEN:
            values["state"] = "broken"
            self.user_id.res_users_settings_ids.sudo().write(
                {"outlook_contacts_rtoken": False, "outlook_contacts_token": False}
            )
        delay = min(FIRST_DELAY * 2 ** min(self.failures, 10), LONGEST_DELAY)
        if stop.wait:
            delay = timedelta(seconds=stop.wait)
        self.write({**values, "next_sync": now + delay})

    # ------------------------------------------------------------
    # As its user
    # ------------------------------------------------------------

    def _for_owner(self):
        """The environment of the user: rights, companies and language are theirs."""
        self.ensure_one()
        user = self.user_id
        companies = [user.company_id.id, *(user.company_ids - user.company_id).ids]
        lang = user.lang or get_lang(self.env).code
        return self.with_user(user).with_context(allowed_company_ids=companies, lang=lang).env
