import hashlib
import hmac
import secrets

from odoo import api, fields, models, tools
from odoo.fields import NO_ACCESS
from odoo.tools import SQL


class CrmCalendarFeed(models.Model):
    """The secret address under which a user's calendar subscribes to appointments and follow-ups.

    The token in the address has 256 random bits; only a hash of it is kept, keyed with the secret of the database, so
    that a copy of the table opens nothing.
    """

    _name = "crm.calendar.feed"
    _description = "Calendar Feed"
    _rec_name = "user_id"
    _order = "user_id"

    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="cascade")
    digest = fields.Char(readonly=True, copy=False, groups=NO_ACCESS, export_string_translation=False)
    date_made = fields.Datetime("Made on", readonly=True, required=True, default=fields.Datetime.now)
    reminder = fields.Selection(
        [
            ("0", "None"),
            ("5", "5 minutes before"),
            ("15", "15 minutes before"),
            ("60", "An hour before"),
            ("1440", "A day before"),
        ],
        required=True,
        default="0",
    )

    _user_unique = models.UniqueIndex("(user_id)")
    _digest_unique = models.UniqueIndex("(digest)")

    # ------------------------------------------------------------
    # The address
    # ------------------------------------------------------------

    @api.model
    def _make(self, user):
        """Give a user a new address, which the old one is worthless from then on.

        :param user: ``res.users``
        :return: the address, which is never to be had again
        """
        token = secrets.token_urlsafe(32)
        values = {"digest": self._digest(token), "date_made": fields.Datetime.now()}
        feed = self.search([("user_id", "=", user.id)])
        if feed:
            feed.write(values)
        else:
            self.create({"user_id": user.id, **values})
        return f"{user.get_base_url()}/crm/calendar/{token}.ics"

    @api.model
    def _digest(self, token):
        # sudo: the secret of the database never leaves this method
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        return hmac.new(secret.encode(), f"crm_calendar_feed\0{token}".encode(), hashlib.sha256).hexdigest()

    @api.model
    def _find(self, token):
        """The feed that a token opens, of a user who may still sign in.

        Guessed, revoked, or of somebody who left: always one hash and one search in the same index for it, from which
        nothing can be learnt about the token, since what is compared is its hash.

        :param str token: what was sent
        :return: a ``crm.calendar.feed``, or none
        """
        self.env.cr.execute(
            SQL(
                """
                SELECT feed.id
                  FROM crm_calendar_feed feed
                  JOIN res_users users ON users.id = feed.user_id AND users.active AND NOT users.share
                 WHERE feed.digest = %s
                """,
                self._digest(token),
            )
        )
        return self.browse(row[0] for row in self.env.cr.fetchall())

    def _for_owner(self):
        """The feed with the rights, companies, language and time zone of its owner."""
        self.ensure_one()
        user = self.user_id
        return self.with_user(user).with_context(
            allowed_company_ids=[user.company_id.id, *(user.company_ids - user.company_id).ids],
            lang=user.lang or tools.get_lang(self.env).code,
            tz=user.tz or "UTC",
        )
