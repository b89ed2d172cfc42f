from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# What decides whether, and with which rights, a user's calendar is told.
RIGHTS = frozenset(("active", "group_ids", "company_ids", "email"))
OWN_FIELDS = ["calendar_feed_date", "calendar_feed_reminder"]


class ResUsers(models.Model):
    """Everybody makes, renews and revokes the own address; an administrator does so for others."""

    _inherit = "res.users"

    calendar_feed_date = fields.Datetime("Calendar Address Made on", compute="_compute_calendar_feed")
    calendar_feed_reminder = fields.Selection(
        selection=lambda self: self.env["crm.calendar.feed"]._fields["reminder"]._description_selection(self.env),
        string="Reminder in Calendar",
        compute="_compute_calendar_feed",
        inverse="_inverse_calendar_feed_reminder",
        help="Calendar programs that allow it remind you that long before each appointment.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + OWN_FIELDS

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return super().SELF_WRITEABLE_FIELDS + ["calendar_feed_reminder"]

    def write(self, vals):
        """Tell the calendars of users who get other rights, or leave, what they see from now on."""
        if RIGHTS.intersection(vals):
            # sudo: to tell calendars, by the rights of their owners
            rows = self.env["crm.calendar.invitation"].sudo()
            rows.search([("user_id", "in", self.ids)])._touch()
        return super().write(vals)

    @api.depends_context("uid")
    def _compute_calendar_feed(self):
        # sudo: that there is an address, not which; and only one's own, or as an administrator
        allowed = self if self._may_manage_feeds() else self & self.env.user
        feeds = self.env["crm.calendar.feed"].sudo().search([("user_id", "in", allowed.ids), ("digest", "!=", False)])
        feeds = feeds.grouped("user_id")
        for user in self:
            feed = feeds.get(user._origin)
            user.calendar_feed_date = feed and feed.date_made
            user.calendar_feed_reminder = feed and feed.reminder

    def _inverse_calendar_feed_reminder(self):
        self._check_manages_feed()
        # sudo: checked above
        feeds = self.env["crm.calendar.feed"].sudo().search([("user_id", "in", self.ids)]).grouped("user_id")
        for user in self:
            if user in feeds and user.calendar_feed_reminder:
                feeds[user].reminder = user.calendar_feed_reminder

    def _may_manage_feeds(self):
        return self.env.su or self.env.user.has_group("base.group_erp_manager")

    def _check_manages_feed(self):
        if self != self.env.user and not self._may_manage_feeds():
            raise AccessError(self.env._("Only an administrator manages the calendar addresses of others."))

    def action_make_calendar_feed(self):
        """Make a secret address for the user's calendar, in place of the one there was.

        :return: an action that shows the address, once
        :raise UserError: the user is none who works with Odoo
        """
        self.ensure_one()
        self._check_manages_feed()
        if self.share or not self.active:
            raise UserError(self.env._("%(name)s is no internal user.", name=self.name))
        # sudo: checked above
        address = self.env["crm.calendar.feed"].sudo()._make(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Calendar Address"),
            "res_model": "crm.calendar.feed.address",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_address": address},
        }

    def action_revoke_calendar_feed(self):
        """Make the address worthless at once."""
        self._check_manages_feed()
        # sudo: checked above
        self.env["crm.calendar.feed"].sudo().search([("user_id", "in", self.ids)]).unlink()
        return {"type": "ir.actions.client", "tag": "soft_reload"}
