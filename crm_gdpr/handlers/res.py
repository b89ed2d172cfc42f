"""Contacts, users, and what belongs to them."""

from odoo.tools import SQL

from ..engine.treatments import EMPTY, LOGIN, SCRUB, keep
from .base import Handler, Plain, Reason

SECRETS = ("password", "totp_secret", "oauth_uid", "oauth_access_token", "out_of_office_message")


class ResPartner(Handler):
    """The contact: its fields as the company chose, archived, and marked."""

    model = "res.partner"
    sequence = 95
    no_links = ("parent_id", "commercial_partner_id", "user_id")

    def erase(self, run, rows):
        run.rewrite(self.model, {row_id: row for row_id, row in rows.items() if row.is_own or row.is_swept})
        own = [row_id for row_id, row in rows.items() if row.is_own]
        run.env.cr.execute(
            SQL(
                """
                UPDATE res_partner
                   SET active = FALSE, gdpr_state = COALESCE(gdpr_state, 'anonymised'),
                       gdpr_date = COALESCE(gdpr_date, now() AT TIME ZONE 'UTC')
                 WHERE id = ANY(%s) AND (active OR gdpr_state IS NULL)
                """,
                own,
            )
        )


class ResUsers(Handler):
    """The account: nobody's login, no password, and closed."""

    model = "res.users"
    sequence = 90
    own_links = ("partner_id",)
    fields = {"login": LOGIN, "signature": EMPTY, "out_of_office_message": EMPTY, "call_extension": EMPTY}
    export_fields = ("login", "signature", "notification_type", "share", "create_date", "login_date")

    def erase(self, run, rows):
        run.rewrite(self.model, {row_id: row for row_id, row in rows.items() if row.is_own or row.is_swept})
        rows = [row_id for row_id, row in rows.items() if row.is_own]
        columns = [name for name in SECRETS if name in run.columns.types["res_users"]]
        emptied = SQL(", ").join(SQL("%s = NULL", SQL.identifier(name)) for name in columns)
        run.env.cr.execute(SQL("UPDATE res_users SET active = FALSE, %s WHERE id = ANY(%s)", emptied, rows))
        # sessions of a user that is archived end by themselves; their files are removed
        run.env.registry.clear_cache()


class ResDeviceLog(Plain):
    """Where and with what a user signed in; it names the sessions, which end."""

    model = "res.device.log"
    own_links = ("user_id",)
    export_fields = (
        "first_activity", "last_activity", "ip_address", "country", "city", "device_type", "platform", "browser",
        "revoked",
    )  # fmt: skip

    def erase(self, run, rows):
        table = SQL.identifier(run.env[self.model]._table)
        run.env.cr.execute(SQL("SELECT session_identifier FROM %s WHERE id = ANY(%s)", table, list(rows)))
        run.sessions |= {identifier for (identifier,) in run.env.cr.fetchall() if identifier}
        return super().erase(run, rows)


class ResUsersApikeys(Plain):
    model = "res.users.apikeys"
    export_links = ("user_id",)
    export_fields = ("name", "scope", "create_date", "expiration_date")


class AuthTotpDevice(Plain):
    model = "auth_totp.device"
    export_links = ("user_id",)
    export_fields = ("name", "scope", "create_date", "expiration_date")


class AuthPasskeyKey(Plain):
    """A passkey is the user's who made it."""

    model = "auth.passkey.key"
    no_links = ("create_uid",)
    export_fields = ("name", "create_date")

    def find(self, run):
        """A key is of who made it."""
        users = run.found.own("res.users")
        run.env.cr.execute(SQL("SELECT id, create_uid FROM auth_passkey_key WHERE create_uid = ANY(%s)", list(users)))
        for row_id, user_id in run.env.cr.fetchall():
            run.found.follow(self.model, row_id, users[user_id], "create_uid", is_own=True)


class ResUsersSettings(Plain):
    model = "res.users.settings"
    export_links = ("user_id",)


class ResUsersSettingsVolumes(Plain):
    model = "res.users.settings.volumes"
    is_exported = False


class ResPartnerIap(Plain):
    model = "res.partner.iap"
    export_links = ("partner_id",)


class ResPartnerBank(Handler):
    """A bank account goes, unless a posted payment names it; where something else names it, its number goes."""

    model = "res.partner.bank"
    own_links = ("partner_id",)
    is_plain = True  # Odoo would archive it
    has_documents = False
    fields = {"acc_number": EMPTY, "sanitized_acc_number": EMPTY, "acc_holder_name": EMPTY, "note": EMPTY}

    def get_kept(self, run, rows):
        if "account.payment" not in run.env.registry:
            return {}
        run.env.cr.execute(
            SQL(
                """
                SELECT payment.partner_bank_id, payment.company_id, max(payment.date)
                  FROM account_payment payment
                 WHERE payment.partner_bank_id = ANY(%s) AND payment.state NOT IN ('draft', 'canceled', 'rejected')
                 GROUP BY 1, 2
                """,
                list(rows),
            )
        )
        kept = {}
        for bank_id, company_id, day in run.env.cr.fetchall():
            until = run.settings.get_fiscal_until(company_id, day)
            reason = kept.get(bank_id)
            kept[bank_id] = Reason("bank_account", max(until, reason.until) if reason else until)
        return {bank_id: reason for bank_id, reason in kept.items() if not run.is_over(reason)}

    def get_deleted(self, run, rows):
        return set(rows) - run.columns.find_referenced("res_partner_bank", list(rows))


class ResCompany(Handler):
    """A company is no person; its own contact is never anonymised."""

    model = "res.company"
    no_links = ("partner_id",)
    is_exported = False


class ResGroups(Handler):
    model = "res.groups"
    fields = {"*": keep("settings of the company")}
    is_exported = False


class ResPartnerCategory(Handler):
    """A tag is the company's word, which may name the person all the same."""

    model = "res.partner.category"
    no_links = ("partner_ids",)
    involved_text = SCRUB
    is_exported = False
