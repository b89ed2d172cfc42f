from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime

from .microsoft_service import FOR_CONTACTS

OWN_FIELDS = [
    "outlook_contacts_state",
    "outlook_contacts_count",
    "outlook_contacts_failed_count",
    "outlook_contacts_last",
    "outlook_contacts_error",
]


class ResUsers(models.Model):
    """Everybody connects the own Outlook, and nobody that of another one."""

    _inherit = "res.users"

    outlook_contacts_state = fields.Selection(
        [
            ("missing", "Not Set Up"),
            ("off", "Not Connected"),
            ("on", "Connected"),
            ("broken", "Not Connected Any More"),
            ("leaving", "Being Switched Off"),
        ],
        "Outlook Contacts",
        compute="_compute_outlook_contacts",
    )
    outlook_contacts_count = fields.Integer("Contacts in Outlook", compute="_compute_outlook_contacts")
    outlook_contacts_failed_count = fields.Integer("Refused by Outlook", compute="_compute_outlook_contacts")
    outlook_contacts_last = fields.Char("Last Synchronized", compute="_compute_outlook_contacts")
    outlook_contacts_error = fields.Char("Outlook Problem", compute="_compute_outlook_contacts")

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + OWN_FIELDS

    @api.depends_context("uid", "lang", "tz")
    def _compute_outlook_contacts(self):
        own = self & self.env.user
        self.update(dict.fromkeys(OWN_FIELDS, False))
        for user in own:
            connection = user._get_outlook_connection()
            is_enabled = self.env["microsoft.service"]._is_contacts_enabled()
            user.outlook_contacts_state = connection.state or ("off" if is_enabled else "missing")
            counts = dict(user._read_outlook_counts())
            user.outlook_contacts_count = counts.get("sent", 0)
            user.outlook_contacts_failed_count = counts.get("failed", 0)
            user.outlook_contacts_last = user._describe_outlook_sync(connection)
            user.outlook_contacts_error = user._describe_outlook_error(connection)

    def _get_outlook_connection(self):
        self.ensure_one()
        # sudo: users see what is said here about their own, and change it by the buttons alone
        return self.env["crm.outlook.connection"].sudo().search([("user_id", "=", self._origin.id)])

    def _read_outlook_counts(self):
        links = self.env["crm.outlook.contact"].sudo()  # sudo: how many, of one's own
        return links._read_group([("user_id", "=", self._origin.id)], ["state"], ["__count"])

    def _describe_outlook_sync(self, connection):
        """Say when it was done last and what, of the last time that it was done completely."""
        is_complete = connection.last_sync and not connection.is_running
        if connection and not is_complete and not connection.error:
            return self.env._("In progress: this takes some minutes the first time.")
        if not connection.last_sync:
            return False
        return self.env._(
            "%(date)s: %(created)s added, %(updated)s changed, %(removed)s removed",
            date=format_datetime(self.env, connection.last_sync, dt_format="short"),
            created=connection.created_count,
            updated=connection.updated_count,
            removed=connection.removed_count,
        )

    def _describe_outlook_error(self, connection):
        """Say what went wrong and what is to be done about it."""
        if not connection.error:
            return False
        date = format_datetime(self.env, connection.next_sync, dt_format="short")
        words = {
            "throttled": self.env._("Microsoft asks to wait. Odoo goes on by itself at %(date)s.", date=date),
            "network": self.env._("Microsoft could not be reached. Odoo tries again at %(date)s.", date=date),
            "server": self.env._("Microsoft could not do all of it. Odoo tries again at %(date)s.", date=date),
            "grant": self.env._("Microsoft does not let Odoo in any more. Connect Outlook again to go on."),
            "refused": self.env._(
                "Microsoft refuses the access to your contacts: the account has no mailbox, or your company does not"
                " allow it. Ask who administers Microsoft 365, then connect again."
            ),
            "client": self.env._(
                "Microsoft does not accept Odoo's application any more. Tell an administrator of Odoo: its secret may"
                " have expired."
            ),
        }
        return words[connection.error]

    # ------------------------------------------------------------
    # The buttons
    # ------------------------------------------------------------

    def _get_outlook_contacts_problem(self):
        """Why this user cannot have contacts in Outlook; nothing where nothing is in the way."""
        self.ensure_one()
        if not self._is_with_outlook_contacts():
            return self.env._("Only salespeople have their customers in Outlook.")
        if not self.env["microsoft.service"]._is_contacts_enabled():
            return self.env._("An administrator has to set up contacts to Outlook in the settings of the CRM first.")
        return ""

    def _is_with_outlook_contacts(self):
        """Whether this user is one of those who may have customers in their Outlook."""
        return self.active and not self.share and self.has_group("sales_team.group_sale_salesman")

    def _get_outlook_removal_problem(self):
        """Why the contacts of this user cannot be removed from Outlook; nothing where nothing is in the way."""
        if self._get_outlook_connection().state == "broken":
            return self.env._(
                "Odoo cannot reach your Outlook now: the contacts can only stay there. To have them removed, connect"
                " again first."
            )
        return ""

    def _check_own_outlook(self):
        if self != self.env.user:
            raise AccessError(self.env._("Everybody connects their own Outlook, and nobody that of others."))

    def action_connect_outlook_contacts(self):
        """Go to Microsoft and allow Odoo the access to contacts, or do so again.

        :return: an action that leads there
        :raise AccessError: it is somebody else
        :raise UserError: contacts to Outlook are not set up, or not for this user
        """
        self._check_own_outlook()
        if problem := self._get_outlook_contacts_problem():
            raise UserError(problem)
        return {"type": "ir.actions.act_url", "url": "/outlook_contacts/connect", "target": "self"}

    def action_sync_outlook_contacts(self):
        """Bring Outlook in step as soon as possible: in the background, so that nobody waits for it.

        :return: an action that says so
        :raise AccessError: it is somebody else
        :raise UserError: Microsoft asked to wait, or nothing is connected
        """
        self._check_own_outlook()
        connection = self._get_outlook_connection()
        if connection.state != "on":
            raise UserError(self.env._("Outlook is not connected."))
        if not connection._hurry():
            raise UserError(self._describe_outlook_error(connection))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._("Your contacts are being brought to Outlook. Here you will see what was done."),
            },
        }

    def action_open_outlook_refused(self):
        """List the own contacts that Outlook refused.

        :return: an action
        """
        return self.env["ir.actions.act_window"]._for_xml_id("crm_mailplugin_contacts.crm_outlook_contact_action")

    def _disconnect_outlook_contacts(self, is_removed):
        """Switch the own contacts in Outlook off.

        :param bool is_removed: whether they are removed there
        :raise AccessError: it is somebody else
        :raise UserError: they cannot be removed
        """
        self._check_own_outlook()
        if is_removed and (problem := self._get_outlook_removal_problem()):
            raise UserError(problem)
        self._get_outlook_connection()._switch_off(is_removed)

    def _set_microsoft_auth_tokens(self, access_token, refresh_token, ttl):
        """Tokens for contacts are kept apart from those for calendars, which are for something else."""
        if not self.env.context.get(FOR_CONTACTS):
            return super()._set_microsoft_auth_tokens(access_token, refresh_token, ttl)
        if problem := self._get_outlook_contacts_problem():
            raise UserError(problem)
        # sudo: it is the user's own connection, made by the server
        return self.env["crm.outlook.connection"].sudo()._connect(self, access_token, refresh_token, ttl)
